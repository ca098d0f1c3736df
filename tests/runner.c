/* runner: `runner --irqlint FILE --testdata DIR [--update] KIND [NAME]`.
 *
 * With a NAME runs that one test, without it every test of the kind; KIND `all` runs every kind.
 * --update rewrites the goldens: the review is the diff. Exit 0 when nothing failed. Invariant: a
 * kind that finds no test to run has failed, so that a wrong path never passes.
 */
#include "tests/runner.h"

#include <stdlib.h>
#include <unistd.h>

typedef struct Kind {
    const char *name;                           /* as typed */
    int (*run)(Runner *self, const char *name); /* returns the number of failures */
    const char *dir;                            /* names are its folders; NULL: see names */
    const char *names[4];                       /* fixed names */
} Kind;

static const Kind kinds[] = {
    {"self", test_self, NULL, {""}},         {"rule", test_rule, "rules", {0}},
    {"driver", test_driver, "drivers", {0}}, {"golden", test_golden, NULL, {"ir", "link", "infer"}},
    {"report", test_report, "drivers", {0}}, {"cli", test_cli, "cli", {0}},
    {"order", test_order, NULL, {""}},       {"forms", test_forms, NULL, {""}},
    {"counts", test_counts, NULL, {""}},
};

enum { KIND_COUNT = sizeof kinds / sizeof kinds[0] };

int fail(Runner *self, const char *format, ...) {
    va_list args;
    va_start(args, format);
    text_printf(&self->log, self->arena, "  %s\n", arena_vprintf(self->arena, format, args));
    va_end(args);
    return 1;
}

static CStrArray names_of_kind(Runner *self, const Kind *kind) {
    CStrArray names = {0};
    if (kind->dir != NULL) {
        const char *dir = path_join(self->arena, self->testdata, kind->dir);
        CStrArray all = list_dir(self, dir);
        for (uint32_t i = 0; i < all.len; i++)
            if (is_dir(path_join(self->arena, dir, all.items[i])))
                array_push(&names, self->arena, all.items[i]);
    }
    for (int i = 0; kind->dir == NULL && i < 4 && kind->names[i] != NULL; i++)
        array_push(&names, self->arena, kind->names[i]);
    return names;
}

static int run_one(Runner *self, const Kind *kind, const char *name) {
    self->log = (Text){0};
    int failures = kind->run(self, name);
    printf("%s %s%s%s\n", failures == 0 ? "ok    " : "FAILED", kind->name,
           name[0] == '\0' ? "" : " ", name);
    fputs(text_cstr(&self->log, self->arena), stdout);
    fflush(stdout);
    return failures != 0;
}

static int run_kind(Runner *self, const Kind *kind, const char *name) {
    if (name != NULL)
        return run_one(self, kind, name);
    CStrArray names = names_of_kind(self, kind);
    int failed = 0;
    for (uint32_t i = 0; i < names.len; i++)
        failed += run_one(self, kind, names.items[i]);
    if (names.len == 0) {
        printf("FAILED %s: no test found\n", kind->name);
        failed++;
    }
    return failed;
}

static int run_kinds(Runner *self, const char *kind_name, const char *name) {
    int failed = 0, ran = 0;
    for (int i = 0; i < KIND_COUNT; i++) {
        if (!str_eq(kind_name, "all") && !str_eq(kind_name, kinds[i].name))
            continue;
        failed += run_kind(self, &kinds[i], name);
        ran++;
    }
    if (ran == 0)
        printf("runner: unknown kind '%s'\n", kind_name);
    return ran == 0 || failed != 0;
}

static int usage(void) {
    fputs("usage: runner --irqlint FILE --testdata DIR [--update] KIND [NAME]\nkinds: all", stderr);
    for (int i = 0; i < KIND_COUNT; i++)
        fprintf(stderr, " %s", kinds[i].name);
    fputs("\n", stderr);
    return 2;
}

/* Fills the runner from the command line; the index of KIND, or -1. */
static int read_arguments(Runner *self, int argc, char **argv) {
    int at = 1;
    for (; at < argc && argv[at][0] == '-'; at++) {
        if (str_eq(argv[at], "--update"))
            self->update = true;
        else if (str_eq(argv[at], "--irqlint") && at + 1 < argc)
            self->irqlint = path_absolute(self->arena, argv[++at]);
        else if (str_eq(argv[at], "--testdata") && at + 1 < argc)
            self->testdata = path_absolute(self->arena, argv[++at]);
        else
            return -1;
    }
    bool complete = self->irqlint != NULL && self->testdata != NULL && at < argc;
    return complete ? at : -1;
}

/* What a sanitizer finds must not look like exit code 1, "findings". */
static void set_sanitizers(void) {
    setenv("IRQLINT_CACHE", "off", 1); /* tests of the cache name one */
    setenv("ASAN_OPTIONS", "exitcode=99", 0);
    setenv("LSAN_OPTIONS", "exitcode=99", 0);
    setenv("UBSAN_OPTIONS", "exitcode=99:print_stacktrace=1", 0);
}

int main(int argc, char **argv) {
    char work[] = "/tmp/irqlint-test-XXXXXX";
    Runner runner = {.arena = arena_new()};
    int at = read_arguments(&runner, argc, argv);
    if (at < 0)
        return usage();
    set_sanitizers();
    /* this checkout is no driver's work tree */
    setenv("GIT_CEILING_DIRECTORIES", path_dir(runner.arena, runner.testdata), 1);
    if (mkdtemp(work) == NULL) {
        perror(work);
        return 2;
    }
    runner.work = work;
    int failed = run_kinds(&runner, argv[at], at + 1 < argc ? argv[at + 1] : NULL);
    run_process(&runner, "/", (const char *const[]){"rm", "-rf", work, NULL});
    arena_free(runner.arena);
    return failed;
}
