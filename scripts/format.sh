#!/bin/sh
# format.sh [--check]: lays out our C sources with clang-format 19, or only says which are not.
# The model headers and the test inputs are not ours to lay out: they imitate other people's code.
set -eu
cd "$(dirname "$0")/.."
if ! command -v clang-format-19 >/dev/null; then
    echo "SKIP: clang-format-19 is not installed (scripts/setup.sh --tests)"
    exit 77
fi
mode=-i
if [ "${1:-}" = --check ]; then
    mode="--dry-run -Werror"
fi
# shellcheck disable=SC2086 # two words
find analyzer include/irqlint rules tests scripts \( -name node_modules -o -path tests/wdk \) -prune -o -name '*.[ch]' -print0 |
    xargs -0 clang-format-19 $mode
