/* annotation-contradicted (F11): the body of a function does what its annotation denies.
 *
 * Callers trust the annotation: one that says "up to DISPATCH_LEVEL" will be called under a spin
 * lock some day, and the body waits. An annotation of a raise or of a saved level that the body
 * does not do makes a checker that believes it wrong about every caller.
 *
 * Where a path in the driver, or the annotation itself, already brings the body to such a level,
 * the rules on levels report the call with that path, and this one is silent. What counts is done
 * on every path that the caller cannot prevent, whatever the callers do at present; conditional
 * annotations (_When_) and functions of which something was lost are left alone. Errs towards
 * silence.
 */
#include "irqlint/rule.h"

typedef struct Claim {
    FuncId id;            /* the function */
    const ProgFunc *func; /* likewise */
    const SalFact *fact;  /* what is claimed */
} Claim;

static void remark_at(RuleRun *run, const Claim *claim, RulePlace at, const char *message) {
    const SalFact *fact = claim->fact;
    const char *clause = run_text(run, "%s is annotated %s", claim->func->name, fact->text);
    run_remark(run, &(RuleRemark){.func = claim->id,
                                  .because = {fact->file, fact->line, 0, claim->id, clause},
                                  .at = at,
                                  .subject = fact->text,
                                  .message = message});
}

static RulePlace place_of_func(const Claim *claim, const char *clause) {
    return (RulePlace){claim->func->file, claim->func->line, 0, claim->id, clause};
}

/* True when the rules on levels have a path to that call at a level above `max`. */
static bool is_said_elsewhere(RuleRun *run, FuncId func, OpId op, Irql max) {
    SitePairs pairs = inferred_at(run_inferred(run), func, op);
    return ((pairs.by[CERTAIN] | pairs.by[POSSIBLE]) & pairs_at_or_above((Irql)(max + 1))) != 0;
}

static bool is_claim(const Ddi *ddi) {
    for (unsigned i = 0; ddi != NULL && i < ddi->effect_count; i++) {
        if (ddi->effects[i].kind == EFFECT_CLAIM_MAX)
            return true;
    }
    return false;
}

/* The level up to which the body may be entered is below the one that is claimed. */
static void check_max(RuleRun *run, const Claim *claim) {
    const Program *program = run_program(run);
    const char *name = claim->func->name;
    BodyLimit limit = inferred_body_limit(run_inferred(run), claim->id);
    if (claim->fact->level >= IRQL_COUNT || limit.max >= (Irql)claim->fact->level)
        return;
    if (limit.max_op == 0) {
        SitePairs entry = inferred_entry(run_inferred(run), claim->id);
        if (((entry.by[CERTAIN] | entry.by[POSSIBLE]) & pairs_at_or_above(IRQL_DISPATCH)) != 0)
            return; /* pageable-code-raised has a path */
        const char *clause = run_text(run, "lies in the pageable section %s", claim->func->segment);
        remark_at(
            run, claim,
            (RulePlace){claim->func->segment_file, claim->func->segment_line, 0, claim->id, clause},
            run_text(run, "%s is annotated %s, but %s", name, claim->fact->text, clause));
        return;
    }
    const ProgFunc *callee = &program->funcs[program->targets[limit.max_op].items[0]];
    bool asserts = is_claim(callee->ddi); /* no rule on levels speaks of assertions */
    if (!asserts && is_said_elsewhere(run, claim->id, limit.max_op, limit.max))
        return;
    RulePlace at = run_place_of_op(run, claim->id, limit.max_op);
    at.clause = asserts ? run_text(run, "asserts %s at most", irql_name(limit.max))
                        : run_text(run, "calls %s, which allows %s at most", callee->name,
                                   irql_name(limit.max));
    remark_at(run, claim, at,
              run_text(run, "%s is annotated %s, but %s", name, claim->fact->text, at.clause));
}

/* Leaves at another level on every path, though it is to leave as it came. */
static void check_same(RuleRun *run, const Claim *claim) {
    for (Irql entry = IRQL_PASSIVE; entry <= IRQL_DISPATCH; entry++) {
        IrqlSet exits = inferred_exits(run_inferred(run), claim->id, entry);
        if (exits == IRQL_SET_NONE || (exits & irql_bit(entry)) != 0 ||
            program_has_fact(claim->func, SAL_RAISES) ||
            program_has_fact(claim->func, SAL_RESTORES))
            continue;
        unsigned level = 0;
        while ((exits >> level & 1) == 0)
            level++;
        const char *name = claim->func->name;
        remark_at(run, claim,
                  place_of_func(claim, run_text(run, "returns at %s when it is entered at %s",
                                                irql_name((Irql)level), irql_name(entry))),
                  run_text(run, "%s is annotated %s, but returns at %s when it is entered at %s",
                           name, claim->fact->text, irql_name((Irql)level), irql_name(entry)));
        return;
    }
}

