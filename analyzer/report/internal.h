/* What the files of the report stage share. */
#ifndef IRQLINT_REPORT_INTERNAL_H
#define IRQLINT_REPORT_INTERNAL_H

#include "analyzer/json/json.h"
#include "analyzer/report/coverage.h"
#include "analyzer/report/report.h"

typedef struct RuleCount {
    const char *rule; /* rule id */
    uint32_t count;   /* findings shown */
} RuleCount;

/* A run as it is shown: findings filtered, paths rebased, counted. */
typedef struct Report {
    Arena *arena;                  /* of everything */
    const ReportOptions *options;  /* as asked */
    StoredRun run;                 /* findings: the ones shown */
    Array(StoredFinding) accepted; /* findings that would be shown, but are suppressed */
    Array(StoredFinding) known;    /* … but were there before */
    uint32_t certain, possible;    /* findings shown */
    uint32_t hidden;               /* findings less sure than asked for */
    Array(RuleCount) by_rule;      /* sorted by rule, none with 0 */
    uint32_t units[3];             /* by IrStatus */
    uint32_t functions;            /* with a body, of all units */
    uint32_t incomplete;           /* of these, not understood completely */
    Coverage coverage;             /* what was understood, each file once */
} Report;

/* brief: one line a finding. */
void report_text(const Report *self, bool brief, FILE *out);
/* 0, or -1 out of memory. */
int report_json(const Report *self, FILE *out);
int report_sarif(const Report *self, FILE *out);
int report_html(const Report *self, FILE *out);
int report_gitlab(const Report *self, FILE *out);
int report_junit(const Report *self, FILE *out);
/* "(certain)", "(possible: why)" */
const char *report_certainty(const Report *self, const StoredFinding *stored);

/* "file:line:column: text", as far as known. */
const char *report_notice(const Report *self, const StoredNotice *notice);
/* "file:line:column: error: …" */
const char *report_unit_message(const Report *self, const StoredMessage *message);
/* coverage_json.c: `parent`.coverage; `complete`: with each unresolved call. */
void report_add_coverage(const Report *self, cJSON *parent, bool complete);
/* coverage_text.c: the lines that end every text report; all lists, for --coverage. */
void report_put_coverage(const Report *self, FILE *out);
void report_put_coverage_lists(const Report *self, FILE *out);
/* json.c: a step, and a finding with its steps, as every JSON form of our own has them. */
void report_add_step(cJSON *steps, const Step *step);
cJSON *report_add_finding(cJSON *findings, const StoredFinding *stored);
/* Where the function can be entered, at least as sure as that. */
PairSet report_pairs(const StoredFunction *function, Certainty certainty);
/* `parent`.contexts: the pairs as objects. */
void report_add_contexts(cJSON *parent, PairSet pairs);

/* shown.c */
/* "s" unless the count is 1. */
const char *report_plural(uint32_t count);
/* Characters in the text. */
uint32_t report_width(const char *text);
void report_put_padded(FILE *out, const char *text, uint32_t width);
/* The larger of `width` and what "file:line:" of the step takes. */
uint32_t report_place_width(Arena *arena, uint32_t width, const Step *step);
/* One line: number, kind, place (padded to width), function, message; the level unless the message
 * names it. */
void report_put_step(Arena *arena, FILE *out, const Step *step, uint32_t number, uint32_t width);

#endif
