/* listing: functions with the (context, IRQL) pairs they can be entered at, and why: as text and as
 * JSON (docs/json-report.md).
 *
 * Invariant: functions come in the order given, pairs by context, then level, so equal runs give
 * equal bytes. Weak pairs are listed like others and called weak.
 */
#include "analyzer/report/internal.h"

typedef struct Listing {
    Arena *arena;                  /* of everything */
    Store *store;                  /* paths are read from it */
    const StoredRun *run;          /* the functions */
    const ListingOptions *options; /* as asked */
    FILE *out;                     /* text goes here */
    Error *err;                    /* where the reason goes */
} Listing;

static const char *const certainty_words[CERTAINTY_COUNT] = {
    [CERTAIN] = "certain", [POSSIBLE] = "possible", [POSSIBLE_WEAK] = "weak"};

static const char *shown_path(const Listing *self, const char *path) {
    return report_shown_path(self->arena, self->options->base_dir, self->run->root, path);
}

static bool is_asked_for(const Listing *self, unsigned pair) {
    const ListingOptions *options = self->options;
    return (options->context < 0 || (unsigned)options->context == pair_context(pair)) &&
           (options->irql < 0 || (unsigned)options->irql == pair_irql(pair));
}

static PairSet shown_pairs(const Listing *self, const StoredFunction *function) {
    PairSet pairs = 0, all = site_pairs_any(function->pairs);
    for (unsigned pair = 0; pair < CONTEXT_COUNT * IRQL_COUNT; pair++) {
        if ((all >> pair & 1) != 0 && is_asked_for(self, pair))
            pairs |= (PairSet)1 << pair;
    }
    return pairs;
}

/* The least pair of the set, taken out of it. */
static unsigned take_pair(PairSet *pairs) {
    unsigned pair = 0;
    while ((*pairs >> pair & 1) == 0)
        pair++;
    *pairs &= *pairs - 1;
    return pair;
}

static const char *certainty_word(const StoredFunction *function, unsigned pair) {
    PairSet bit = (PairSet)1 << pair;
    Certainty certainty = CERTAIN;
    while (certainty < POSSIBLE_WEAK && (function->pairs.by[certainty] & bit) == 0)
        certainty++;
    return certainty_words[certainty];
}

/* Without their pairs, functions that have none at all are listed only when no pair is asked for.
 */
static bool is_listed(const Listing *self, const StoredFunction *function) {
    bool filtered = self->options->context >= 0 || self->options->irql >= 0;
    return !filtered || shown_pairs(self, function) != 0;
}

static int read_path(const Listing *self, const StoredFunction *function, unsigned pair,
                     StoredPath *path) {
    if (store_read_path(self->arena, self->store, function->id, pair, path, self->err) != 0)
        return -1;
    for (uint32_t i = 0; i < path->step_count; i++)
        path->steps[i].file = shown_path(self, path->steps[i].file);
    return 0;
}

/* ---- JSON ----------------------------------------------------------------------------------- */

static int add_path(const Listing *self, const StoredFunction *function, unsigned pair,
                    cJSON *context) {
    StoredPath path;
    if (read_path(self, function, pair, &path) != 0)
        return -1;
    cJSON_AddStringToObject(context, "assumption", path.assumption);
    cJSON *steps = cJSON_AddArrayToObject(context, "steps");
    for (uint32_t i = 0; i < path.step_count; i++)
        report_add_step(steps, &path.steps[i]);
    return 0;
}

static int add_function(const Listing *self, const StoredFunction *function, cJSON *functions) {
    cJSON *object = json_add_object(functions);
    cJSON_AddStringToObject(object, "name", function->name);
    cJSON_AddStringToObject(object, "file", shown_path(self, function->file));
    cJSON_AddNumberToObject(object, "line", function->line);
    cJSON_AddStringToObject(object, "driver", function->driver);
    cJSON_AddStringToObject(object, "segment", function->segment);
    cJSON *contexts = cJSON_AddArrayToObject(object, "contexts");
    for (PairSet pairs = shown_pairs(self, function); pairs != 0;) {
        unsigned pair = take_pair(&pairs);
        cJSON *context = json_add_object(contexts);
        cJSON_AddStringToObject(context, "context", context_name(pair_context(pair)));
        cJSON_AddStringToObject(context, "irql", irql_name(pair_irql(pair)));
        cJSON_AddStringToObject(context, "certainty", certainty_word(function, pair));
        if (self->options->paths && add_path(self, function, pair, context) != 0)
            return -1;
    }
    return 0;
}

static int list_json(const Listing *self) {
    cJSON *root = cJSON_CreateObject();
    cJSON_AddNumberToObject(root, "version", 1);
    cJSON *functions = cJSON_AddArrayToObject(root, "functions");
    int result = 0;
    for (uint32_t i = 0; i < self->run->functions.len && result == 0; i++) {
        const StoredFunction *function = &self->run->functions.items[i];
        if (self->options->paths || is_listed(self, function))
            result = add_function(self, function, functions);
    }
    if (result != 0)
        cJSON_Delete(root);
    else if (json_put(root, self->out) != 0)
        result = error_set(self->err, "out of memory");
    return result;
}

/* ---- the table ------------------------------------------------------------------------------ */

