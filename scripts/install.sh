#!/usr/bin/env bash
# Install the system packages that Mote Studio needs and this machine lacks.
#
#   scripts/install.sh run     what `make run` needs
#   scripts/install.sh test    that, and what the tests need (PostgreSQL, Chromium)
#
# As root or through sudo on Debian and Ubuntu; elsewhere it prints what to install and goes on: Mote runs without
# the optional tools and says in the browser what is off.
set -euo pipefail

purpose=${1:-run}
missing=()   # Debian package names
lacking=()   # the same for people on other systems

need() { # need PROGRAM PACKAGE...: the packages that bring PROGRAM, if it is not there
    local program=$1
    shift
    if ! command -v "$program" >/dev/null 2>&1; then
        missing+=("$@")
        lacking+=("$program")
    fi
}

has_c_headers() { printf '#include <stdint.h>\n#include <math.h>\n' | cc -E - >/dev/null 2>&1; }
has_venv() { python3 -c 'import ensurepip, venv' >/dev/null 2>&1; }
has_wasm() {
    local clang
    clang=$(command -v clang || command -v clang-14) || return 1
    printf '#include <math.h>\nfloat f(float x) { return cosf(x); }\n' |
        "$clang" --target=wasm32-wasi -x c -O1 -mexec-model=reactor - -o /dev/null >/dev/null 2>&1
}
has_arm_headers() { printf '#include <string.h>\n' | arm-none-eabi-gcc -E - >/dev/null 2>&1; }
has_postgres() { command -v postgres >/dev/null 2>&1 || compgen -G '/usr/lib/postgresql/*/bin/postgres' >/dev/null; }

need git git
need cc gcc libc6-dev
has_c_headers || missing+=(libc6-dev)
if ! command -v uv >/dev/null 2>&1 && [ ! -x .tools/bin/uv ]; then
    has_venv || { missing+=(python3-venv); lacking+=("python3 venv"); }
fi
need redis-server redis-server
need arm-none-eabi-gcc gcc-arm-none-eabi libnewlib-arm-none-eabi
has_arm_headers || missing+=(libnewlib-arm-none-eabi)
need qemu-system-arm qemu-system-arm
has_wasm || { missing+=(clang lld wasi-libc libclang-rt-dev-wasm32); lacking+=("clang with a wasm32-wasi sysroot"); }
if [ "$purpose" = test ]; then
    has_postgres || { missing+=(postgresql); lacking+=(postgres); }
    need chromium chromium
fi

[ ${#missing[@]} -eq 0 ] && exit 0

command=(apt-get install -y --no-install-recommends "${missing[@]}")
if ! command -v apt-get >/dev/null 2>&1; then
    echo "Mote Studio wants these and does not find them: ${lacking[*]}"
    if [ "$(uname)" = Darwin ]; then
        echo "    xcode-select --install"
        echo "    brew install redis qemu llvm lld wasi-libc wasi-runtimes node"
        echo "    brew install --cask gcc-arm-embedded"
        [ "$purpose" = test ] && echo "    brew install postgresql && brew install --cask chromium"
    fi
    echo "It goes on with what is there."
    exit 0
fi

if [ "$(id -u)" -eq 0 ]; then
    as_root=(env)
elif command -v sudo >/dev/null 2>&1 && { sudo -n true 2>/dev/null || [ -t 0 ]; }; then
    as_root=(sudo env)
else
    echo "Mote Studio wants packages that only root can install. Run this, or go on with what is there:"
    echo "    sudo apt-get update && sudo ${command[*]}"
    exit 0
fi

echo "Installing: ${missing[*]}"
log=$(mktemp)
if ! { "${as_root[@]}" DEBIAN_FRONTEND=noninteractive apt-get update &&
    "${as_root[@]}" DEBIAN_FRONTEND=noninteractive "${command[@]}"; } >"$log" 2>&1; then
    tail -n 20 "$log" >&2
    echo "The packages could not be installed (see above). Mend that, or install by hand and start again:" >&2
    echo "    sudo apt-get update && sudo ${command[*]}" >&2
    rm -f "$log"
    exit 1
fi
rm -f "$log"
