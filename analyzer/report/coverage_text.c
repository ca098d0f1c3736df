/* coverage_text: how the text report ends: how much was understood, and what was not.
 *
 * Invariant: what a short list leaves out is counted in its last words; --coverage has all.
 */
#include "analyzer/report/internal.h"

enum {
    MOST_NAMES = 5, /* in one line */
    MOST_FILES = 10 /* that were analysed in part, a line each */
};

/* "450 of 528 (85.2 %)". */
static void put_share(FILE *out, uint32_t part, uint32_t whole) {
    uint32_t permille = coverage_permille(part, whole);
    fprintf(out, "%u of %u (%u.%u %%)", part, whole, permille / 10, permille % 10);
}

/* ---- files and functions ----------------------------------------------------------------------
 */

static void put_language(const char *name, const LanguageCoverage *language, FILE *out) {
    if (language->files == 0)
        return;
    fprintf(out, "%s: files without error ", name);
    put_share(out, language->clean_files, language->files);
    if (language->failed != 0)
        fprintf(out, ", %u not analysed", language->failed);
    fputs("; functions understood whole ", out);
    put_share(out, language->understood, language->functions);
    fputs("\n", out);
}

static void put_files(const Report *self, FILE *out) {
    const Coverage *coverage = &self->coverage;
    uint32_t drivers = self->run.drivers.len, files = coverage->files.len;
    uint32_t functions = coverage->c.functions + coverage->cxx.functions;
    fprintf(out, "%u driver%s, %u file%s, %u function%s\n", drivers, report_plural(drivers), files,
            report_plural(files), functions, report_plural(functions));
    put_language("C", &coverage->c, out);
    put_language("C++", &coverage->cxx, out);
}

/* A file that is not whole, with the first thing that is wrong. */
static void put_gap(const Report *self, const FileCoverage *file, FILE *out) {
    const StoredUnit *unit = file->unit;
    fprintf(out, "%s: ", unit->status == IR_FAILED ? "failed" : "partial");
    report_put(out, unit->file);
    if (self->run.drivers.len > 1) {
        fputs(" (", out);
        report_put(out, coverage_driver_names(self->arena, file));
        fputs(")", out);
    }
    if (unit->errors != 0)
        fprintf(out, ": %u error%s", unit->errors, report_plural(unit->errors));
    if (unit->message_count != 0) {
        fputs(unit->errors > 1 ? ", first " : ": ", out);
        const StoredMessage *message = &unit->messages[0];
        report_put(out, message->line == 0 ? message->text : report_unit_message(self, message));
    }
    fputs("\n", out);
}

/* Files that could not be analysed are all named, others up to `most`. */
static void put_gaps(const Report *self, uint32_t most, FILE *out) {
    uint32_t partial = 0;
    for (uint32_t i = 0; i < self->coverage.files.len; i++) {
        const FileCoverage *file = &self->coverage.files.items[i];
        partial += file->unit->status == IR_PARTIAL;
        if (file->unit->status == IR_FAILED ||
            (file->unit->status == IR_PARTIAL && partial <= most))
            put_gap(self, file, out);
    }
    if (partial > most)
        fprintf(out, "partial: %u more file%s (--coverage lists them)\n", partial - most,
                report_plural(partial - most));
}

/* ---- calls out of the drivers -----------------------------------------------------------------
 */

static bool is_unknown(const StoredApi *api) {
    return coverage_is_kernel(api) && api->level == API_LEVEL_NO_ROW;
}

static void put_levels(const Coverage *coverage, FILE *out) {
    static const char *const words[API_LEVEL_COUNT] = {[API_LEVEL_WEAK] = "inferred",
                                                       [API_LEVEL_UNKNOWN] = "undocumented",
                                                       [API_LEVEL_NO_ROW] = "unknown functions"};
    if (coverage->api_total == 0)
        return;
    fputs("calls of kernel functions with a documented highest IRQL: ", out);
    put_share(out, coverage->api_calls[API_LEVEL_DEFINITE], coverage->api_total);
    for (ApiLevel level = API_LEVEL_WEAK; level < API_LEVEL_COUNT; level++) {
        if (coverage->api_calls[level] != 0)
            fprintf(out, ", %s %u", words[level], coverage->api_calls[level]);
    }
    fputs("\n", out);
}

static void put_unknown_functions(const Report *self, FILE *out) {
    uint32_t count = self->coverage.no_row_functions, shown = 0;
    if (count == 0)
        return;
    fprintf(out, "unknown kernel functions: %u:", count);
    for (uint32_t i = 0; i < self->run.apis.len && shown < MOST_NAMES; i++) {
        const StoredApi *api = &self->run.apis.items[i];
        if (!is_unknown(api))
            continue;
        fputs(shown++ == 0 ? " " : ", ", out);
        report_put(out, api->name);
        fprintf(out, " (%u call%s)", api->calls, report_plural(api->calls));
    }
    if (count > shown)
        fprintf(out, ", %u more", count - shown);
    fputs("\n", out);
}

