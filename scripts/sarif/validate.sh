#!/bin/sh
# validate.sh IRQLINT PATH: the SARIF reports of every driver in PATH, together and one by one, obey
# the 2.1.0 schema, and a broken one is refused. Exit 77 (skipped) when the validator is missing.
set -eu
irqlint=$1
drivers=$2
here=$(cd "$(dirname "$0")" && pwd)
if ! command -v node >/dev/null || [ ! -d "$here/node_modules/ajv" ]; then
    echo "SKIP: the SARIF validator is not installed (scripts/setup.sh --tests)"
    exit 77
fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

report() { # NAME PATH
    code=0
    "$irqlint" check --no-db --quiet --all --sarif "$work/$1.sarif" "$2" || code=$?
    [ "$code" -le 1 ] || { echo "$2: exit code $code"; exit 1; }
}

report all "$drivers"
for driver in "$drivers"/*/; do
    report "$(basename "$driver")" "$driver"
done
node "$here/validate.cjs" "$work"/*.sarif

sed 's/"startLine":[[:space:]]*[0-9]*/"startLine": 0/' "$work/all.sarif" >"$work/broken"
if node "$here/validate.cjs" "$work/broken" >/dev/null; then
    echo "a report with line 0 was accepted"
    exit 1
fi
