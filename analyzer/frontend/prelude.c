/* prelude: which model headers are precompiled for which units.
 *
 * Invariant: a prelude only holds headers that some of its units include under no conditional, and
 * only serves units with the same language and macros; a unit that configures model headers by
 * macros of its own gets none. What still differs (a driver header that defines something before
 * the first model header) shows as errors: then the unit is parsed again without (extract.c).
 */
#include "analyzer/frontend/extract.h"

/* With fewer units a prelude costs more than it saves: it takes as long as two to three parses. */
enum { MIN_UNITS = 4 };

static bool has_text(const CStrArray *texts, const char *text) {
    for (uint32_t i = 0; i < texts->len; i++) {
        if (str_eq(texts->items[i], text))
            return true;
    }
    return false;
}

/* The options that model headers could see: all but include folders and forced includes. */
static void visible_options(Arena *arena, const ProjectUnit *unit, CStrArray *options) {
    for (uint32_t i = 0; i < unit->args.len; i++) {
        const char *arg = unit->args.items[i];
        if (str_eq(arg, "-include") || str_eq(arg, "-isystem") || str_eq(arg, "-I"))
            i++;
        else if (!str_starts_with(arg, "-I") && !str_starts_with(arg, "-isystem"))
            array_push(options, arena, arg);
    }
}

static bool same_texts(const CStrArray *a, const CStrArray *b) {
    bool same = a->len == b->len;
    for (uint32_t i = 0; same && i < a->len; i++)
        same = str_eq(a->items[i], b->items[i]);
    return same;
}

static uint32_t group_of(Arena *arena, const ProjectUnit *unit, PreludeArray *preludes) {
    Prelude prelude = {.cxx = unit->cxx};
    visible_options(arena, unit, &prelude.options);
    for (uint32_t i = 0; i < preludes->len; i++) {
        if (preludes->items[i].cxx == unit->cxx &&
            same_texts(&preludes->items[i].options, &prelude.options))
            return i;
    }
    array_push(preludes, arena, prelude);
    return preludes->len - 1;
}

static void join_group(Arena *arena, Prelude *prelude, const ProjectClosure *closure) {
    prelude->unit_count++;
    for (uint32_t h = 0; h < closure->prelude.len; h++) {
        if (!has_text(&prelude->headers, closure->prelude.items[h]))
            array_push(&prelude->headers, arena, closure->prelude.items[h]);
    }
}

void prelude_plan(Arena *arena, const ProjectDriver *driver, ProjectClosure *const *closures,
                  PreludeArray *preludes, PreludeChoice *choice) {
    for (uint32_t i = 0; i < driver->units.len; i++) {
        choice[i] = (PreludeChoice){NO_PRELUDE, false};
        if (closures[i]->configures || closures[i]->prelude.len == 0)
            continue;
        choice[i].prelude = group_of(arena, &driver->units.items[i], preludes);
        join_group(arena, &preludes->items[choice[i].prelude], closures[i]);
    }
    for (uint32_t i = 0; i < driver->units.len; i++) {
        if (choice[i].prelude == NO_PRELUDE)
            continue;
        const Prelude *prelude = &preludes->items[choice[i].prelude];
        choice[i].safe = closures[i]->prelude.len == prelude->headers.len;
        if (prelude->unit_count < MIN_UNITS)
            choice[i].prelude = NO_PRELUDE;
    }
}

int prelude_build(const Prelude *prelude, const char *model_dir, const char *overlay,
                  const char *output) {
    if (prelude->unit_count < MIN_UNITS)
        return -1;
    Arena *scratch = arena_new();
    CStrArray args = {0};
    Error err;
    frontend_base_args(scratch, model_dir, prelude->cxx, &args);
    for (uint32_t i = 0; i < prelude->options.len; i++)
        array_push(&args, scratch, prelude->options.items[i]);
    array_push(&args, scratch, "-ivfsoverlay");
    array_push(&args, scratch, overlay);
    int result = frontend_precompile(prelude->headers.items, prelude->headers.len, args.items,
                                     args.len, output, &err);
    arena_free(scratch);
    return result;
}
