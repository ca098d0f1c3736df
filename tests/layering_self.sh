#!/bin/sh
# layering_self.sh [CC]: layering.sh must notice each kind of offence, and nothing in a clean tree.
set -u
here=$(cd "$(dirname "$0")" && pwd)
cc=${1:-cc}
tree=$(mktemp -d)
trap 'rm -rf "$tree"' EXIT
failed=0

fresh() {
    rm -rf "${tree:?}"/*
    mkdir -p "$tree/analyzer/base" "$tree/analyzer/link" "$tree/analyzer/infer" \
        "$tree/include/irqlint" "$tree/rules"
    echo 'int base;' >"$tree/analyzer/base/base.h"
    echo '#include "analyzer/base/base.h"' >"$tree/analyzer/link/link.h"
    printf '/* free(x) in a comment */\nconst char *s = "free(x)";\n' >"$tree/analyzer/link/link.c"
    echo 'void *p; void f(void) { p = malloc(1); }' >"$tree/analyzer/base/arena.c"
}

# expect WORDS: layering.sh must fail and say WORDS; no words: it must pass.
expect() {
    out=$(sh "$here/layering.sh" "$tree" "$cc")
    code=$?
    if [ -z "$1" ] && [ $code -ne 0 ]; then
        echo "a clean tree is refused: $out"
        failed=1
    elif [ -n "$1" ] && { [ $code -ne 1 ] || ! echo "$out" | grep -qF "$1"; }; then
        echo "not noticed: $1 (exit $code: $out)"
        failed=1
    fi
}

fresh
expect ""
fresh
echo '#include "analyzer/infer/infer.h"' >>"$tree/analyzer/link/link.c"
expect "link.c:3: link must not include analyzer/infer/infer.h"
fresh
echo '#include "analyzer/link/internal.h"' >"$tree/analyzer/infer/infer.c"
expect "analyzer/link/internal.h is private to link"
fresh
echo '#include "analyzer/base/base.h"' >"$tree/rules/a.c"
expect "rules/a.c:1: only include/irqlint is visible"
fresh
echo '#include <clang-c/Index.h>' >>"$tree/analyzer/link/link.c"
expect "clang-c/Index.h belongs to frontend"
fresh
echo '#include <sqlite3.h>' >>"$tree/analyzer/link/link.c"
expect "sqlite3.h belongs to store"
fresh
echo 'void g(void *q) { free(q); }' >>"$tree/analyzer/link/link.c"
expect "link.c:3: memory comes from the arena"
fresh
echo 'unknown_type x;' >"$tree/include/irqlint/x.h"
expect "include/irqlint/x.h: does not compile alone"
fresh
mkdir "$tree/analyzer/novel"
expect "does not know"
fresh
seq 601 | sed 's/.*/;/' >"$tree/rules/long.c"
expect "601 lines"
exit $failed
