/* runner: drives every kind of test but the units, by running the built irqlint as a process.
 *
 * Each kind returns the number of failures and appends to `log` what failed, in words that say what
 * to do. Nothing here knows the analyser's insides: only its reports.
 */
#ifndef IRQLINT_RUNNER_H
#define IRQLINT_RUNNER_H

#include "analyzer/base/base.h"

typedef struct Runner {
    Arena *arena;         /* of the run */
    const char *irqlint;  /* absolute path of the program under test */
    const char *testdata; /* absolute path of testdata/ */
    const char *work;     /* empty folder of this run, removed at the end */
    bool update;          /* rewrite goldens instead of comparing */
    Text log;             /* what failed */
} Runner;

/* Appends a line to the log; returns 1, so that callers write `return fail(…)`. */
int fail(Runner *self, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* ---- processes and files ------------------------------------------------------------------- */

typedef struct Output {
    int exit_code; /* 128 + signal when it was killed */
    char *out;     /* standard output, NUL-terminated */
    char *err;     /* standard error, NUL-terminated */
} Output;

/* Runs argv[0] (NULL-terminated list) in folder `dir` with nothing on standard input. */
Output run_process(Runner *self, const char *dir, const char *const *argv);
/* The file's text, or NULL when there is none. */
char *read_text(Runner *self, const char *path);
void write_text(Runner *self, const char *path, const char *text);
/* Names in a folder, sorted, without dot files; empty when there is no such folder. */
CStrArray list_dir(Runner *self, const char *dir);
bool is_dir(const char *path);
/* `text` with every `from` replaced. */
char *replace_all(Runner *self, const char *text, const char *from, const char *to);
/* Compares with the golden file, or rewrites it. Returns the number of failures. */
int compare_golden(Runner *self, const char *golden, const char *actual);

/* ---- annotations --------------------------------------------------------------------------- */

typedef enum TagKind {
    TAG_EXPECT, /* expect: a finding, right */
    TAG_MISSED, /* expect-missed: no finding, though there should be one */
    TAG_FALSE,  /* expect-false: a finding, though there should be none */
    TAG_COUNT
} TagKind;

typedef struct Tag {
    TagKind kind;     /* which */
    const char *file; /* relative to the folder of the test */
    uint32_t line;    /* 1-based */
    const char *rule; /* rule id */
    const char *text; /* TAG_EXPECT: part of message or level; else the reason */
} Tag;

typedef Array(Tag) TagArray;

/* A finding as the JSON report gives it. */
typedef struct Found {
    const char *file;        /* as reported */
    uint32_t line;           /* 1-based */
    uint32_t column;         /* 1-based */
    const char *rule;        /* rule id */
    const char *message;     /* one sentence */
    const char *irql;        /* level name */
    const char *fingerprint; /* hexadecimal */
    bool taken;              /* some tag accounts for it */
} Found;

typedef Array(Found) FoundArray;

/* Reads the tags of a source text. Returns the number of malformed ones, each logged. */
int read_tags(Runner *self, const char *file, const char *source, TagArray *tags);
/* Holds findings against tags. Returns the number of failures, each logged. */
int match_tags(Runner *self, const TagArray *tags, FoundArray *found);
/* Reads a JSON report; *bad_units counts units that are not "ok", each logged. 0 or -1, logged. */
int read_json_report(Runner *self, const char *json, FoundArray *found, int *bad_units);

/* ---- the kinds of tests -------------------------------------------------------------------- */

int test_rule(Runner *self, const char *rule);     /* testdata/rules/<rule> */
int test_driver(Runner *self, const char *driver); /* testdata/drivers/<driver> */
int test_golden(Runner *self, const char *stage);  /* testdata/{ir,link,infer} */
int test_report(Runner *self, const char *driver); /* testdata/report/<driver>.{txt,json,sarif} */
int test_cli(Runner *self, const char *name);      /* testdata/cli/<name> */
int test_order(Runner *self, const char *unused);  /* shuffled input, other -j: same bytes */
int test_forms(Runner *self, const char *unused);  /* text, JSON, SARIF: same findings */
int test_counts(Runner *self, const char *unused); /* README states the number of known mistakes */
int test_self(Runner *self, const char *unused);   /* the matcher fails when it has to */

#endif
