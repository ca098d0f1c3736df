/* coverage: counts of what was understood of a run, and what was missing, by name.
 *
 * Invariant: nothing that was not analysed counts as understood: a file that is in two drivers
 * counts by the worse of both, and shares are rounded down, so that 100 % means all. Names come out
 * of clang's messages; a message that names nothing is counted too.
 */
#include "analyzer/report/coverage.h"

#include <stdlib.h>

const char *missing_kind_name(MissingKind kind) {
    static const char *const names[MISSING_KIND_COUNT] = {
        [MISSING_HEADER] = "header", [MISSING_FUNCTION] = "function",
        [MISSING_TYPE] = "type",     [MISSING_NAME] = "name",
        [MISSING_MEMBER] = "member", [MISSING_CONSTRUCT] = "construct"};
    return names[kind];
}

uint32_t coverage_permille(uint32_t part, uint32_t whole) {
    return whole == 0 ? 1000 : (uint32_t)((uint64_t)part * 1000 / whole);
}

bool coverage_is_kernel(const StoredApi *api) {
    return api->origin != API_OF_DRIVER || api->level != API_LEVEL_NO_ROW;
}

/* ---- files ---------------------------------------------------------------------------------- */

static bool is_worse(const StoredUnit *unit, const StoredUnit *other) {
    if (unit->status != other->status)
        return unit->status > other->status;
    return unit->errors > other->errors;
}

static void add_unit(Arena *arena, Coverage *self, const StoredUnit *unit) {
    uint32_t len = self->files.len;
    if (len == 0 || !str_eq(self->files.items[len - 1].unit->file, unit->file)) {
        FileCoverage file = {.unit = unit,
                             .is_cxx = !str_ends_with(unit->file, ".c") &&
                                       !str_ends_with(unit->file, ".C")};
        array_push(&self->files, arena, file);
    }
    FileCoverage *file = &self->files.items[self->files.len - 1];
    array_push(&file->drivers, arena, unit->driver);
    if (unit->incomplete_functions > file->incomplete)
        file->incomplete = unit->incomplete_functions;
    if (is_worse(unit, file->unit))
        file->unit = unit;
}

static void count_file(Coverage *self, const FileCoverage *file) {
    LanguageCoverage *language = file->is_cxx ? &self->cxx : &self->c;
    const StoredUnit *unit = file->unit;
    language->files++;
    language->clean_files += unit->status == IR_OK;
    language->failed += unit->status == IR_FAILED;
    language->functions += unit->functions;
    if (file->incomplete < unit->functions)
        language->understood += unit->functions - file->incomplete;
}

const char *coverage_driver_names(Arena *arena, const FileCoverage *file) {
    enum { MOST = 3 };
    Text text = {0};
    uint32_t count = file->drivers.len;
    for (uint32_t i = 0; i < count && i < MOST; i++)
        text_printf(&text, arena, "%s%s", i == 0 ? "" : ", ", file->drivers.items[i]);
    if (count > MOST)
        text_printf(&text, arena, " and %u more", count - MOST);
    return text_cstr(&text, arena);
}

/* ---- missing names -------------------------------------------------------------------------- */

/* How clang begins what it says of a name, which follows in quotes. */
static const struct Phrase {
    const char *text;
    MissingKind kind;
} phrases[] = {
    {"unknown type name '", MISSING_TYPE},
    {"no type named '", MISSING_TYPE},
    {"incomplete type '", MISSING_TYPE},
    {"unknown class name '", MISSING_TYPE},
    {"no template named '", MISSING_TYPE},
    {"call to undeclared function '", MISSING_FUNCTION},
    {"use of undeclared identifier '", MISSING_NAME},
    {"no member named '", MISSING_MEMBER},
};

/* The name that an error is about; NULL: none. */
static const char *name_in_error(Arena *arena, const char *message, MissingKind *kind) {
    for (size_t i = 0; i < sizeof phrases / sizeof phrases[0]; i++) {
        const char *at = strstr(message, phrases[i].text);
        if (at == NULL)
            continue;
        at += strlen(phrases[i].text);
        *kind = phrases[i].kind;
        return arena_strndup(arena, at, strcspn(at, "'"));
    }
    return NULL;
}

static const char *missing_name(Arena *arena, const StoredMessage *message, MissingKind *kind) {
    *kind = message->kind == IR_NOTE_MISSING    ? MISSING_HEADER
            : message->kind == IR_NOTE_IMPLICIT ? MISSING_FUNCTION
                                                : MISSING_CONSTRUCT;
    if (message->kind == IR_NOTE_ERROR)
        return name_in_error(arena, message->what, kind);
    return message->what;
}

typedef struct MissingTable {
    Arena *arena;       /* of everything */
    Coverage *coverage; /* the result */
    StrTab *keys;       /* "kind name" */
    Map64 *index;       /* of a key: + 1 in coverage->missing */
} MissingTable;

static void add_missing(MissingTable *self, const StoredMessage *message, uint32_t file) {
    MissingKind kind;
    const char *name = missing_name(self->arena, message, &kind);
    if (name == NULL) {
        self->coverage->other_errors++;
        return;
    }
    StrId key = strtab_add(self->keys, arena_printf(self->arena, "%u %s", (unsigned)kind, name));
    uint32_t *index = map64_put(self->index, key, NULL);
    if (*index == 0) {
        array_push(&self->coverage->missing, self->arena, (MissingName){kind, name, 0, 0});
        *index = self->coverage->missing.len;
    }
    MissingName *missing = &self->coverage->missing.items[*index - 1];
    missing->files += missing->last_file != file;
    missing->last_file = file;
}

static int compare_missing(const void *a, const void *b) {
    const MissingName *left = a, *right = b;
    if (left->files != right->files)
        return left->files > right->files ? -1 : 1;
    if (left->kind != right->kind)
        return left->kind < right->kind ? -1 : 1;
    return strcmp(left->name, right->name);
}

static void count_missing(Arena *arena, Coverage *self) {
    MissingTable table = {arena, self, strtab_new(arena), map64_new(arena)};
    for (uint32_t i = 0; i < self->files.len; i++) {
        const StoredUnit *unit = self->files.items[i].unit;
        for (uint32_t k = 0; k < unit->message_count; k++)
            add_missing(&table, &unit->messages[k], i + 1);
    }
    if (self->missing.len != 0)
        qsort(self->missing.items, self->missing.len, sizeof(MissingName), compare_missing);
}

/* ---- the whole ------------------------------------------------------------------------------ */

static void count_api(Coverage *self, const StoredApi *api) {
    if (!coverage_is_kernel(api)) {
        self->library_functions++;
        self->library_calls += api->calls;
        return;
    }
    self->api_functions++;
    self->no_row_functions += api->level == API_LEVEL_NO_ROW;
    self->api_calls[api->level] += api->calls;
    self->api_total += api->calls;
}

void coverage_count(Arena *arena, const StoredRun *run, Coverage *coverage) {
    *coverage = (Coverage){0};
    for (uint32_t i = 0; i < run->units.len; i++)
        add_unit(arena, coverage, &run->units.items[i]);
    for (uint32_t i = 0; i < coverage->files.len; i++)
        count_file(coverage, &coverage->files.items[i]);
    count_missing(arena, coverage);
    for (uint32_t i = 0; i < run->apis.len; i++)
        count_api(coverage, &run->apis.items[i]);
}
