/* oracle_fixpoint: whether what inference gives is a fixpoint.
 *
 * Everything is analysed once more, then recorded and spread along the calls once more. Nothing may
 * be new (summaries, origins of fields, entry states), and what was recorded of every entry state
 * (levels, conditions, origins and locks at each operation, calls, misuses, contexts) must be the
 * same to the last bit.
 */
#include "analyzer/infer/internal.h"
#include "tests/oracle.h"

/* Adds a number to a digest. */
static void mix(uint64_t *digest, uint64_t number) {
    *digest = hash_bytes(&number, sizeof number, *digest);
}

static void mix_value(uint64_t *digest, AbsValue value) {
    mix(digest, (uint64_t)value.lo);
    mix(digest, (uint64_t)value.hi);
    mix(digest, (uint64_t)value.nonzero << 16 | (uint64_t)value.origin << 8 | value.stored);
}

/* How it got there (traces) may be another way of the same length. */
static void mix_state(uint64_t *digest, const Inferred *inferred, const OpState *state) {
    mix(digest, (uint64_t)state->seen << 24 | (uint64_t)state->unclaimed << 16 |
                    (uint64_t)state->clear << 8 | state->raised);
    mix(digest, (uint64_t)state->sure << 8 | state->assumed);
    mix(digest, (uint64_t)state->origin << 8 | state->origin_sure);
    *digest = hash_bytes(state->arg_origin, sizeof state->arg_origin, *digest);
    *digest = hash_bytes(state->arg_sure, sizeof state->arg_sure, *digest);
    mix(digest, state->held);
    mix(digest, state->dropped);
    *digest = hash_bytes(state->may_hold, sizeof state->may_hold, *digest);
    *digest = hash_bytes(state->may_fail, sizeof state->may_fail, *digest);
    for (unsigned level = 0; level < IRQL_COUNT; level++)
        mix(digest, inferred->traces.items[state->trace[level]].len);
}

static uint64_t digest_ops(const Inferred *inferred, const Instance *instance) {
    uint64_t digest = instance->op_count;
    for (uint32_t i = 0; i < instance->op_count; i++)
        mix_state(&digest, inferred, instance->ops[i]);
    return digest;
}

static uint64_t digest_exits(const Instance *instance) {
    uint64_t digest = instance->exits.len;
    for (uint32_t e = 0; e < instance->exits.len; e++) {
        const Exit *exit = instance->exits.items[e];
        const World *world = &exit->world;
        mix_value(&digest, exit->result);
        mix(&digest, (uint64_t)world->level << 16 | (uint64_t)world->claimed << 8 | world->lossy);
        mix(&digest, world->assumed);
        mix(&digest, world->held);
        mix(&digest, world->dropped);
        for (uint8_t v = 0; v < world->var_len; v++) {
            mix(&digest, world->vars[v].place);
            mix_value(&digest, world->vars[v].value);
        }
        for (uint8_t l = 0; l < world->lock_len; l++) {
            mix(&digest, (uint64_t)world->locks[l].place << 16 |
                             (uint64_t)world->locks[l].lock_class << 8 | world->locks[l].released);
            mix(&digest, world->locks[l].before);
        }
    }
    return digest;
}

/* In the order made, which is that of the paths through the function. */
static uint64_t digest_edges(const Inferred *inferred, const Instance *instance) {
    uint64_t digest = instance->edges.len;
    for (uint32_t e = 0; e < instance->edges.len; e++) {
        const CallEdge *edge = &instance->edges.items[e];
        mix(&digest, (uint64_t)edge->op << 32 | edge->callee);
        mix(&digest, (uint64_t)edge->level << 16 | (uint64_t)edge->weak << 8 | edge->claimed);
        mix(&digest, inferred->traces.items[edge->trace].len);
        mix(&digest, edge->held);
        mix(&digest, edge->dropped);
    }
    return digest;
}

static uint64_t digest_misuses(const Instance *instance) {
    uint64_t digest = instance->misuses.len;
    for (uint32_t m = 0; m < instance->misuses.len; m++) {
        const Misuse *misuse = &instance->misuses.items[m];
        mix(&digest, (uint64_t)misuse->kind << 24 | (uint64_t)misuse->clear << 16 |
                         (uint64_t)misuse->claimed << 8 | misuse->root_only);
        mix(&digest, (uint64_t)misuse->levels << 8 | misuse->after);
        mix(&digest, (uint64_t)misuse->op << 32 | misuse->other);
        mix(&digest, (uint64_t)misuse->at.line << 32 | misuse->lock);
        mix(&digest, misuse->if_held);
        mix(&digest, misuse->unless_held);
    }
    return digest;
}

static uint64_t digest_contexts(const Instance *instance) {
    uint64_t digest = instance->entry_held;
    mix(&digest, instance->entry_some);
    mix(&digest, instance->bare);
    for (unsigned c = 0; c < CONTEXT_COUNT; c++) {
        const Node *node = &instance->nodes[c];
        mix(&digest, (uint64_t)node->certainty << 8 | node->assumption);
        if (node->certainty < CERTAINTY_COUNT)
            mix(&digest, (uint64_t)node->depth << 32 | node->root);
    }
    return digest;
}

enum { DIGESTS = 5 };
static const char *const DIGEST_NAMES[DIGESTS] = {"operations", "summary", "calls", "misuses",
                                                  "contexts"};

static void digest_all(const Inferred *inferred, const Instance *instance, uint64_t *digests) {
    digests[0] = digest_ops(inferred, instance);
    digests[1] = digest_exits(instance);
    digests[2] = digest_edges(inferred, instance);
    digests[3] = digest_misuses(instance);
    digests[4] = digest_contexts(instance);
}

uint32_t fixpoint_changes(Inferred *inferred, FILE *out) {
    uint32_t count = inferred->instances.len, changes;
    uint64_t *known = arena_array_of(inferred->arena, uint64_t, (size_t)count *DIGESTS);
    for (InstId id = 1; id < count; id++)
        digest_all(inferred, inferred->instances.items[id], &known[id * DIGESTS]);
    changes = engine_unstable(inferred);
    if (changes != 0)
        fprintf(out, "no fixpoint: one more analysis brings %u new things\n", changes);
    engine_run(inferred);
    engine_prune(inferred);
    contexts_spread(inferred);
    lockset_spread(inferred);
    engine_end(inferred);
    if (inferred->instances.len != count)
        fprintf(out, "no fixpoint: the final pass made new entry states\n");
    changes += inferred->instances.len - count;
    for (InstId id = 1; id < count; id++) {
        uint64_t now[DIGESTS];
        const Instance *instance = inferred->instances.items[id];
        digest_all(inferred, instance, now);
        for (unsigned d = 0; d < DIGESTS; d++) {
            if (now[d] == known[id * DIGESTS + d])
                continue;
            changes++;
            fprintf(out, "no fixpoint: %s of %s entered at %s change\n", DIGEST_NAMES[d],
                    inferred->program->funcs[instance->func].name, irql_name(instance->entry));
        }
    }
    return changes;
}
