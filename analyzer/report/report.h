/* report: the store -> text, JSON, SARIF. Reads the store only.
 *
 * All formats list the same findings in the same order, and hold neither times nor anything else
 * that differs between two runs over the same sources: equal runs give equal bytes. The JSON is
 * described in docs/json-report.md.
 */
#ifndef IRQLINT_REPORT_H
#define IRQLINT_REPORT_H

#include "analyzer/base/base.h"
#include "analyzer/store/store.h"

typedef enum ReportFormat { REPORT_TEXT, REPORT_JSON, REPORT_SARIF } ReportFormat;

typedef struct ReportOptions {
    ReportFormat format;  /* which */
    Certainty certainty;  /* least sure findings shown */
    bool colour;          /* text: ANSI colours */
    const char *base_dir; /* absolute folder that paths are shown relative to, when it holds the
                             run's root (the user's current folder); NULL: the run's root */
} ReportOptions;

/* Writes the report of a run. *shown (may be NULL) is the number of findings in it. 0 or -1. */
int report_write(Arena *arena, Store *store, int64_t run_id, const ReportOptions *options,
                 FILE *out, uint32_t *shown, Error *err);

#endif
