#!/bin/sh
# setup.sh [--tests]: installs what is missing to build irqlint (and, with --tests, to test it) on
# Debian 12. Does nothing when nothing is missing; says what it installs; uses sudo when not root.
set -eu
root=$(cd "$(dirname "$0")/.." && pwd)

build_packages="gcc libc6-dev cmake ninja-build pkg-config
    libclang-19-dev libclang-common-19-dev libsqlite3-dev libcjson-dev libxml2-dev libmd4c-html0-dev
    libxxhash-dev check"
test_packages="git clang-19 libclang-rt-19-dev clang-format-19 sqlite3 xz-utils graphviz chromium dpkg-dev"

installed() {
    dpkg-query -W -f='${Status}' "$1" 2>/dev/null | grep -q 'ok installed'
}

missing_of() {
    for package in "$@"; do
        installed "$package" || printf '%s ' "$package"
    done
}

as_root() {
    if [ "$(id -u)" -eq 0 ]; then
        "$@"
    else
        sudo "$@"
    fi
}

install_packages() {
    echo "setup: installing $*"
    as_root apt-get update -q
    as_root env DEBIAN_FRONTEND=noninteractive \
        apt-get install -q -y --no-install-recommends "$@"
}

# The validator of SARIF reports, and what drives a browser; without them these tests are skipped,
# with a line saying so.
install_from_npm() { # FOLDER WHAT
    cd "$root/scripts/$1"
    if [ -n "$(find node_modules -maxdepth 0 -newer package-lock.json 2>/dev/null)" ]; then
        return
    fi
    echo "setup: installing $2 into scripts/$1/node_modules"
    npm ci --no-audit --no-fund --loglevel=error && touch node_modules ||
        echo "setup: npm could not install it; its test will be skipped"
}

tests=no
if [ "${1:-}" = --tests ]; then
    tests=yes
fi
if ! command -v apt-get >/dev/null; then
    echo "setup: this is not a Debian system; needed, by their Debian names:" >&2
    echo "$build_packages $test_packages npm" >&2
    echo "(libclang 19 or later); then: cmake --preset release && cmake --build --preset release" >&2
    exit 1
fi

wanted=$build_packages
if [ $tests = yes ]; then
    wanted="$wanted $test_packages"
    command -v npm >/dev/null || wanted="$wanted npm"
fi
# shellcheck disable=SC2086 # lists of words
missing=$(missing_of $wanted)
if [ -n "$missing" ]; then
    # shellcheck disable=SC2086
    install_packages $missing
fi
if [ $tests = yes ]; then
    install_from_npm sarif "the SARIF validator"
    install_from_npm html "the browser's driver"
fi
