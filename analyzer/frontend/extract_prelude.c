/* extract_prelude: the preludes of a run, built by workers or kept from an earlier one.
 *
 * A precompiled header names the header that it was made of and the one it stands on by their
 * paths: in the cache both lie where they will lie in the next run. Errs towards no prelude.
 */
#include "analyzer/frontend/extract.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

typedef struct PreludePlan {
    Facts *facts;         /* the run */
    bool *wanted;         /* by prelude: a file that is to be parsed, or another prelude, uses it */
    const char **headers; /* by prelude: what is compiled, NULL not written */
} PreludePlan;

static const char *temp_path(const Facts *self, Arena *arena, uint32_t index, const char *suffix) {
    return arena_printf(arena, "%s/%u.%s", self->temp.path, index, suffix);
}

/* ---- what there is to build ---------------------------------------------------------------------
 */

/* Which files use which prelude: none with a real kit, whose headers they see instead. */
static void plan(Facts *self) {
    PreludeUnit *units = arena_array_of(self->arena, PreludeUnit, self->work.len + 1);
    if (self->options.kit_dir != NULL)
        return;
    for (uint32_t i = 0; i < self->work.len; i++)
        units[i] = (PreludeUnit){self->work.items[i].unit, self->work.items[i].closure};
    const ModelWords *words = model_words_new(self->arena, self->options.model_dir);
    prelude_plan(self->arena, words, units, self->work.len, &self->preludes, self->choice.items);
}

/* A parent has the greater number. */
static void want(PreludePlan *self) {
    Facts *facts = self->facts;
    for (uint32_t i = 0; i < facts->tasks.len; i++) {
        uint32_t choice = facts->choice.items[facts->tasks.items[i]];
        if (choice != NO_PRELUDE)
            self->wanted[choice] = true;
    }
    for (uint32_t i = 0; i < facts->preludes.len; i++) {
        uint32_t parent = facts->preludes.items[i].parent;
        if (self->wanted[i] && parent != NO_PRELUDE)
            self->wanted[parent] = true;
    }
}

static void add_text(Text *out, Arena *arena, const char *text) {
    text_append_len(out, arena, text, strlen(text) + 1);
}

/* The model headers' times count, because clang looks at them. */
static void find_keys(Facts *facts) {
    struct stat info = {0};
    stat(path_join(facts->arena, facts->options.model_dir, "identifiers.txt"), &info);
    for (uint32_t i = facts->preludes.len; i-- > 0;) {
        Prelude *prelude = &facts->preludes.items[i];
        Text all = {0};
        Hash128 base = prelude->parent == NO_PRELUDE ? (Hash128){0, 0}
                                                     : facts->preludes.items[prelude->parent].key;
        int64_t times[] = {info.st_mtim.tv_sec, info.st_mtim.tv_nsec};
        text_append_len(&all, facts->arena, (const char *)&facts->options.tool, sizeof base);
        text_append_len(&all, facts->arena, (const char *)&base, sizeof base);
        text_append_len(&all, facts->arena, (const char *)times, sizeof times);
        add_text(&all, facts->arena, cache_dir(facts->options.cache));
        add_text(&all, facts->arena, facts->options.model_dir);
        add_text(&all, facts->arena, prelude->cxx ? "c++" : "c");
        add_text(&all, facts->arena, prelude_text(facts->arena, prelude));
        for (uint32_t k = 0; k < prelude->options.len; k++)
            add_text(&all, facts->arena, prelude->options.items[k]);
        prelude->key = hash128(all.items, all.len);
    }
}

/* ---- building
 * ------------------------------------------------------------------------------------ */

static const char *base_of(const Facts *self, const Prelude *prelude) {
    return prelude->parent == NO_PRELUDE ? NULL : self->preludes.items[prelude->parent].output;
}

static int prelude_task(void *context, uint32_t task) {
    const PreludePlan *self = context;
    const Facts *facts = self->facts;
    uint32_t index = facts->tasks.items[task];
    const Prelude *prelude = &facts->preludes.items[index];
    Arena *scratch = arena_new();
    int result = prelude_build(prelude, self->headers[index], base_of(facts, prelude),
                               facts->options.model_dir, facts->model_overlay,
                               temp_path(facts, scratch, index, "pch"));
    arena_free(scratch);
    return result;
}

