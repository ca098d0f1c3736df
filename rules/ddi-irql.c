/* ddi-irql (F6): a routine of the kernel is called above, or below, the IRQL it allows.
 *
 * A routine's limit says what it does inside: touch pageable memory, take a lock of a lower level,
 * wait, rely on APCs. Above its limit it works until the page is out or the lock is taken; below
 * its minimum it corrupts what DISPATCH_LEVEL was to protect. Limits may hang on arguments (the
 * pool type, a Wait flag): an undecided condition makes the finding weak, an unknown routine or
 * level is no finding, and a level that no documentation states is weak too. Of a function whose
 * body is elsewhere and that the tables do not know, the annotations are the documentation.
 *
 * Calls that block at DISPATCH_LEVEL, thread creation and routines that are handed pageable memory
 * have rules of their own; the table says which those are, and where they are at least as sure this
 * rule is silent.
 */
#include "irqlint/rule.h"

#include <string.h>

typedef struct Call {
    FuncId func;       /* the caller */
    OpId op;           /* the call */
    const Ddi *ddi;    /* what is called */
    Certainty blocked; /* how sure blocking-raised is about it; CERTAINTY_COUNT: silent */
} Call;

/* "PagedPool" of "!(arg0 & PagedPool)". */
static const char *bits_text(RuleRun *run, const char *text) {
    const char *bits = strchr(text, '&');
    return bits == NULL ? text : run_text(run, "%.*s", (int)strcspn(bits + 2, ")"), bits + 2);
}

/* An atom in words; arguments are counted from 1, as people do. */
static const char *cond_text(RuleRun *run, const Cond *cond) {
    unsigned number = cond->arg + 1u;
    switch ((CondKind)cond->kind) {
    case COND_ARG_PAGEABLE:
        return run_text(run, "argument %u points at pageable memory", number);
    case COND_ARG_USER:
        return run_text(run, "argument %u is a user address", number);
    case COND_FORMAT_WIDE:
        return "its format converts Unicode strings";
    case COND_ARG_NO_BITS: /* "!(arg0 & PagedPool)" */
        return run_text(run, "argument %u has no bit of %s", number, bits_text(run, cond->text));
    case COND_OPAQUE:
        return cond->text;
    default: { /* "arg1 == TRUE", "*arg4 != 0", "arg0 & PagedPool" */
        bool pointee = cond->text[0] == '*';
        const char *rest = strchr(cond->text, ' ');
        return run_text(run, "%sargument %u%s", pointee ? "what is at " : "", number,
                        rest == NULL ? "" : rest);
    }
    }
}

/* "A and B". */
static const char *conds_text(RuleRun *run, const Ddi *ddi, CondSet when) {
    const char *text = "";
    for (unsigned i = 0; i < ddi->cond_count; i++) {
        if ((when >> i & 1) != 0)
            text = run_text(run, "%s%s%s", text, text[0] == '\0' ? "" : " and ",
                            cond_text(run, &ddi->conds[i]));
    }
    return text;
}

/* ", but is allowed" or "; when A and B, it is allowed"; of a function that only its annotations
 * tell about, "annotated for". */
static const char *when_text(RuleRun *run, const Ddi *ddi, CondSet when) {
    bool annotated = (ddi->flags & DDI_ANNOTATED) != 0;
    if (when == 0)
        return annotated ? ", but is annotated for" : ", but is allowed";
    return run_text(run, "; when %s, it is %s", conds_text(run, ddi, when),
                    annotated ? "annotated for" : "allowed");
}

static void report(RuleRun *run, const Call *call, SitePairs pairs, const char *message) {
    bool weak = (call->ddi->flags & DDI_WEAK) != 0;
    for (unsigned i = call->blocked; i < CERTAINTY_COUNT; i++)
        pairs.by[i] = 0;
    run_report(run, &(RuleReport){.site = SITE_OP,
                                  .func = call->func,
                                  .op = call->op,
                                  .pairs = pairs,
                                  .at_best = weak ? POSSIBLE_WEAK : CERTAIN,
                                  .assumption = weak ? ASSUME_WEAK_ROW : ASSUME_NOTHING,
                                  .subject = call->ddi->name,
                                  .message = message});
}

