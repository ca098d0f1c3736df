/* check: runs the rules and hands their findings on in one stable order.
 *
 * Invariant: the result depends on the inferred program only; rules see neither each other nor an
 * order. It errs on no side of its own: every report of a rule becomes a finding or is equal to
 * one.
 */
#include "analyzer/check/internal.h"

const Rule *check_rule(const char *id) {
    uint32_t count;
    const Rule *const *rules = rules_all(&count);
    for (uint32_t i = 0; i < count; i++) {
        if (str_eq(rules[i]->id, id))
            return rules[i];
    }
    return NULL;
}

static bool is_selected(const CheckOptions *options, const char *id) {
    if (options == NULL || options->rule_count == 0)
        return true;
    for (uint32_t i = 0; i < options->rule_count; i++) {
        if (str_eq(options->rules[i], id))
            return true;
    }
    return false;
}

void check_program(Arena *arena, const Inferred *inferred, const CheckOptions *options,
                   FindingArray *findings) {
    RuleRun run = {.arena = arena, .inferred = inferred};
    uint32_t count;
    const Rule *const *rules = rules_all(&count);
    for (uint32_t i = 0; i < count; i++) {
        if (!is_selected(options, rules[i]->id))
            continue;
        run.rule = rules[i];
        rules[i]->check(&run);
    }
    drafts_finish(&run.drafts, arena, inferred_program(inferred)->base_dir, findings);
}
