#!/bin/sh
# fuzz.sh [SECONDS [TARGET…]]: runs fuzz targets (fuzz/), each for so long, one after another.
#
# Builds them with clang and the sanitizers into build/fuzz, takes seeds from testdata, and what
# earlier runs found worth keeping from build/fuzz/corpus. Smallest inputs of former findings lie in
# testdata/fuzz/TARGET and are run first. Fails when a target does; its input is named.
set -eu
cd "$(dirname "$0")/.."
seconds=${1:-10}
[ $# -eq 0 ] || shift
cmake --preset fuzz >/dev/null
cmake --build --preset fuzz | tail -n 1
build=$PWD/build/fuzz
all="vcxproj sln sources cmake compdb scan model facts rows source source_cxx marks suppressions baseline config"

seed() { # TARGET FILE…: by content, so that they stay apart
    target=$1
    shift
    for file in "$@"; do
        [ ! -f "$file" ] || cp "$file" "$build/seeds/$target/$(cksum <"$file" | tr ' ' -)"
    done
}

# Where the rows begin in a result of the cache: behind the word that says how long they are.
rows_of() { # FILE
    size=$(wc -c <"$1")
    start=$(od -A d -t u8 -w8 -v -N 4096 "$1" | awk -v size="$size" '$1 + 8 + $2 == size { print $1 + 8; exit }')
    [ -z "$start" ] || tail -c +$((start + 1)) "$1" >"$build/seeds/rows/$(cksum <"$1" | tr ' ' -)"
}

make_seeds() {
    rm -rf "$build/seeds"
    for target in $all; do
        mkdir -p "$build/seeds/$target" "$build/corpus/$target"
    done
    seed vcxproj $(find testdata -name '*.vcxproj' -o -name '*.props')
    seed sln $(find testdata -name '*.sln' -o -name '*.slnx')
    seed sources $(find testdata -name sources -type f)
    seed cmake $(find testdata -name CMakeLists.txt)
    seed compdb $(find testdata -name compile_commands.json)
    seed model $(find testdata tests -name '*.json' -size -20k -exec grep -lE '"(functions|callbacks|registrations|fields|constants)"' {} +)
    seed suppressions $(find testdata -name '*.json' -exec grep -l '"suppressions"' {} +)
    seed config docs/irqlint.schema.json $(find testdata -name '.irqlint.json')
    seed marks $(find testdata -name '*.[ch]' -size -8k)
    seed scan $(find testdata -name '*.[ch]' -size -8k)
    seed source $(find testdata -name '*.c' -size -8k)
    seed source_cxx $(find testdata -name '*.cpp' -size -8k)
    "$build/irqlint" check testdata/drivers testdata/infer/*.c --db "$build/seeds/db" \
        --cache "$build/seeds/cache" >/dev/null 2>&1 || true
    seed facts $(find "$build/seeds/cache/facts" -type f -size -40k)
    for file in $(find "$build/seeds/cache/driver" -type f -size -100k); do
        rows_of "$file"
    done
}

# clang's parser leaks memory of its own where a source is broken.
leaks_of() { # TARGET
    case $1 in
    source | source_cxx) echo 0 ;;
    *) echo 1 ;;
    esac
}

run_target() { # TARGET
    mkdir -p "$build/found" "testdata/fuzz/$1"
    ASAN_OPTIONS=detect_leaks=$(leaks_of "$1") "$build/fuzz/fuzz_$1" -max_total_time="$seconds" -detect_leaks="$(leaks_of "$1")" -timeout=25 -rss_limit_mb=3000 -print_final_stats=1 \
        -artifact_prefix="$build/found/$1-" "$build/corpus/$1" "$build/seeds/$1" "testdata/fuzz/$1" \
        >"$build/$1.log" 2>&1 && code=0 || code=$?
    rmdir "testdata/fuzz/$1" testdata/fuzz 2>/dev/null || true
    echo "$1: $(awk '/number_of_executed_units/ { print $2 }' "$build/$1.log") inputs, exit code $code"
    [ $code -eq 0 ] && return
    grep -E 'SUMMARY|runtime error|Test unit written' "$build/$1.log" || tail -n 5 "$build/$1.log"
    failed=1
}

failed=0
make_seeds
for target in ${@:-$all}; do
    run_target "$target"
done
exit $failed
