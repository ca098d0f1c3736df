#!/bin/sh
# test.sh IRQLINT TESTDATA [PNG]: the HTML report in a real browser: clicks, keys, search, a narrow
# screen, print; a file whose name and lines are HTML stays text. PNG keeps the screenshot. Exit 77
# (skipped) when there is no browser.
set -eu
irqlint=$1
testdata=$2
here=$(cd "$(dirname "$0")" && pwd)
browser=$(command -v chromium || command -v chromium-browser || true)
if [ -z "$browser" ] || ! command -v node >/dev/null || [ ! -d "$here/node_modules/playwright-core" ]; then
    echo "SKIP: no Chromium or playwright-core (scripts/setup.sh --tests)"
    exit 77
fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

report() { # FILE PATH…
    file=$1
    shift
    code=0
    "$irqlint" check --no-db --quiet --html "$file" "$@" || code=$?
    [ "$code" -le 1 ] || { echo "$*: exit code $code"; exit 1; }
}

mkdir "$work/hostile" "$work/clean"
name='<img src=x onerror=hacked()>.c'
sed 's|^\( *KeDelayExecutionThread.*\)$|\1 /* </script><script>hacked()</script><!-- */|' \
    "$testdata/hostile/defect.c" >"$work/hostile/$name"
cp "$testdata/hostile/clean.c" "$work/clean"
report "$work/drivers.html" "$testdata/drivers"
report "$work/hostile.html" "$work/hostile"
report "$work/clean.html" "$work/clean"
node "$here/test.cjs" "$browser" "$work" "${3:-$work/screen.png}"