/* What stands before the name of the highest level. */
static const char *range_text(const Ddi *ddi, unsigned max) {
    if (max != IRQL_PASSIVE)
        return "up to ";
    return (ddi->flags & DDI_ANNOTATED) != 0 ? "" : "at ";
}

/* Of memory that must not be pageable there another rule speaks. */
static bool is_about_memory(const Ddi *ddi, CondSet when) {
    for (unsigned i = 0; i < ddi->cond_count; i++) {
        if (when == 1u << i && ddi->conds[i].kind == COND_ARG_PAGEABLE)
            return true;
    }
    return false;
}

static bool may_block(const Ddi *ddi) {
    return ddi->blocking != BLOCK_NONE && ddi->blocking != BLOCK_BUSY;
}

/* The lock that the routine takes or gives back at this call, 0 none or not told by an argument. */
static IrValue lock_of(RuleRun *run, const Ddi *ddi, EffectKind kind, FuncId func, OpId op) {
    const IrOpRec *record = program_op(run_program(run), func, op);
    for (unsigned i = 0; i < ddi->effect_count; i++) {
        const Effect *effect = &ddi->effects[i];
        if (effect->kind == kind && effect->lock.arg < record->c &&
            (effect->lock.kind == PLACE_ARG || effect->lock.kind == PLACE_HIDDEN))
            return program_unit(run_program(run), func)->args[record->b + effect->lock.arg];
    }
    return 0;
}

/* Where this function takes the lock that is given back here, at levels at which nobody may take
 * it: that is what gets reported, the release is its echo. */
static SitePairs without_echo(RuleRun *run, const Call *call, SitePairs pairs) {
    const Program *program = run_program(run);
    IrValue lock = lock_of(run, call->ddi, EFFECT_RELEASE, call->func, call->op);
    const IrUnit *unit = program_unit(program, call->func);
    const IrFuncRec *record = program_ir(program, call->func);
    for (uint32_t b = 0; lock != 0 && b < record->block_count; b++) {
        const IrBlockRec *block = &unit->blocks[record->first_block + b];
        for (IrOp op = block->first_op; op < block->first_op + block->op_count; op++) {
            OpId id = program_op_id(program, call->func, op);
            if (unit->ops[op].kind != IR_OP_CALL || program->targets[id].len != 1)
                continue;
            const Ddi *taker = program->funcs[program->targets[id].items[0]].ddi;
            if (taker == NULL || lock_of(run, taker, EFFECT_ACQUIRE, call->func, id) != lock)
                continue;
            unsigned max = taker->max < IRQL_COUNT ? taker->max : IRQL_HIGH;
            if (may_block(taker) && taker->blocking_when == 0)
                max = taker->blocking_max < max ? taker->blocking_max : max;
            SitePairs taken = inferred_at(run_inferred(run), call->func, id);
            if (max < IRQL_HIGH)
                pairs = site_pairs_and(
                    pairs, ~(site_pairs_any(taken) & pairs_at_or_above((Irql)(max + 1))));
        }
    }
    return pairs;
}

static void check_max(RuleRun *run, const Call *call, unsigned max, CondSet when) {
    if (max >= IRQL_HIGH)
        return;
    SitePairs pairs = inferred_at_when(run_inferred(run), call->func, call->op, call->ddi, when);
    pairs = site_pairs_and(pairs, pairs_at_or_above((Irql)(max + 1)));
    pairs = without_echo(run, call, pairs);
    if (site_pairs_empty(pairs))
        return;
    report(run, call, pairs,
           run_text(run, "%s is called at %%i in %%c%s %s%s only", call->ddi->name,
                    when_text(run, call->ddi, when), range_text(call->ddi, max),
                    irql_name((Irql)max)));
}

/* It gives back what another call took. Below its minimum the lock is not held: a defect of the
 * pairing, of which the level says too little to tell it from a correlation that inference lost. */
