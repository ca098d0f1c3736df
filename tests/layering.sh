#!/bin/sh
# layering.sh ROOT [CC]: holds the source tree to its architecture.
#
#   1. A stage includes only what stands left of it in the pipeline (table below); rules and
#      include/irqlint see include/irqlint alone.
#   2. clang-c/ only in frontend, sqlite3.h only in store and its tests.
#   3. malloc and friends only in base/arena.c.
#   4. Each header compiles alone.
#   5. No source file of ours is longer than 600 lines.
#
# Prints each offence as file:line; exit 1 when there is one. Errs towards noise: it reads text.
set -u
root=$1
cc=${2:-cc}
cd "$root" || exit 2
offences=$(mktemp)
trap 'rm -f "$offences" "$offences.c"' EXIT

# Which stage headers a stage may include, itself included.
allowed() {
    case $1 in
    base) echo "base" ;;
    json) echo "base json" ;;
    model) echo "base json model" ;;
    cache) echo "base cache" ;;
    project) echo "base project" ;;
    ir) echo "base ir" ;;
    frontend) echo "base cache project ir frontend" ;;
    link) echo "base ir link" ;;
    infer) echo "base link infer" ;;
    check) echo "base infer check" ;;
    annotate) echo "base annotate" ;;
    store) echo "base ir infer check store" ;;
    gate) echo "base json store gate" ;;
    report) echo "base json store check report" ;;
    cli) echo "base json cache project ir frontend link infer check annotate store gate report cli" ;;
    *) echo "" ;;
    esac
}

sources() {
    find "$@" -name '*.[ch]' 2>/dev/null | sort
}

# Prints "file:line:path" of every quoted or angled include of the files on standard input.
includes() {
    xargs -r grep -nHE '^[[:space:]]*#[[:space:]]*include[[:space:]]*["<]' |
        sed -E 's/^([^:]*:[0-9]+):[^"<]*["<]([^">]*)[">].*/\1:\2/'
}

check_arrows() {
    for dir in analyzer/*/; do
        stage=$(basename "$dir")
        may=$(allowed "$stage")
        [ -n "$may" ] || echo "$dir: a stage that tests/layering.sh does not know"
        sources "$dir" | includes | while IFS=: read -r file line path; do
            case $path in
            analyzer/*)
                other=${path#analyzer/}
                other=${other%%/*}
                case " $may " in
                *" $other "*) ;;
                *) echo "$file:$line: $stage must not include $path" ;;
                esac
                # Of another stage only its header (and tables made to be included) are public.
                if [ "$other" != "$stage" ] && [ "$path" != "analyzer/$other/$other.h" ]; then
                    echo "$file:$line: $path is private to $other"
                fi
                ;;
            esac
        done
    done
    sources include/irqlint rules | includes | while IFS=: read -r file line path; do
        case $path in
        analyzer/*) echo "$file:$line: only include/irqlint is visible here, not $path" ;;
        esac
    done
}

check_libraries() {
    sources analyzer rules include/irqlint | includes | while IFS=: read -r file line path; do
        case $path:$file in
        clang-c/*:analyzer/frontend/*) ;;
        clang-c/*) echo "$file:$line: $path belongs to frontend" ;;
        sqlite3.h:analyzer/store/*) ;;
        sqlite3.h:*) echo "$file:$line: $path belongs to store" ;;
        esac
    done
}

# Comments and strings are blanked first; line numbers stay.
check_memory() {
    sources analyzer rules | grep -v '^analyzer/base/arena.c$' | while read -r file; do
        sed -E -e ':a' -e 's@/\*[^*]*\*/@@;ta' -e 's@"([^"\\]|\\.)*"@""@g' -e 's@//.*@@' \
            -e 's@^[[:space:]]*\*.*@@' -e 's@/\*.*@@' "$file" |
            grep -nE '(^|[^A-Za-z0-9_>.])(malloc|calloc|realloc|free|strdup|strndup|asprintf|vasprintf)[[:space:]]*\(' |
            sed -E "s@^([0-9]+):[[:space:]]*(.*)@$file:\1: memory comes from the arena: \2@"
    done
}

check_headers() {
    xml=$(pkg-config --cflags libxml-2.0 sqlite3 libcjson 2>/dev/null)
    clang=$(find /usr/lib/llvm-*/include/clang-c -maxdepth 0 2>/dev/null | sort -V | tail -n 1)
    find include/irqlint analyzer -name '*.h' | sort | while read -r header; do
        printf '#include "%s"\n' "$header" >"$offences.c"
        # shellcheck disable=SC2086 # several words
        $cc -std=c11 -D_GNU_SOURCE -Wall -Wextra -Werror -fsyntax-only -I. -Iinclude $xml \
            ${clang:+-isystem "$(dirname "$clang")"} "$offences.c" >/dev/null 2>&1 ||
            echo "$header: does not compile alone"
    done
}

check_length() {
    sources analyzer include/irqlint rules tests scripts | while read -r file; do
        lines=$(wc -l <"$file")
        [ "$lines" -le 600 ] || echo "$file: $lines lines, more than 600"
    done
}

{
    check_arrows
    check_libraries
    check_memory
    check_headers
    check_length
} >"$offences"
cat "$offences"
[ ! -s "$offences" ]