static void put_calls(const Report *self, FILE *out) {
    const Coverage *coverage = &self->coverage;
    put_levels(coverage, out);
    put_unknown_functions(self, out);
    if (coverage->library_functions != 0)
        fprintf(out, "functions that only the driver declares, unknown: %u (%u call%s)\n",
                coverage->library_functions, coverage->library_calls,
                report_plural(coverage->library_calls));
    if (self->run.unresolved.len != 0)
        fprintf(out, "calls through pointers that could not be resolved: %u\n",
                self->run.unresolved.len);
}

/* ---- missing names ----------------------------------------------------------------------------
 */

/* Constructs are left to the lists: most follow from a name that is missing. */
static void put_missing(const Coverage *coverage, FILE *out) {
    uint32_t count = 0;
    for (uint32_t i = 0; i < coverage->missing.len; i++) {
        const MissingName *missing = &coverage->missing.items[i];
        if (missing->kind == MISSING_CONSTRUCT || count++ >= MOST_NAMES)
            continue;
        fprintf(out, "%s %s ", count == 1 ? "missing:" : ",", missing_kind_name(missing->kind));
        report_put(out, missing->name);
        fprintf(out, " (%u file%s)", missing->files, report_plural(missing->files));
    }
    if (count > MOST_NAMES)
        fprintf(out, ", %u more", count - MOST_NAMES);
    if (count != 0)
        fputs("\n", out);
}

void report_put_coverage(const Report *self, FILE *out) {
    put_files(self, out);
    put_calls(self, out);
    put_missing(&self->coverage, out);
    put_gaps(self, self->options->coverage ? UINT32_MAX : MOST_FILES, out);
}

/* ---- complete lists ---------------------------------------------------------------------------
 */

static void list_incomplete(const Report *self, FILE *out) {
    bool any = false;
    for (uint32_t i = 0; i < self->coverage.files.len; i++) {
        const FileCoverage *file = &self->coverage.files.items[i];
        if (file->incomplete == 0)
            continue;
        if (!any)
            fputs("\nFunctions not understood completely, by file:\n", out);
        any = true;
        fprintf(out, "%8u of %-6u ", file->incomplete, file->unit->functions);
        report_put(out, file->unit->file);
        fputs("\n", out);
    }
}

static void list_missing(const Coverage *coverage, FILE *out) {
    if (coverage->missing.len != 0)
        fputs("\nMissing, by the number of files:\n", out);
    for (uint32_t i = 0; i < coverage->missing.len; i++) {
        const MissingName *missing = &coverage->missing.items[i];
        fprintf(out, "%8u  %-9s  ", missing->files, missing_kind_name(missing->kind));
        report_put(out, missing->name);
        fputs("\n", out);
    }
    if (coverage->other_errors != 0)
        fprintf(out, "%8u  other error%s\n", coverage->other_errors,
                report_plural(coverage->other_errors));
}

/* Kernel functions without a documented level, or functions that only the drivers declare. */
static void list_functions(const Report *self, bool kernel, FILE *out) {
    bool any = false;
    for (uint32_t i = 0; i < self->run.apis.len; i++) {
        const StoredApi *api = &self->run.apis.items[i];
        if (coverage_is_kernel(api) != kernel || api->level == API_LEVEL_DEFINITE)
            continue;
        if (!any)
            fputs(kernel ? "\nKernel functions without a documented highest IRQL (weak: inferred; "
                           "unknown: in no source; none: unknown function), by calls:\n"
                         : "\nFunctions that only the driver declares, unknown, by calls:\n",
                  out);
        any = true;
        fprintf(out, "%8u  ", api->calls);
        if (kernel)
            fprintf(out, "%-7s  ", api_level_name(api->level));
        report_put(out, api->name);
        fputs(api->origin == API_UNDECLARED ? "  (undeclared)\n" : "\n", out);
    }
}

static void list_unresolved(const Report *self, FILE *out) {
    if (self->run.unresolved.len != 0)
        fputs("\nCalls through pointers that could not be resolved:\n", out);
    for (uint32_t i = 0; i < self->run.unresolved.len; i++) {
        const StoredUnresolved *call = &self->run.unresolved.items[i];
        fputs("  ", out);
        report_put(out, call->file);
        fprintf(out, ":%u:%u: ", call->line, call->column);
        report_put(out, call->function);
        fputs("\n", out);
    }
}

void report_put_coverage_lists(const Report *self, FILE *out) {
    list_incomplete(self, out);
    list_missing(&self->coverage, out);
    list_functions(self, true, out);
    list_functions(self, false, out);
    list_unresolved(self, out);
}
