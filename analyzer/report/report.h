/* report: the store -> text, JSON, SARIF, HTML, GitLab's code quality, JUnit; tables of contexts
 * and paths. Reads the store only, but for the lines around those that HTML shows.
 *
 * All formats list the same findings in the same order, and hold neither times nor anything else
 * that differs between two runs over the same sources: equal runs give equal bytes. The JSON is
 * described in docs/json-report.md.
 */
#ifndef IRQLINT_REPORT_H
#define IRQLINT_REPORT_H

#include "analyzer/base/base.h"
#include "analyzer/store/store.h"

typedef enum ReportFormat {
    REPORT_TEXT,   /* for people: lines, carets, paths */
    REPORT_JSON,   /* docs/json-report.md */
    REPORT_SARIF,  /* 2.1.0 */
    REPORT_HTML,   /* one file for a browser, which needs nothing else */
    REPORT_GITLAB, /* code quality report: JSON */
    REPORT_JUNIT,  /* XML: a failed test a finding */
    REPORT_BRIEF,  /* text: one line a finding */
    REPORT_FORMAT_COUNT
} ReportFormat;

typedef struct ReportOptions {
    ReportFormat format;  /* which */
    Certainty certainty;  /* least sure findings shown */
    bool colour;          /* text: ANSI colours */
    bool compared;        /* with a baseline: SARIF says what is new */
    bool coverage;        /* text: lists of all that was not understood */
    const char *base_dir; /* NULL, or the user's folder: see report_shown_path */
} ReportOptions;

/* Writes the report of a run (out of store_read_run). 0 or -1. */
int report_write(Arena *arena, const StoredRun *run, const ReportOptions *options, FILE *out,
                 Error *err);

/* Prints text; control characters (C0 but for tabs, DEL, C1) become '?'. */
void report_put(FILE *out, const char *text);
/* A stored path as the user would type it in the absolute folder `base`: files in it relative to
 * it; others of the run by way of "..", when `base` lies inside the run's root; else, and with a
 * NULL base, as stored: relative to the root, the same on every machine. */
const char *report_shown_path(Arena *arena, const char *base, const char *root, const char *path);

typedef struct ListingOptions {
    ReportFormat format;  /* text or JSON */
    const char *base_dir; /* NULL, or the user's folder: see report_shown_path */
    int context;          /* Context, -1: all */
    int irql;             /* Irql, -1: all */
    bool paths;           /* the path of every pair; else a table of pairs */
} ListingOptions;

/* Writes the functions of `run` (out of store_read_functions, perhaps fewer). 0 or -1. */
int report_list(Arena *arena, Store *store, const StoredRun *run, const ListingOptions *options,
                FILE *out, Error *err);

typedef enum TableFormat { TABLE_TEXT, TABLE_JSON, TABLE_CSV } TableFormat;

/* Writes the answer to a query. 0 or -1. */
int report_table(Arena *arena, const QueryResult *result, TableFormat format, FILE *out,
                 Error *err);

typedef struct GraphOptions {
    const bool *chosen;  /* by function of the run: it is shown … */
    uint32_t around;     /* … with what calls it and what it calls in so many steps */
    Certainty certainty; /* least sure contexts shown */
    bool json;           /* else DOT */
} GraphOptions;

/* Writes the graph of the functions of `run` (out of store_read_functions) and their calls. 0 or
 * -1. */
int report_graph(Arena *arena, const StoredRun *run, const StoredCalls *calls,
                 const GraphOptions *options, FILE *out, Error *err);

#endif
