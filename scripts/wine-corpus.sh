#!/bin/sh
# wine-corpus.sh IRQLINT ORACLE: real driver code as a test: the *.sys modules of Debian's wine
# sources.
#
# Fetches the source package into a folder of its own (no setting of the machine changes), checks
# every module and holds the number of files parsed without error against the pinned one: fewer is a
# failure, more asks for the pin to be raised. Then the oracle runs random paths of every module
# (docs/oracle.md): one outside what was inferred is a failure. When the sources cannot be had, a
# line says that this was skipped; what the oracle does over testdata is ctest's and runs anyway.
# Files that are the Unix half of a module are no driver code and are left out.
set -eu
irqlint=$(realpath "$1")
oracle=$(realpath "$2")
oracle_steps=100000 # of each module
version=8.0~repack
pinned_files=18
pinned_clean=18

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

skip() {
    echo "SKIP: wine corpus: $1"
    exit 0
}

# The machine's own package sources, asked for source packages instead.
write_sources() {
    mkdir -p parts lists/partial cache/archives/partial
    for file in /etc/apt/sources.list /etc/apt/sources.list.d/*.list; do
        if [ -f "$file" ]; then
            sed -n 's/^deb \(.*debian.* main\).*/deb-src \1/p' "$file"
        fi
    done >parts/lists.list
    for file in /etc/apt/sources.list.d/*.sources; do
        if grep -qs 'debian-archive-keyring' "$file"; then
            sed 's/^Types:.*/Types: deb-src/' "$file" >"parts/$(basename "$file")"
        fi
    done
}

apt() {
    apt-get -q -o Dir::Etc::sourcelist=/dev/null -o Dir::Etc::sourceparts="$work/parts" \
        -o Dir::State::lists="$work/lists" -o Dir::Cache="$work/cache" \
        -o APT::Sandbox::User=root -o Acquire::Retries=2 -o Acquire::http::Timeout=30 "$@" \
        >>"$work/apt.log" 2>&1
}

command -v apt-get >/dev/null || skip "no apt-get"
write_sources
apt update || skip "the package mirror does not answer"
apt source --download-only --only-source wine || skip "no source package wine"
[ -f "wine_$version.orig.tar.xz" ] || skip "the source package is not wine $version"
tar -xf "wine_$version.orig.tar.xz" --wildcards '*/dlls/*.sys/*' '*/include/*'
cd wine-*/

flags="-Iinclude -Iinclude/msvcrt -D__WINESRC__"
wrong=0
for module in dlls/*.sys; do
    # A module's own units only; its Unix half says so itself.
    files=$(grep -L 'pragma makedep unix' "$module"/*.c 2>/dev/null || true)
    [ -n "$files" ] || continue
    code=0
    # shellcheck disable=SC2086 # file names without blanks
    "$irqlint" check --no-db --quiet --json "$work/report.json" $flags $files \
        2>>"$work/errors" || code=$?
    [ $code -le 2 ] || { echo "wine corpus: $module: exit code $code"; exit 1; }
    grep -o '"status":[[:space:]]*"[a-z]*"' "$work/report.json" >>"$work/statuses"
    grep -c '"fingerprint"' "$work/report.json" >>"$work/findings" || true
    # shellcheck disable=SC2086
    if ! "$oracle" --together $flags $oracle_steps 1 $files >"$work/oracle"; then
        echo "wine corpus: $module: outside what was inferred:"
        cat "$work/oracle"
        wrong=1
    fi
    sed -n 's/^steps: //p' "$work/oracle" >>"$work/steps"
done

files=$(wc -l <"$work/statuses")
clean=$(grep -c '"ok"' "$work/statuses" || true)
findings=$(awk '{ sum += $1 } END { print sum + 0 }' "$work/findings")
echo "wine corpus: $files files, $clean parsed without error (pinned: $pinned_clean of" \
    "$pinned_files), $findings findings"
echo "wine corpus: $(awk '{ sum += $1 } END { print sum + 0 }' "$work/steps") random steps of the" \
    "oracle over $(wc -l <"$work/steps") modules"
cat "$work/errors"
[ "$clean" -le $pinned_clean ] || echo "wine corpus: the pin in $0 can be raised"
[ $wrong -eq 0 ] && [ "$files" -eq $pinned_files ] && [ "$clean" -ge $pinned_clean ]