/* No path leaves at the level that is claimed. What a template claims may hold for others of its
 * instances: the lock that it is made with decides. */
static void check_raises(RuleRun *run, const Claim *claim) {
    if ((program_ir(run_program(run), claim->id)->flags & IR_FUNC_INSTANCE) != 0)
        return;
    Irql level = (Irql)claim->fact->level;
    bool seen = false;
    for (Irql entry = IRQL_PASSIVE; level < IRQL_COUNT && entry < level; entry++) {
        IrqlSet exits = inferred_exits(run_inferred(run), claim->id, entry);
        seen = seen || exits != IRQL_SET_NONE;
        if ((exits & ~(irql_bit(entry) | (irql_bit(entry) - 1u))) != 0)
            return;
    }
    if (!seen)
        return;
    const char *name = claim->func->name;
    remark_at(run, claim, place_of_func(claim, "no path leaves at a higher level"),
              run_text(run, "%s is annotated %s, but no path through it raises the level", name,
                       claim->fact->text));
}

/* ---- saved levels --------------------------------------------------------------------------- */

/* A parameter that is to give or take the level, and that the body never looks at. */
static void check_place(RuleRun *run, const Claim *claim) {
    const Program *program = run_program(run);
    const Place *place = &claim->fact->place;
    if ((place->kind != PLACE_ARG && place->kind != PLACE_OUT) ||
        place->arg >= program_ir(program, claim->id)->param_count ||
        program_uses_param(program, claim->id, place->arg))
        return;
    const char *name = claim->func->name;
    remark_at(run, claim, place_of_func(claim, "the body does not use it"),
              run_text(run, "parameter %u of %s is annotated %s, but the body does not use it",
                       place->arg + 1u, name, claim->fact->text));
}

/* ---- the whole body ------------------------------------------------------------------------- */

/* Something that it calls raises above the level that it never exceeds. */
static void check_function_max(RuleRun *run, const Claim *claim) {
    const Program *program = run_program(run);
    const IrUnit *unit = program_unit(program, claim->id);
    const IrFuncRec *record = program_ir(program, claim->id);
    Irql level = (Irql)claim->fact->level;
    if (level >= IRQL_HIGH || record->block_count == 0)
        return;
    PairSet above = pairs_at_or_above((Irql)(level + 1));
    SitePairs entry = inferred_entry(run_inferred(run), claim->id);
    for (uint32_t b = record->first_block; b < record->first_block + record->block_count; b++) {
        const IrBlockRec *block = &unit->blocks[b];
        for (IrOp op = block->first_op; op < block->first_op + block->op_count; op++) {
            OpId id = program_op_id(program, claim->id, op);
            SitePairs at = inferred_at(run_inferred(run), claim->id, id);
            if ((at.by[CERTAIN] & above) == 0 || (site_pairs_any(entry) & above) != 0)
                continue;
            RulePlace place = run_place_of_op(run, claim->id, id);
            place.clause = "runs above that level";
            remark_at(run, claim, place,
                      run_text(run, "%s is annotated %s, but raises the level above it",
                               claim->func->name, claim->fact->text));
            return;
        }
    }
}

static void check_fact(RuleRun *run, const Claim *claim) {
    switch ((SalKind)claim->fact->kind) {
    case SAL_MAX:
    case SAL_REQUIRES:
        check_max(run, claim);
        break;
    case SAL_SAME:
        check_same(run, claim);
        break;
    case SAL_RAISES:
        check_raises(run, claim);
        break;
    case SAL_SAVES:
    case SAL_RESTORES:
        check_place(run, claim);
        break;
    case SAL_FUNCTION_MAX:
        check_function_max(run, claim);
        break;
    default:
        break;
    }
}

static void check(RuleRun *run) {
    const Program *program = run_program(run);
    for (FuncId id = 1; id < program->func_count; id++) {
        const ProgFunc *func = &program->funcs[id];
        if (!func->defined || (program_ir(program, id)->flags & IR_FUNC_INCOMPLETE) != 0)
            continue;
        for (uint32_t i = 0; i < func->fact_count; i++) {
            const SalFact *fact = &func->facts[i];
            if (fact->cond_count == 0 && (fact->flags & SAL_BAD_VALUE) == 0)
                check_fact(run, &(Claim){id, func, fact});
        }
    }
}

const Rule rule_annotation_contradicted = {
    .id = "annotation-contradicted",
    .title = "A function does what its annotation denies",
    .level = LEVEL_WARNING,
    .hint = "Make the annotation say what the function needs, or move the call out of the "
            "function.",
    .requirement = "F11",
    .severity = "0.0",
    .warnings = {28118, 28119, 28120, 28121, 28122, 28123, 28124, 28150, 28156, 28157, 28167},
    .check = check,
};
