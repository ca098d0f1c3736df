#!/bin/sh
# package-test.sh BUILD TESTDATA: makes the Debian package of a build, unpacks it and runs what is in
# it. As root with CI=true it is also installed, asked for its manual page, and removed. Exit 77
# (skipped) without dpkg-shlibdeps.
set -eu
build=$(realpath "$1")
testdata=$(realpath "$2")
command -v dpkg-shlibdeps >/dev/null || { echo "SKIP: dpkg-shlibdeps (dpkg-dev) is missing"; exit 77; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
cpack --config "$build/CPackConfig.cmake" -B "$work" >cpack.log 2>&1 || { cat cpack.log; exit 1; }
package=$(ls irqlint_*.deb)
dpkg-deb --info "$package" | grep -E '^ (Depends|Description):'
for library in libclang1-19 libsqlite3-0 libcjson1 libxml2 libclang-common-19-dev; do
    dpkg-deb --field "$package" Depends | grep -q "$library" || { echo "does not depend on $library"; exit 1; }
done

expect_finding() { # PROGRAM
    code=0
    "$1" check --no-db --brief "$testdata/hostile/defect.c" >report || code=$?
    [ $code -eq 1 ] && grep -q blocking-raised report || { echo "$1: exit code $code"; cat report; exit 1; }
}

dpkg-deb -x "$package" unpacked
expect_finding unpacked/usr/bin/irqlint
for file in man/man1/irqlint.1 bash-completion/completions/irqlint zsh/vendor-completions/_irqlint \
    fish/vendor_completions.d/irqlint.fish doc/irqlint/rules/lock-not-held.md \
    doc/irqlint/docs/irqlint.schema.json irqlint/wdk/wdm.h; do
    [ -s unpacked/usr/share/$file ] || { echo "$file is missing or empty"; exit 1; }
done

if [ "${CI:-}" = true ] && [ "$(id -u)" -eq 0 ] && ! dpkg -s irqlint >/dev/null 2>&1; then
    dpkg -i "$package" >/dev/null
    expect_finding /usr/bin/irqlint
    dpkg -r irqlint >/dev/null
    [ ! -e /usr/bin/irqlint ] || { echo "something is left behind"; exit 1; }
    echo "installed and removed"
fi