enum { COLUMN_COUNT = 7 };

typedef struct Row {
    const char *cells[COLUMN_COUNT]; /* function, file:line, driver, segment, context … */
} Row;

typedef Array(Row) RowArray;

static Row row_of(const Listing *self, const StoredFunction *function) {
    const char *place =
        arena_printf(self->arena, "%s:%u", shown_path(self, function->file), function->line);
    const char *segment = function->segment[0] == '\0' ? "-" : function->segment;
    return (Row){{function->name, place, function->driver, segment, "-", "-", "-"}};
}

static void add_rows(const Listing *self, const StoredFunction *function, RowArray *rows) {
    Row row = row_of(self, function);
    PairSet pairs = shown_pairs(self, function);
    if (pairs == 0)
        array_push(rows, self->arena, row);
    while (pairs != 0) {
        unsigned pair = take_pair(&pairs);
        row.cells[4] = context_name(pair_context(pair));
        row.cells[5] = irql_name(pair_irql(pair));
        row.cells[6] = certainty_word(function, pair);
        array_push(rows, self->arena, row);
    }
}

static int list_table(const Listing *self) {
    RowArray rows = {0};
    Row head = {{"function", "where", "driver", "segment", "context", "level", "certainty"}};
    array_push(&rows, self->arena, head);
    for (uint32_t i = 0; i < self->run->functions.len; i++) {
        if (is_listed(self, &self->run->functions.items[i]))
            add_rows(self, &self->run->functions.items[i], &rows);
    }
    uint32_t widths[COLUMN_COUNT] = {0};
    for (uint32_t i = 0; i < rows.len; i++) {
        for (unsigned c = 0; c < COLUMN_COUNT; c++) {
            uint32_t width = report_width(rows.items[i].cells[c]);
            widths[c] = width > widths[c] ? width : widths[c];
        }
    }
    widths[COLUMN_COUNT - 1] = 0; /* nothing after the last column */
    for (uint32_t i = 0; i < rows.len && rows.len > 1; i++) {
        for (unsigned c = 0; c < COLUMN_COUNT; c++) {
            fputs(c == 0 ? "" : "  ", self->out);
            report_put_padded(self->out, rows.items[i].cells[c], widths[c]);
        }
        fputc('\n', self->out);
    }
    return 0;
}

/* ---- paths ---------------------------------------------------------------------------------- */

static int list_path(const Listing *self, const StoredFunction *function, unsigned pair) {
    StoredPath path;
    if (read_path(self, function, pair, &path) != 0)
        return -1;
    fprintf(self->out, "\n%s, %s: %s", irql_name(pair_irql(pair)), context_name(pair_context(pair)),
            certainty_words[path.certainty]);
    if (path.assumption[0] != '\0')
        fputs(": ", self->out);
    report_put(self->out, path.assumption);
    fputc('\n', self->out);
    if (path.step_count == 0)
        fputs("    the path was not kept; `irqlint check` finds it again\n", self->out);
    uint32_t width = 0;
    for (uint32_t i = 0; i < path.step_count; i++)
        width = report_place_width(self->arena, width, &path.steps[i]);
    for (uint32_t i = 0; i < path.step_count; i++)
        report_put_step(self->arena, self->out, &path.steps[i], i + 1, width);
    return 0;
}

static const char *nothing_known(const Listing *self) {
    const ListingOptions *options = self->options;
    if (options->context < 0 && options->irql < 0)
        return "nothing is known to call it";
    const char *at = options->irql < 0 ? "" : irql_name((Irql)options->irql);
    const char *in = options->context < 0 ? "" : context_name((Context)options->context);
    return arena_printf(self->arena, "not known to be entered%s%s%s%s", at[0] == '\0' ? "" : " at ",
                        at, in[0] == '\0' ? "" : " in context ", in);
}

static int list_function_paths(const Listing *self, const StoredFunction *function) {
    PairSet pairs = shown_pairs(self, function);
    report_put(self->out, function->name);
    fputs(" (", self->out);
    report_put(self->out, shown_path(self, function->file));
    fprintf(self->out, ":%u, driver ", function->line);
    report_put(self->out, function->driver);
    if (function->segment[0] != '\0') {
        fputs(", segment ", self->out);
        report_put(self->out, function->segment);
    }
    fputs(")\n", self->out);
    if (pairs == 0)
        fprintf(self->out, "\n%s\n", nothing_known(self));
    while (pairs != 0) {
        if (list_path(self, function, take_pair(&pairs)) != 0)
            return -1;
    }
    return 0;
}

static int list_paths(const Listing *self) {
    for (uint32_t i = 0; i < self->run->functions.len; i++) {
        fputs(i == 0 ? "" : "\n", self->out);
        if (list_function_paths(self, &self->run->functions.items[i]) != 0)
            return -1;
    }
    return 0;
}

int report_list(Arena *arena, Store *store, const StoredRun *run, const ListingOptions *options,
                FILE *out, Error *err) {
    Listing self = {arena, store, run, options, out, err};
    int result = options->format == REPORT_JSON ? list_json(&self)
                 : options->paths               ? list_paths(&self)
                                                : list_table(&self);
    if (result == 0 && ferror(out))
        return error_set(err, "the output could not be written");
    return result;
}
