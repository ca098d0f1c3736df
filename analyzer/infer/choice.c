/* choice: whether a branch on the way to an operation may have known if a lock was held.
 *
 * Two tests of one condition (a flag, an owner, a count) that inference does not see as one give
 * ways that no processor takes: the first one passes by the taking of a lock, the second one goes
 * on to its release. Invariant: a branch counts when both ways of it were open, states with and
 * without the lock came to it, it decides whether the operation is reached, and nothing takes or
 * releases the lock in between. Errs towards silence: a branch that tests something else counts as
 * well.
 */
#include "analyzer/infer/run.h"

/* What is held, the level that was raised since the entry for one of the locks. */
static LockSet held_in(const Run *run, const World *world) {
    bool raised = world->level > irql_bit(instance_of(run)->entry);
    return (world->held & ~((LockSet)1 << LOCK_BIT_LEVEL)) | (LockSet)raised << LOCK_BIT_LEVEL;
}

void choice_note_branch(Run *run, uint32_t block, const World *world, bool open) {
    LockSet held = held_in(run, world);
    run->blocks[block].seen[0] |= ~held;
    run->blocks[block].seen[1] |= held;
    run->blocks[block].open[0] |= open ? ~held : 0;
    run->blocks[block].open[1] |= open ? held : 0;
}

void choice_note_block(Run *run, uint32_t block, const World *start) {
    LockSet before = held_in(run, start);
    for (uint32_t i = 0; i < run->now.len; i++) {
        const World *world = &run->now.items[i];
        LockSet after = held_in(run, world);
        run->blocks[block].touched |= (before ^ after) | (world->given & ~start->given);
        run->blocks[block].lowers |= (before & ~after) >> LOCK_BIT_LEVEL & 1;
    }
}

typedef struct Search {
    const Run *run;  /* the analysis */
    uint32_t target; /* block to reach; UINT32_MAX: any return */
    uint32_t avoid;  /* block not to go through; UINT32_MAX none */
    LockSet touched; /* nor through blocks that take or release these */
    bool *seen;      /* by block */
} Search;

static bool search(const Search *self, uint32_t block);

static bool search_successors(const Search *self, uint32_t block) {
    uint32_t next;
    for (uint32_t n = 1; (next = run_successor(self->run, block, n)) != UINT32_MAX; n++) {
        if (search(self, next))
            return true;
    }
    return false;
}

static bool search(const Search *self, uint32_t block) {
    const IrUnit *unit = self->run->unit->ir;
    if (self->seen[block] || block == self->avoid)
        return false;
    self->seen[block] = true;
    if (block == self->target)
        return true;
    if (unit->blocks[self->run->record->first_block + block].term == IR_TERM_RETURN)
        return self->target == UINT32_MAX;
    if ((self->run->blocks[block].touched & self->touched) != 0)
        return false;
    return search_successors(self, block);
}

static bool reaches(Run *run, uint32_t from, uint32_t target, uint32_t avoid, LockSet touched) {
    bool *seen = arena_array_of(run->scratch, bool, run->record->block_count + 1);
    Search state = {run, target, avoid, touched, seen};
    return search_successors(&state, from);
}

bool choice_may_know(Run *run, uint32_t target, unsigned bit_number, bool held) {
    LockSet bit = (LockSet)1 << bit_number;
    for (uint32_t b = 0; b < run->record->block_count; b++) {
        const BlockState *block = &run->blocks[b];
        if ((block->open[held] & block->seen[!held] & bit) != 0 &&
            reaches(run, b, target, UINT32_MAX, bit) && reaches(run, b, UINT32_MAX, target, 0))
            return true;
    }
    return false;
}

bool choice_may_restore(Run *run) {
    for (uint32_t b = 0; b < run->record->block_count; b++) {
        if (run->blocks[b].lowers && choice_may_know(run, b, LOCK_BIT_LEVEL, true))
            return true;
    }
    return false;
}
