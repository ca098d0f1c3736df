#!/bin/sh
# parse-ratio.sh IRQLINT PATH [RUNS] [JOBS]: wall time of `irqlint check` against
# `clang-19 -fsyntax-only` over the same files, with the same headers, arguments and number of
# processes. Runs alternate; the medians count. Errors of either are left aside: it is the time that
# is compared, over whatever each can parse.
set -eu
irqlint=$(realpath "$1")
path=$(realpath "$2")
runs=${3:-5}
jobs=${4:-$(nproc)}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

now() {
    date +%s%N
}

median() {
    sort -n "$1" | awk '{ value[NR] = $1 } END { print value[int((NR + 1) / 2)] }'
}

"$irqlint" dump --stage=commands -o commands "$path" 2>problems || true
files=$(wc -l <commands)
[ "$files" -gt 0 ] || { cat problems >&2; exit 2; }

for run in $(seq "$runs"); do
    start=$(now)
    xargs -P "$jobs" -d '\n' -n 1 sh -c <commands >/dev/null 2>clang.err || true
    middle=$(now)
    "$irqlint" check --no-db --no-cache --quiet -j "$jobs" "$path" 2>/dev/null || true
    end=$(now)
    echo $(((middle - start) / 1000000)) >>clang.ms
    echo $(((end - middle) / 1000000)) >>irqlint.ms
    echo "run $run: clang $(tail -n 1 clang.ms) ms, irqlint $(tail -n 1 irqlint.ms) ms"
done
clang=$(median clang.ms)
ours=$(median irqlint.ms)
echo "files $files, processes $jobs, clang reported errors in $(grep -c 'error.* generated' clang.err || true)"
echo "median of $runs: clang -fsyntax-only $clang ms, irqlint check $ours ms," \
    "ratio $(awk "BEGIN { printf \"%.2f\", $ours / ($clang > 0 ? $clang : 1) }")"