/* True when it is there already; else its header is written. */
static bool prepare(PreludePlan *self, uint32_t index) {
    Facts *facts = self->facts;
    Cache *cache = facts->options.cache;
    struct stat info;
    Error err;
    const char *header = temp_path(facts, facts->arena, index, "pch.h");
    if (cache != NULL) {
        header = cache_path(cache, facts->arena, "prelude", facts->preludes.items[index].key);
        const char *ready =
            cache_path(cache, facts->arena, "pch", facts->preludes.items[index].key);
        if (stat(header, &info) == 0 && stat(ready, &info) == 0) {
            cache_touch(cache, "pch", facts->preludes.items[index].key);
            facts->preludes.items[index].output = ready;
            return true;
        }
    }
    const char *text = prelude_text(facts->arena, &facts->preludes.items[index]);
    if (file_write(header, text, strlen(text), &err) == 0)
        self->headers[index] = header;
    return false;
}

static void see_built(PreludePlan *self, uint32_t index) {
    Facts *facts = self->facts;
    Cache *cache = facts->options.cache;
    const char *output = temp_path(facts, facts->arena, index, "pch");
    if (cache != NULL) {
        cache_keep(cache, "pch", facts->preludes.items[index].key, output);
        output = cache_path(cache, facts->arena, "pch", facts->preludes.items[index].key);
    }
    facts->preludes.items[index].output = output;
}

/* The wanted preludes that add to `level - 1` others. */
static void build_level(PreludePlan *self, uint32_t level, const uint32_t *levels) {
    Facts *facts = self->facts;
    facts->tasks.len = 0;
    for (uint32_t i = 0; i < facts->preludes.len; i++) {
        const Prelude *prelude = &facts->preludes.items[i];
        bool has_base = prelude->parent == NO_PRELUDE || base_of(facts, prelude) != NULL;
        if (levels[i] == level && self->wanted[i] && has_base && !prepare(self, i) &&
            self->headers[i] != NULL)
            array_push(&facts->tasks, facts->arena, i);
    }
    PoolOutcome *outcomes = arena_array_of(facts->arena, PoolOutcome, facts->tasks.len + 1);
    facts->pool.run = prelude_task;
    facts->pool.context = self;
    pool_run(&facts->pool, facts->tasks.len, outcomes);
    for (uint32_t i = 0; i < facts->tasks.len; i++) {
        if (outcomes[i].status == POOL_DONE && outcomes[i].value == 0)
            see_built(self, facts->tasks.items[i]);
    }
}

static void build_all(PreludePlan *self) {
    Facts *facts = self->facts;
    uint32_t count = facts->preludes.len, deepest = 0;
    uint32_t *levels = arena_array_of(facts->arena, uint32_t, count + 1);
    for (uint32_t i = count; i-- > 0;) {
        uint32_t parent = facts->preludes.items[i].parent;
        levels[i] = parent == NO_PRELUDE ? 0 : levels[parent] + 1;
        deepest = levels[i] > deepest ? levels[i] : deepest;
    }
    for (uint32_t level = 0; level <= deepest; level++)
        build_level(self, level, levels);
}

/* Runs that share a cache build one after the other: a prelude stands on files that another build
 * would replace. -1 without a cache, or when it cannot be locked. */
static int lock_preludes(const Facts *self) {
    if (self->options.cache == NULL)
        return -1;
    const char *path = path_join(self->arena, cache_dir(self->options.cache), "preludes.lock");
    int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0666);
    while (fd >= 0 && flock(fd, LOCK_EX) != 0 && errno == EINTR)
        continue;
    return fd;
}

static void unlock_preludes(int fd) {
    if (fd < 0)
        return;
    flock(fd, LOCK_UN); /* also for the workers, who have it open too */
    close(fd);
}

void extract_preludes(Facts *self, FileView *view) {
    Error err;
    U32Array files = self->tasks;
    plan(self);
    uint32_t count = self->preludes.len;
    if (count == 0)
        return;
    const char *text = fileview_overlay(view, &(CStrArray){0});
    const char *path = arena_printf(self->arena, "%s/model.json", self->temp.path);
    if (file_write(path, text, strlen(text), &err) != 0)
        return;
    self->model_overlay = path;
    PreludePlan plan = {.facts = self,
                        .wanted = arena_array_of(self->arena, bool, count),
                        .headers = arena_array_of(self->arena, const char *, count)};
    want(&plan);
    if (self->options.cache != NULL)
        find_keys(self);
    self->tasks = (U32Array){0};
    int lock = lock_preludes(self);
    build_all(&plan);
    unlock_preludes(lock);
    self->tasks = files;
    self->pool.context = self;
}
