/* world: one possible state at a point, and when two of them are merged.
 *
 * Worlds that agree on what matters (level, locks, claims) are merged: what they know of variables
 * is joined (property simulation). Errs towards forgetting variables.
 */
#include "analyzer/infer/internal.h"

static uint8_t find_var(const World *self, PlaceId place) {
    uint8_t low = 0, high = self->var_len;
    while (low < high) {
        uint8_t middle = (uint8_t)(low + (high - low) / 2);
        if (self->vars[middle].place < place)
            low = (uint8_t)(middle + 1);
        else
            high = middle;
    }
    return low;
}

AbsValue *world_var(World *self, PlaceId place) {
    uint8_t at = find_var(self, place);
    return at < self->var_len && self->vars[at].place == place ? &self->vars[at].value : NULL;
}

static void remove_var(World *self, uint8_t at) {
    self->var_len--;
    memmove(&self->vars[at], &self->vars[at + 1], sizeof(Var) * (size_t)(self->var_len - at));
}

void world_drop(World *self, PlaceId place) {
    uint8_t at = find_var(self, place);
    if (at < self->var_len && self->vars[at].place == place)
        remove_var(self, at);
}

void world_set(World *self, PlaceId place, AbsValue value) {
    if (place == 0)
        return;
    if (abs_is_top(value)) {
        world_drop(self, place);
        return;
    }
    uint8_t at = find_var(self, place);
    if (at < self->var_len && self->vars[at].place == place) {
        self->vars[at].value = value;
        return;
    }
    if (self->var_len == MAX_VARS)
        return; /* forgetting is safe */
    memmove(&self->vars[at + 1], &self->vars[at], sizeof(Var) * (size_t)(self->var_len - at));
    self->vars[at] = (Var){place, value};
    self->var_len++;
}

World *worlds_add(WorldArray *self, Arena *arena, const World *from) {
    array_reserve(self, arena, self->len + 1);
    World *added = &self->items[self->len++];
    world_copy(added, from);
    return added;
}

bool world_same_state(const World *a, const World *b) {
    if (a->level != b->level || a->base != b->base || a->claimed != b->claimed ||
        a->lossy != b->lossy || a->attached != b->attached || a->trusted != b->trusted ||
        a->lock_len != b->lock_len)
        return false;
    for (uint8_t i = 0; i < a->lock_len; i++) {
        if (a->locks[i].place != b->locks[i].place ||
            a->locks[i].lock_class != b->locks[i].lock_class ||
            a->locks[i].released != b->locks[i].released ||
            a->locks[i].before != b->locks[i].before)
            return false;
    }
    return true;
}

bool world_merge(World *into, const World *from, bool widen) {
    LockSet held = into->held & from->held, dropped = into->dropped | from->dropped;
    LockSet maybe = into->maybe | from->maybe, gone = into->gone & from->gone;
    LockSet given = into->given & from->given;
    bool changed = held != into->held || dropped != into->dropped || maybe != into->maybe ||
                   gone != into->gone || given != into->given ||
                   (into->probed | from->probed) != into->probed;
    into->maybe = maybe;
    into->gone = gone;
    into->given = given;
    into->probed |= from->probed;
    into->held = held;
    into->dropped = dropped;
    if (into->assumed != ASSUME_NOTHING && into->assumed != from->assumed) {
        into->assumed = ASSUME_NOTHING;
        changed = true;
    }
    for (uint8_t i = 0; i < into->var_len;) {
        uint8_t at = find_var(from, into->vars[i].place);
        AbsValue joined = VALUE_TOP;
        if (at < from->var_len && from->vars[at].place == into->vars[i].place)
            joined = abs_join(into->vars[i].value, from->vars[at].value);
        if (abs_equal(joined, into->vars[i].value)) {
            i++;
            continue;
        }
        changed = true;
        if (widen) {
            joined.lo = INT64_MIN;
            joined.hi = INT64_MAX;
        }
        if (abs_is_top(joined)) {
            remove_var(into, i);
        } else {
            into->vars[i].value = joined;
            i++;
        }
    }
    return changed;
}