static bool gives_back(const Ddi *ddi) {
    for (unsigned i = 0; i < ddi->effect_count; i++) {
        if (ddi->effects[i].kind == EFFECT_RELEASE || ddi->effects[i].kind == EFFECT_LOWER)
            return true;
    }
    return false;
}

static void check_min(RuleRun *run, const Call *call, unsigned min, CondSet when) {
    SitePairs pairs = inferred_at_when(run_inferred(run), call->func, call->op, call->ddi, when);
    pairs = site_pairs_and(pairs, pairs_below((Irql)min));
    /* a callback that may be called low as well as high tells by a flag which it is */
    pairs.by[POSSIBLE_WEAK] |= pairs.by[POSSIBLE];
    pairs.by[POSSIBLE] = 0;
    if (site_pairs_empty(pairs))
        return;
    bool annotated = (call->ddi->flags & DDI_ANNOTATED) != 0;
    const char *needs = annotated ? ", but is annotated for" : ", but needs";
    if (when != 0)
        needs = run_text(run, "; when %s, it needs", conds_text(run, call->ddi, when));
    report(run, call, pairs,
           run_text(run, "%s is called at %%i in %%c%s at least %s", call->ddi->name, needs,
                    irql_name((Irql)min)));
}

/* Minimum levels: of the row, and of a lock that leaves the level alone when a flag says so. */
static void check_minima(RuleRun *run, const Call *call) {
    const Ddi *ddi = call->ddi;
    if ((ddi->flags & DDI_EXACT_MIN) != 0 && !gives_back(ddi))
        check_min(run, call, ddi->min, 0);
    for (unsigned i = 0; i < ddi->effect_count; i++) {
        const Effect *effect = &ddi->effects[i];
        if (effect->kind == EFFECT_ACQUIRE && (effect->flags & EFFECT_AT_DPC) != 0 &&
            effect->when != 0 && (ddi->flags & DDI_EXACT_MIN) == 0)
            check_min(run, call, IRQL_DISPATCH, effect->when);
    }
}

static void check_target(RuleRun *run, FuncId func, OpId op, const Ddi *ddi) {
    Call call = {func, op, ddi, CERTAINTY_COUNT};
    if (may_block(ddi)) {
        SitePairs pairs = inferred_at_when(run_inferred(run), func, op, ddi, ddi->blocking_when);
        call.blocked = site_pairs_surest(site_pairs_and(pairs, pairs_at_or_above(IRQL_DISPATCH)));
    }
    check_max(run, &call, ddi->max, 0);
    for (unsigned i = 0; i < ddi->limit_count; i++) {
        if (!is_about_memory(ddi, ddi->limits[i].when))
            check_max(run, &call, ddi->limits[i].max, ddi->limits[i].when);
    }
    if (may_block(ddi))
        check_max(run, &call, ddi->blocking_max, ddi->blocking_when);
    check_minima(run, &call);
}

static void visit(RuleRun *run, FuncId func, OpId op, const IrOpRec *record) {
    if (record->kind != IR_OP_CALL)
        return;
    const Program *program = run_program(run);
    const ProgTargets *targets = &program->targets[op];
    for (uint32_t i = 0; i < targets->len; i++) {
        const Ddi *ddi = program->funcs[targets->items[i]].ddi;
        if (ddi != NULL && (ddi->flags & DDI_CREATES_THREAD) == 0)
            check_target(run, func, op, ddi);
    }
}

static void check(RuleRun *run) {
    run_each_op(run, visit);
}

const Rule rule_ddi_irql = {
    .id = "ddi-irql",
    .title = "A kernel routine is called at an IRQL it does not allow",
    .level = LEVEL_ERROR,
    .hint = "Make the call after the level is lowered, leave it to a work item, or use a "
            "variant that this level allows.",
    .requirement = "F6",
    .severity = "6.2",
    .warnings = {28118, 28120, 28121, 28122, 28123, 28124},
    .check = check,
};
