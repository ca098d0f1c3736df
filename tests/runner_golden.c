/* runner_golden: dumps of the stages, reports and command-line cases against what is kept.
 *
 * Paths that differ from machine to machine are replaced by @TESTDATA@ and @DIR@ first.
 */
#include "tests/runner.h"

#include <stdlib.h>
#include <sys/stat.h>

/* ---- dumps --------------------------------------------------------------------------------- */

/* A stage, its dump's name and the suffix of its goldens. */
typedef struct GoldenStage {
    const char *dir;    /* below testdata/ */
    const char *dump;   /* --stage= */
    const char *suffix; /* of the golden beside the input */
} GoldenStage;

static const GoldenStage stages[] = {
    {"ir", "ir", ".ir"}, {"link", "link", ".link"}, {"infer", "contexts", ".contexts"}};

/* The golden's name for an input: X.c or folder X gives X.suffix; NULL when it is no input. */
static const char *golden_of(Runner *self, const char *dir, const char *name, const char *suffix) {
    if (is_dir(path_join(self->arena, dir, name)))
        return arena_printf(self->arena, "%s%s", name, suffix);
    const char *dot = strrchr(name, '.');
    if (dot == NULL || !(str_eq(dot, ".c") || str_eq(dot, ".cpp")))
        return NULL;
    return arena_printf(self->arena, "%.*s%s", (int)(dot - name), name, suffix);
}

static int test_dump(Runner *self, const GoldenStage *stage, const char *dir, const char *name,
                     const char *golden) {
    const char *option = arena_printf(self->arena, "--stage=%s", stage->dump);
    Output output =
        run_process(self, dir, (const char *const[]){self->irqlint, "dump", option, name, NULL});
    bool dumped = output.exit_code == 0 || (output.exit_code == 2 && output.out[0] != '\0');
    if (!dumped) /* 2: errors in the source, which the dump shows */
        return fail(self, "dump %s %s/%s: exit code %d: %s", option, stage->dir, name,
                    output.exit_code, output.err);
    const char *actual = replace_all(self, output.out, self->testdata, "@TESTDATA@");
    return compare_golden(self, path_join(self->arena, dir, golden), actual);
}

/* Goldens whose input is gone. */
static int count_orphans(Runner *self, const GoldenStage *stage, const CStrArray *names,
                         const CStrArray *goldens) {
    int orphans = 0;
    for (uint32_t i = 0; i < names->len; i++) {
        bool known = !str_ends_with(names->items[i], stage->suffix);
        for (uint32_t j = 0; j < goldens->len && !known; j++)
            known = str_eq(names->items[i], goldens->items[j]);
        if (!known)
            orphans += fail(self, "%s/%s has no input", stage->dir, names->items[i]);
    }
    return orphans;
}

static int test_stage(Runner *self, const GoldenStage *stage) {
    const char *dir = path_join(self->arena, self->testdata, stage->dir);
    CStrArray names = list_dir(self, dir), goldens = {0};
    int failures = 0;
    for (uint32_t i = 0; i < names.len; i++) {
        const char *golden = golden_of(self, dir, names.items[i], stage->suffix);
        if (golden == NULL)
            continue;
        array_push(&goldens, self->arena, golden);
        failures += test_dump(self, stage, dir, names.items[i], golden);
    }
    if (goldens.len == 0)
        failures += fail(self, "testdata/%s holds no input", stage->dir);
    return failures + count_orphans(self, stage, &names, &goldens);
}

int test_golden(Runner *self, const char *stage) {
    for (size_t i = 0; i < sizeof stages / sizeof stages[0]; i++)
        if (str_eq(stages[i].dir, stage))
            return test_stage(self, &stages[i]);
    return fail(self, "unknown stage '%s'", stage);
}

/* ---- reports ------------------------------------------------------------------------------- */

static int test_report_form(Runner *self, const char *driver, const char *form,
                            const char *suffix) {
    const char *format = arena_printf(self->arena, "--format=%s", form);
    const char *path = arena_printf(self->arena, "drivers/%s", driver);
    Output output =
        run_process(self, self->testdata,
                    (const char *const[]){self->irqlint, "check", "--no-db", format, path, NULL});
    if (output.exit_code != 0 && output.exit_code != 1)
        return fail(self, "check %s %s: exit code %d: %s", format, path, output.exit_code,
                    output.err);
    const char *actual = replace_all(self, output.out, self->testdata, "@TESTDATA@");
    const char *golden =
        arena_printf(self->arena, "%s/report/%s%s", self->testdata, driver, suffix);
    return compare_golden(self, golden, actual);
}

int test_report(Runner *self, const char *driver) {
    return test_report_form(self, driver, "text", ".txt") +
           test_report_form(self, driver, "json", ".json") +
           test_report_form(self, driver, "sarif", ".sarif");
}

/* ---- command-line cases -------------------------------------------------------------------- */

/* `cmd` is a shell script, run in an empty folder with irqlint on its PATH and $TESTDATA set. */
int test_cli(Runner *self, const char *name) {
    const char *dir =
        path_join(self->arena, self->testdata, arena_printf(self->arena, "cli/%s", name));
    const char *script = path_join(self->arena, dir, "cmd");
    const char *work = path_join(self->arena, self->work, name);
    if (read_text(self, script) == NULL)
        return fail(self, "%s is missing", script);
    if (mkdir(work, 0777) != 0)
        return fail(self, "%s: cannot be made", work);
    setenv("TESTDATA", self->testdata, 1);
    setenv("PATH",
           arena_printf(self->arena, "%s:%s", path_dir(self->arena, self->irqlint), getenv("PATH")),
           1);
    Output output = run_process(self, work, (const char *const[]){"sh", script, NULL});
    const char *out = replace_all(self, output.out, self->testdata, "@TESTDATA@");
    const char *err = replace_all(self, output.err, self->testdata, "@TESTDATA@");
    const char *exit_code = arena_printf(self->arena, "%d\n", output.exit_code);
    int failures = compare_golden(self, path_join(self->arena, dir, "stdout"),
                                  replace_all(self, out, work, "@DIR@"));
    failures += compare_golden(self, path_join(self->arena, dir, "stderr"),
                               replace_all(self, err, work, "@DIR@"));
    return failures + compare_golden(self, path_join(self->arena, dir, "exit"), exit_code);
}
