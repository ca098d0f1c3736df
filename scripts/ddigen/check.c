/* check: argument numbers against the declarations of the model headers.
 *
 * Computes: for every routine with a declaration whose parameters are known, the highest argument
 * that a row speaks of must exist. Errs: a declaration that was guessed, a variadic one and a
 * routine without one are not checked.
 */
#include "scripts/ddigen/ddigen.h"

enum { MAX_DECLARATIONS_SIZE = 64 << 20, DECL_COLUMNS = 6, UNKNOWN_PARAMS = 1000 };

/* Parameter counts by name; a name declared in several headers has the largest. */
typedef struct Declarations {
    StrTab *names;   /* id -> name */
    U32Array counts; /* by id; UNKNOWN_PARAMS: not checked */
} Declarations;

static uint32_t count_params(const char *params) {
    if (str_eq(params, "void") || params[0] == '\0')
        return 0;
    if (strstr(params, "...") != NULL)
        return UNKNOWN_PARAMS;
    uint32_t count = 1;
    for (const char *at = params; *at != '\0'; at++)
        count += *at == ';';
    return count;
}

/* Columns: header name return_type params is_macro_or_inline source. */
static void add_declaration(Gen *self, Declarations *decls, char *line) {
    char *cells[DECL_COLUMNS] = {0};
    uint32_t count = 0;
    for (char *at = line; at != NULL && count < DECL_COLUMNS;) {
        cells[count++] = at;
        at = strchr(at, '\t');
        if (at != NULL)
            *at++ = '\0';
    }
    if (count < DECL_COLUMNS)
        return;
    bool trusted = str_starts_with(cells[5], "docs:");
    uint32_t params = trusted ? count_params(cells[3]) : UNKNOWN_PARAMS;
    StrId id = strtab_add(decls->names, cells[1]);
    while (decls->counts.len <= id)
        array_push(&decls->counts, self->arena, 0);
    if (params > decls->counts.items[id])
        decls->counts.items[id] = params;
}

static uint32_t declared_params(const Declarations *decls, const char *name) {
    StrId id = strtab_find(decls->names, name);
    return id < decls->counts.len ? decls->counts.items[id] : UNKNOWN_PARAMS;
}

static int place_arg(Place place) {
    return place.kind == PLACE_ARG || place.kind == PLACE_OUT || place.kind == PLACE_HIDDEN
               ? place.arg
               : -1;
}

static int larger(int a, int b) {
    return a > b ? a : b;
}

static int highest_arg(const DdiRow *ddi) {
    int highest = -1;
    for (uint32_t i = 0; i < ddi->conds.len; i++) {
        if (ddi->conds.items[i].kind != COND_OPAQUE)
            highest = larger(highest, ddi->conds.items[i].arg);
    }
    for (uint32_t i = 0; i < ddi->effects.len; i++) {
        const Effect *effect = &ddi->effects.items[i];
        highest = larger(highest, place_arg(effect->from));
        highest = larger(highest, place_arg(effect->saved));
        highest = larger(highest, place_arg(effect->lock));
        highest = larger(highest, effect->context_arg == NO_ARG ? -1 : effect->context_arg);
    }
    for (uint32_t i = 0; i < ddi->memory.len; i++) {
        if (ddi->memory.items[i].arg != NO_ARG)
            highest = larger(highest, ddi->memory.items[i].arg);
    }
    return highest;
}

static void check_arg(Gen *self, const Declarations *decls, const Table *table, uint32_t line,
                      const char *name, int highest) {
    uint32_t params = declared_params(decls, name);
    if (highest >= 0 && params != UNKNOWN_PARAMS && (uint32_t)highest >= params)
        gen_error(self, table, line, "%s has %u parameters, arg%d does not exist", name, params,
                  highest);
}

void gen_check_declarations(Gen *self, const char *path) {
    Error error = {{0}};
    char *data;
    size_t size;
    if (file_read(self->arena, path, MAX_DECLARATIONS_SIZE, &data, &size, &error) != 0)
        return;
    Declarations decls = {.names = strtab_new(self->arena)};
    array_push(&decls.counts, self->arena, UNKNOWN_PARAMS);
    for (char *line = data; *line != '\0';) {
        char *end = strchr(line, '\n');
        char *next = end == NULL ? line + strlen(line) : end + 1;
        if (end != NULL)
            *end = '\0';
        add_declaration(self, &decls, line);
        line = next;
    }
    for (uint32_t i = 0; i < self->ddis.len; i++) {
        const DdiRow *ddi = &self->ddis.items[i];
        check_arg(self, &decls, &self->irql, ddi->line, ddi->ddi.name, highest_arg(ddi));
    }
    for (uint32_t i = 0; i < self->by_ddi.len; i++) {
        const RegistrationRow *row = &self->by_ddi.items[i];
        check_arg(self, &decls, &self->registrations, row->line, row->reg.ddi, row->reg.arg);
    }
}
