#!/bin/sh
# test.sh: sets up, builds, runs every test. With CI=true also under the sanitizers, every fuzz target
# for a few seconds, and the drivers in Debian's wine sources when they can be had. Fails when
# anything failed.
set -eu
cd "$(dirname "$0")/.."
scripts/setup.sh --tests

build() {
    cmake --preset "$1" >/dev/null
    cmake --build --preset "$1"
}

run_tests() {
    ctest --preset "$1" --timeout 600 -j "$(nproc)"
}

if [ "${CI:-}" = true ]; then
    build asan
    run_tests asan
    scripts/fuzz.sh 4
fi
build release
if [ "${CI:-}" = true ]; then
    scripts/wine-corpus.sh build/release/irqlint build/release/tests/oracle
fi
run_tests release
