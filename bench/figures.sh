#!/bin/sh
# figures.sh IRQLINT FOLDER [RUNS] [JOBS]: what checking a folder of drivers costs, as the table of
# docs/performance.md: cold against `clang-19 -fsyntax-only` over the same files with the same
# arguments and number of processes, warm, after a change of one file, memory, size of the database.
# Runs of all kinds alternate, so that other work on the machine hits all of them; medians count.
# The folder is copied first: it stays as it is.
set -eu
irqlint=$(realpath "$1")
folder=$(realpath "$2")
runs=${3:-5}
jobs=${4:-$(nproc)}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cp -r "$folder" "$work/tree"
cd "$work"
export IRQLINT_CACHE="$work/cache"

now() {
    date +%s%N
}

# Milliseconds of a command, into the file NAME.ms.
timed() {
    name=$1
    shift
    start=$(now)
    "$@" >/dev/null 2>&1 || true
    echo $((($(now) - start) / 1000000)) >>"$name.ms"
}

median() {
    sort -n "$1.ms" | awk '{ value[NR] = $1 } END { print value[int((NR + 1) / 2)] }'
}

clang() {
    xargs -P "$jobs" -d '\n' -n 1 sh -c <commands
}

check() {
    "$irqlint" check --db "$work/runs.db" --quiet -j "$jobs" "$@"
}

# The driver with most files: the folder that holds them, and one of them.
largest() {
    "$irqlint" check --no-db --no-cache --format=json tree 2>/dev/null >report.json || true
    tr -d '\t' <report.json | awk -F'"' '
        $2 == "functions" && /\[/ { exit }
        $2 == "file" { file = $4 }
        $2 == "driver" {
            if (count[$4]++ == 0)
                holds[$4] = first[$4] = file
            while (holds[$4] != "" && index(file, holds[$4]) != 1)
                sub(/[^\/]*\/?$/, "", holds[$4])
        }
        END {
            for (driver in count)
                if (count[driver] > most) { most = count[driver]; best = driver }
            print holds[best] " " first[best]
        }'
}

# Highest VmHWM of any process of the check, in MB.
peak() {
    check tree >/dev/null 2>&1 &
    pid=$!
    most=0
    while kill -0 "$pid" 2>/dev/null; do
        for status in /proc/[0-9]*/status; do
            value=$(awk '/^Name:/ { name = $2 } /^VmHWM:/ { print name == "irqlint" ? $2 : 0 }' \
                "$status" 2>/dev/null || echo 0)
            [ "${value:-0}" -gt "$most" ] && most=$value
        done
        sleep 0.1
    done
    echo $((most / 1024))
}

"$irqlint" dump --stage=commands -o commands tree 2>problems || true
files=$(wc -l <commands)
[ "$files" -gt 0 ] || { cat problems >&2; exit 2; }
set -- $(largest)
driver=tree/$1
one=$2

for run in $(seq "$runs"); do
    rm -rf cache runs.db*
    timed clang clang
    timed cold check tree
    timed warm check tree
    rm -rf cache runs.db*
    timed driver_cold check "$driver"
    echo "int irqlint_bench_$run(int a) { return a + $run; }" >>"tree/$one"
    timed driver_one check "$driver"
    echo "run $run: clang $(tail -n 1 clang.ms), cold $(tail -n 1 cold.ms), warm $(tail -n 1 warm.ms)," \
        "largest driver $(tail -n 1 driver_cold.ms), one file of it $(tail -n 1 driver_one.ms) ms" >&2
done
rm -rf cache runs.db*
memory=$(peak)
database=$(du -k runs.db | cut -f 1)
sources=$(find tree -name '*.[ch]' -o -name '*.[ch]pp' -o -name '*.cxx' -o -name '*.hpp' | xargs -d '\n' du -ck | awk '$2 == "total" { sum += $1 } END { print sum }')

awk -v files="$files" -v jobs="$jobs" -v runs="$runs" -v clang="$(median clang)" -v cold="$(median cold)" \
    -v warm="$(median warm)" -v dcold="$(median driver_cold)" -v done="$(median driver_one)" \
    -v memory="$memory" -v database="$database" -v sources="$sources" -v one="$one" 'BEGIN {
    printf "%d files, %d processes, medians of %d runs.\n\n", files, jobs, runs
    print "| | time | ratio | goal |"
    print "| --- | --: | --: | --: |"
    printf "| `clang -fsyntax-only` over the same files | %.1f s | 1 | |\n", clang / 1000
    printf "| `irqlint check`, cold | %.1f s | %.2f of clang | ≤ 0.5 |\n", cold / 1000, cold / clang
    printf "| the same again, nothing changed | %.2f s | %.1f %% of cold | ≤ 2 %% |\n", warm / 1000, 100 * warm / cold
    printf "| the largest driver alone, cold | %.1f s | | |\n", dcold / 1000
    printf "| the same, `%s` changed | %.2f s | %.0f %% of its cold | ≤ 5 %% + 50 ms |\n", one, done / 1000, 100 * done / dcold
    printf "| largest process | %d MB | | ≤ 300 MB |\n", memory
    printf "| database of one run | %.1f MB | %.2f of the sources | ≤ 2 |\n", database / 1024, database / sources
}'
