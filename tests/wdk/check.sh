#!/bin/sh
# check.sh CLANG WDK_DIR: checks the model headers.
#   1. each generated header compiles alone, in C
#   2. each test file here compiles without an error and without an undeclared function
#   3. contract.c yields the annotations and calls that the front end relies on (contract.expect)
# Prints one line a failure; exit 0 when there is none.
set -u
clang=$1
wdk=$(cd "$2" && pwd)
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failures=0

parse() {
  "$clang" -fsyntax-only -target x86_64-pc-windows-msvc -fms-extensions -fms-compatibility \
    -fms-compatibility-version=19.40 -ffreestanding -fno-builtin -nostdinc -isystem "$wdk" \
    -Wno-everything -Wimplicit-function-declaration -Wno-error=int-conversion \
    -Wno-error=incompatible-pointer-types "$@"
}

fail() {
  failures=$((failures + 1))
  echo "FAIL $1"
  sed -n '1,5p' "$work/log"
}

for header in $(cd "$wdk" && find . -name '*.h' -o -name '*.hpp' | sed 's|^\./||' | sort); do
  case $header in pshpack*|poppack.h) continue ;; esac
  echo "#include <$header>" >"$work/one.c"
  parse -x c "$work/one.c" >"$work/log" 2>&1 || fail "$header"
done

for test in "$here"/*.c; do
  parse -Werror=implicit-function-declaration "$test" >"$work/log" 2>&1 || fail "$test"
done

for test in "$here"/*.cpp; do
  [ -e "$test" ] || continue
  parse -x c++ -std=c++17 "$test" >"$work/log" 2>&1 || fail "$test"
done

parse -Xclang -ast-dump "$here/contract.c" >"$work/ast" 2>/dev/null
while IFS= read -r expected; do
  case $expected in ''|'#'*) continue ;; esac
  if ! grep -qF -- "$expected" "$work/ast"; then
    : >"$work/log"
    fail "contract.c: no $expected"
  fi
done <"$here/contract.expect"

[ "$failures" -eq 0 ]
