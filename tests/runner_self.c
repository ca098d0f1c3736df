/* runner_self: the matcher itself: every way in which annotations and findings can disagree must
 * fail, and agreement must not.
 */
#include "tests/runner.h"

/* One source line, at most two findings on lines of it, and how many failures that is. */
typedef struct SelfCase {
    const char *source;   /* the source text */
    const char *finding;  /* rule of a finding with message "at DISPATCH_LEVEL"; NULL none */
    uint32_t line;        /* where it is */
    const char *finding2; /* rule of a second one on the same line; NULL none */
    int bad_tags;         /* expected result of read_tags */
    int failures;         /* expected result of match_tags */
} SelfCase;

static const SelfCase cases[] = {
    /* agreement */
    {"f(); // expect: a-b \"DISPATCH\"\n", "a-b", 1, NULL, 0, 0},
    {"f(); // expect: a-b \"DISPATCH\"; c \"at\"\n", "c", 1, "a-b", 0, 0},
    {"f(); // expect: a \"at\" // expect-missed: b why\n", "a", 1, NULL, 0, 0},
    {"f(); // expect-false: a  why\n", "a", 1, NULL, 0, 0},
    {"f(); // expect-missed: a  why\n", NULL, 0, NULL, 0, 0},
    {"f(); // what to expect: nothing special\n", NULL, 0, NULL, 0, 0},
    {"f(); // expected\n", NULL, 0, NULL, 0, 0},
    {"\n\nf(); // expect: a \"DIS\"\r\n", "a", 3, NULL, 0, 0},
    /* disagreement */
    {"f();\n", "a", 1, NULL, 0, 1},
    {"f(); // expect: a \"DISPATCH\"\n", NULL, 0, NULL, 0, 1},
    {"f(); // expect: a \"DIRQL\"\n", "a", 1, NULL, 0, 2},
    {"f(); // expect: a \"DISPATCH\"\n", "b", 1, NULL, 0, 2},
    {"\nf(); // expect: a \"DISPATCH\"\n", "a", 1, NULL, 0, 2},
    {"f(); // expect: a \"DISPATCH\"\n", "a", 1, "a", 0, 1},
    {"f(); // expect-false: a  why\n", NULL, 0, NULL, 0, 1},
    {"f(); // expect-missed: a  why\n", "a", 1, NULL, 0, 2},
    {"f(); // expect: a \"at\" // expect-missed: b why\n", "a", 1, "b", 0, 2},
    /* tags that are none */
    {"f(); // expect-mised: a why\n", NULL, 0, NULL, 1, 0},
    {"f(); // expect-missed a why\n", NULL, 0, NULL, 1, 0},
    {"f(); // expect: a\n", NULL, 0, NULL, 1, 0},
    {"f(); // expect: a \"\"\n", NULL, 0, NULL, 1, 0},
    {"f(); // expect: a \"x\" y\n", "a", 1, NULL, 1, 2},
    {"f(); // expect-false: a\n", NULL, 0, NULL, 1, 0},
    {"f(); /* expect: a \"x\" */\n", NULL, 0, NULL, 1, 0},
};

static void add_found(Runner *self, FoundArray *found, const char *rule, uint32_t line) {
    Found one = {.file = "dir/x.c",
                 .line = line,
                 .rule = rule,
                 .message = "at DISPATCH_LEVEL",
                 .irql = "DISPATCH_LEVEL"};
    if (rule != NULL)
        array_push(found, self->arena, one);
}

int test_self(Runner *self, const char *unused) {
    int failures = 0;
    (void)unused;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const SelfCase *one = &cases[i];
        TagArray tags = {0};
        FoundArray found = {0};
        Text log = self->log;
        self->log = (Text){0};
        add_found(self, &found, one->finding, one->line);
        add_found(self, &found, one->finding2, one->line);
        int bad_tags = read_tags(self, "x.c", one->source, &tags);
        int mismatches = match_tags(self, &tags, &found);
        self->log = log;
        if (bad_tags != one->bad_tags || mismatches != one->failures)
            failures += fail(self, "case %zu: %d bad tags, %d failures: %s", i, bad_tags,
                             mismatches, one->source);
    }
    return failures;
}
