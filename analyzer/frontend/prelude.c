/* prelude: which model headers are precompiled for which units.
 *
 * Invariant: a unit only gets a prelude of which it includes every header itself, before any
 * conditional of the driver, with the same language and macros, and without macros of its own that
 * model headers depend on: so it sees what it would see without, only earlier. Errs towards no
 * prelude, which costs time alone.
 */
#include "analyzer/frontend/extract.h"

enum {
    MIN_UNITS = 4, /* with fewer a prelude costs more than it saves: it takes two to three parses */
    COMMON_PERCENT = 75 /* a header is worth it when so many units of the group include it */
};

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

static bool can_share(const Prelude *a, const Prelude *b) {
    return a->cxx == b->cxx && same_texts(&a->options, &b->options) &&
           same_texts(&a->headers, &b->headers);
}

/* The group of the unit among those of its driver, from `first` on. */
static uint32_t group_of(Arena *arena, const ProjectUnit *unit, PreludeArray *preludes,
                         uint32_t first) {
    Prelude prelude = {.cxx = unit->cxx};
    visible_options(arena, unit, &prelude.options);
    for (uint32_t i = first; i < preludes->len; i++) {
        if (preludes->items[i].cxx == unit->cxx &&
            same_texts(&preludes->items[i].options, &prelude.options))
            return i;
    }
    array_push(preludes, arena, prelude);
    return preludes->len - 1;
}

/* Drops the headers that are not common to most of the group's units. */
static void keep_common_headers(Prelude *prelude, uint32_t index, ProjectClosure *const *closures,
                                const uint32_t *choice, uint32_t unit_count) {
    uint32_t kept = 0;
    for (uint32_t h = 0; h < prelude->headers.len; h++) {
        const char *header = prelude->headers.items[h];
        uint32_t users = 0;
        for (uint32_t i = 0; i < unit_count; i++)
            users += choice[i] == index && has_text(&closures[i]->prelude, header);
        if (users * 100 >= prelude->unit_count * COMMON_PERCENT)
            prelude->headers.items[kept++] = header;
    }
    prelude->headers.len = kept;
}

static bool includes_all(const ProjectClosure *closure, const CStrArray *headers) {
    bool all = headers->len > 0;
    for (uint32_t h = 0; all && h < headers->len; h++)
        all = has_text(&closure->prelude, headers->items[h]);
    return all;
}

/* Takes the prelude from the units that lack one of its headers. */
static void keep_users(Prelude *prelude, uint32_t index, ProjectClosure *const *closures,
                       uint32_t *choice, uint32_t unit_count) {
    for (uint32_t i = 0; i < unit_count; i++) {
        if (choice[i] == index && !includes_all(closures[i], &prelude->headers)) {
            choice[i] = NO_PRELUDE;
            prelude->unit_count--;
        }
    }
}

/* Hands the units of a prelude to an equal one of an earlier driver. */
static void share(PreludeArray *preludes, uint32_t index, uint32_t first, uint32_t *choice,
                  uint32_t unit_count) {
    uint32_t other = 0;
    while (other < first && !can_share(&preludes->items[other], &preludes->items[index]))
        other++;
    if (other == first)
        return;
    preludes->items[other].unit_count += preludes->items[index].unit_count;
    preludes->items[index].unit_count = 0;
    for (uint32_t i = 0; i < unit_count; i++) {
        if (choice[i] == index)
            choice[i] = other;
    }
}

static void join_group(Arena *arena, Prelude *prelude, const ProjectClosure *closure) {
    prelude->unit_count++;
    for (uint32_t h = 0; h < closure->prelude.len; h++) {
        if (!has_text(&prelude->headers, closure->prelude.items[h]))
            array_push(&prelude->headers, arena, closure->prelude.items[h]);
    }
}

void prelude_plan(Arena *arena, const ProjectDriver *driver, ProjectClosure *const *closures,
                  PreludeArray *preludes, uint32_t *choice) {
    uint32_t unit_count = driver->units.len, first = preludes->len;
    for (uint32_t i = 0; i < unit_count; i++) {
        choice[i] = NO_PRELUDE;
        if (closures[i]->configures || closures[i]->prelude.len == 0)
            continue;
        choice[i] = group_of(arena, &driver->units.items[i], preludes, first);
        join_group(arena, &preludes->items[choice[i]], closures[i]);
    }
    for (uint32_t p = first; p < preludes->len; p++) {
        keep_common_headers(&preludes->items[p], p, closures, choice, unit_count);
        keep_users(&preludes->items[p], p, closures, choice, unit_count);
        share(preludes, p, first, choice, unit_count);
    }
}

void prelude_drop_rare(const PreludeArray *preludes, uint32_t *choice, uint32_t count) {
    for (uint32_t i = 0; i < count; i++) {
        if (choice[i] != NO_PRELUDE && preludes->items[choice[i]].unit_count < MIN_UNITS)
            choice[i] = NO_PRELUDE;
    }
}

void extract_args(Arena *arena, const char *overlay, CStrArray *args) {
    static const char *const fixed[] = {"-D__DATE__=\"Jan  1 1970\"", "-D__TIME__=\"00:00:00\"",
                                        "-D__TIMESTAMP__=\"Thu Jan  1 00:00:00 1970\"",
                                        "-Wno-builtin-macro-redefined"};
    for (size_t i = 0; i < sizeof fixed / sizeof *fixed; i++)
        array_push(args, arena, fixed[i]);
    array_push(args, arena, "-ivfsoverlay");
    array_push(args, arena, overlay);
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
    extract_args(scratch, overlay, &args);
    int result = frontend_precompile(prelude->headers.items, prelude->headers.len, args.items,
                                     args.len, output, &err);
    arena_free(scratch);
    return result;
}
