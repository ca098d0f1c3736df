#!/bin/sh
# annotate-same.sh IRQLINT DRIVER [BARE]: `irqlint annotate` on a real driver, held to its promises.
#
# Works on a copy of the folder DRIVER. With a third argument the annotations of levels that the
# driver has are taken out first, so that there is more to add. Then: the patch only adds lines, each an
# annotation, PAGED_CODE() or empty; `git apply` takes it; the driver gives the same findings as before,
# apart from line numbers; a second patch is empty. Prints one line, and what differs; exit 0 when
# all of that holds.
set -u
irqlint=$(realpath "$1")
driver=$(realpath "$2")
bare=${3:-}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

cp -r "$driver" "$work/driver"
chmod -R u+w "$work/driver"
cd "$work"
if [ -n "$bare" ]; then
    find driver -type f \( -iname '*.c' -o -iname '*.cpp' -o -iname '*.h' -o -iname '*.hpp' \) \
        -exec sed -i -E \
        's/(^|[^A-Za-z0-9_])_IRQL_(requires_same_|saves_|restores_|(requires|raises|requires_max|requires_min)_\([A-Z_]+\))/\1/g
         s/(^|[^A-Za-z0-9_])__drv_(sameIRQL|(requiresIRQL|maxIRQL|minIRQL|raisesIRQL)\([A-Z_]+\))/\1/g' {} +
fi

# Every finding on one line, without its line numbers.
findings() {
    "$irqlint" check --no-db --all --format=json driver 2>/dev/null |
        sed -n '/"findings":/,/^\t"summary":/p' |
        grep -E '"(rule|certainty|file|function|message|context|irql|kind)":' |
        tr -d '\n' | tr '\t' ' ' |
        sed -E 's/\(line [0-9]+\)/(line)/g; s/(\.[A-Za-z]+):[0-9]+/\1/g; s/"rule":/\n&/g' | sort
}

wrong=0
complain() {
    wrong=1
    echo "  $1"
}

findings >before
"$irqlint" annotate driver -o patch 2>/dev/null
status=$?
added=0
if [ -s patch ]; then
    added=$(grep -c '^+[^+]' patch)
    grep -q '^-[^-]' patch && complain "the patch takes lines away"
    grep '^+[^+]' patch | tr -d '\r' |
        grep -vE '^\+[[:space:]]*($|_IRQL_[a-z_]+(\([A-Z_]+\))?|_At_\(.*, _IRQL_restores_\)|PAGED_CODE\(\);)[[:space:]]*$' >odd &&
        complain "the patch adds something else: $(head -1 odd)"
    git apply --whitespace=nowarn patch 2>apply || complain "git apply: $(head -1 apply)"
    findings >after
    if ! cmp -s before after; then
        complain "other findings:"
        diff before after | grep '^[<>]' | cut -c1-${WIDE:-600} | head -8
    fi
    "$irqlint" annotate driver -o second 2>/dev/null
    [ -s second ] && complain "a second patch adds $(grep -c '^+[^+]' second) lines: $(grep -m1 '^+[^+]' second)"
fi
result=same
[ "$wrong" = 0 ] || result=DIFFERENT
echo "$result: $driver ${bare:+(bare) }exit $status, $(grep -c '"rule"' before) findings, $added lines added"
exit "$wrong"
