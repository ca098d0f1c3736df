/* args: the clang arguments of every parse, and the precompiled prelude.
 *
 * A driver is parsed as the Microsoft compiler for x64 would see it, with clang's own builtin
 * headers behind the model headers and nothing of this machine. Warnings are off, also those that
 * clang makes errors by default and the Microsoft compiler does not; what stays is the call of an
 * undeclared function: a gap in the model. Errs towards accepting.
 */
#include "analyzer/frontend/lower.h"

#include <stdlib.h>
#include <sys/stat.h>

static bool is_dir(const char *path) {
    struct stat info;
    return stat(path, &info) == 0 && S_ISDIR(info.st_mode);
}

const char *frontend_resource_dir(void) {
    const char *named = getenv("IRQLINT_RESOURCE_DIR");
    return named != NULL && named[0] != '\0' ? named : IRQLINT_CLANG_RESOURCE_DIR;
}

const char *frontend_version(Arena *arena) {
    CXString version = clang_getClangVersion();
    const char *text =
        arena_printf(arena, "%s in %s", clang_getCString(version), frontend_resource_dir());
    clang_disposeString(version);
    return text;
}

int frontend_check(Error *err) {
    const char *dir = frontend_resource_dir();
    if (is_dir(dir))
        return 0;
    return error_set(err, "clang's builtin headers are not in %s; set IRQLINT_RESOURCE_DIR", dir);
}

static const char *const COMMON_ARGS[] = {
    "-target",
    "x86_64-pc-windows-msvc",
    "-fms-extensions",
    "-fms-compatibility",
    "-fms-compatibility-version=19.40",
    "-fno-delayed-template-parsing",
    "-nostdlibinc",
    "-ferror-limit=0",
    "-Wno-everything",
    "-Wno-error",
    "-Wimplicit-function-declaration",
    "-Wno-error=implicit-function-declaration",
    "-Wno-int-conversion",
    "-Wno-incompatible-pointer-types",
    "-Wno-incompatible-function-pointer-types",
    "-Wno-implicit-int",
    "-Wno-return-type",
    "-Wno-return-mismatch",
    "-Wno-c++11-narrowing",
    "-Wno-microsoft-cast",
    "-Wno-register",
    "-D_WIN64=1",
    "-D_AMD64_=1",
    "-DAMD64=1",
    "-D_KERNEL_MODE=1",
    "-DUNICODE=1",
    "-D_UNICODE=1",
};

void frontend_base_args(Arena *arena, const char *model_dir, bool cxx, CStrArray *args) {
    for (size_t i = 0; i < sizeof COMMON_ARGS / sizeof COMMON_ARGS[0]; i++)
        array_push(args, arena, COMMON_ARGS[i]);
    array_push(args, arena, "-x");
    array_push(args, arena, cxx ? "c++" : "c");
    array_push(args, arena, cxx ? "-std=c++20" : "-std=gnu17");
    if (cxx) {
        array_push(args, arena, "-fno-rtti");
        /* The compiler itself declares a `struct _GUID` in C++, and behind a precompiled header it
         * no longer finds the body of ours: so ours has another tag. */
        array_push(args, arena, "-D_GUID=irqlint_GUID");
    }
    array_push(args, arena, "-resource-dir");
    array_push(args, arena, arena_strdup(arena, frontend_resource_dir()));
    if (model_dir != NULL) {
        array_push(args, arena, "-isystem");
        array_push(args, arena, model_dir);
    }
}

/* ---- the prelude ---------------------------------------------------------------------------- */

/* `-x c` makes a header of the prelude: `-x c-header`. */
static void header_args(Arena *arena, const char *const *args, uint32_t count, CStrArray *out) {
    for (uint32_t i = 0; i < count; i++) {
        bool language =
            i > 0 && str_eq(args[i - 1], "-x") && (str_eq(args[i], "c") || str_eq(args[i], "c++"));
        array_push(out, arena, language ? arena_printf(arena, "%s-header", args[i]) : args[i]);
    }
}

static int first_error(CXTranslationUnit tu, Error *err) {
    unsigned count = clang_getNumDiagnostics(tu);
    for (unsigned i = 0; i < count; i++) {
        CXDiagnostic diagnostic = clang_getDiagnostic(tu, i);
        bool is_error = clang_getDiagnosticSeverity(diagnostic) >= CXDiagnostic_Error;
        if (is_error) {
            CXString text = clang_formatDiagnostic(diagnostic, CXDiagnostic_DisplaySourceLocation);
            error_set(err, "model headers do not compile: %s", clang_getCString(text));
            clang_disposeString(text);
        }
        clang_disposeDiagnostic(diagnostic);
        if (is_error)
            return -1;
    }
    return 0;
}

static int save_prelude(CXIndex index, const char *path, const CStrArray *args, const char *output,
                        Error *err) {
    CXTranslationUnit tu = NULL;
    unsigned options = CXTranslationUnit_Incomplete | CXTranslationUnit_ForSerialization;
    enum CXErrorCode code = clang_parseTranslationUnit2(index, path, args->items, (int)args->len,
                                                        NULL, 0, options, &tu);
    if (code != CXError_Success || tu == NULL)
        return error_set(err, "the prelude of model headers could not be parsed (%d)", (int)code);
    int result = first_error(tu, err);
    if (result == 0) {
        int saved = clang_saveTranslationUnit(tu, output, clang_defaultSaveOptions(tu));
        if (saved != CXSaveError_None)
            result = error_set(err, "the prelude could not be written to %s (%d)", output, saved);
    }
    clang_disposeTranslationUnit(tu);
    return result;
}

int frontend_precompile(const char *header, const char *const *args, uint32_t arg_count,
                        const char *output, Error *err) {
    if (frontend_check(err) != 0)
        return -1;
    Arena *scratch = arena_new();
    CStrArray all = {0};
    CXIndex index = clang_createIndex(0, 0);
    header_args(scratch, args, arg_count, &all);
    int result = save_prelude(index, header, &all, output, err);
    clang_disposeIndex(index);
    arena_free(scratch);
    return result;
}
