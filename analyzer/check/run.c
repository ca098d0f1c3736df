/* run: what a rule calls: visiting operations, reporting.
 *
 * A report becomes one draft finding: one pair is picked and its witness is the path shown. The
 * choice (surest, highest level, shortest path, lowest context) is total, so it does not depend on
 * the order in which inference found things. A finding is never surer than its pair, its weakening,
 * and the call it points at.
 */
#include "analyzer/check/internal.h"

#include <assert.h>

const Inferred *run_inferred(const RuleRun *self) {
    return self->inferred;
}

const Program *run_program(const RuleRun *self) {
    return inferred_program(self->inferred);
}

const char *run_text(RuleRun *self, const char *format, ...) {
    va_list args;
    va_start(args, format);
    const char *text = arena_vprintf(self->arena, format, args);
    va_end(args);
    return text;
}

static void visit_function(RuleRun *self, RuleVisitor *visit, FuncId func) {
    const Program *program = run_program(self);
    const IrUnit *unit = program_unit(program, func);
    const IrFuncRec *ir = program_ir(program, func);
    for (uint32_t i = 0; i < ir->block_count; i++) {
        const IrBlockRec *block = &unit->blocks[ir->first_block + i];
        for (uint32_t k = 0; k < block->op_count; k++) {
            IrOp op = block->first_op + k;
            visit(self, func, program_op_id(program, func, op), &unit->ops[op]);
        }
    }
}

void run_each_op(RuleRun *self, RuleVisitor *visit) {
    const Program *program = run_program(self);
    for (FuncId func = 1; func < program->func_count; func++) {
        if (program->funcs[func].defined)
            visit_function(self, visit, func);
    }
}

static void visit_call(RuleRun *self, FuncId func, OpId op, const IrOpRec *record) {
    const Program *program = run_program(self);
    const ProgTargets *targets = &program->targets[op];
    for (uint32_t i = 0; record->kind == IR_OP_CALL && i < targets->len; i++)
        self->call_visitor(self, func, op, record, &program->funcs[targets->items[i]]);
}

void run_each_call(RuleRun *self, CallVisitor *visit) {
    self->call_visitor = visit;
    run_each_op(self, visit_call);
}

void run_each_misuse(RuleRun *self, MisuseKind kind, MisuseVisitor *visit) {
    const Program *program = run_program(self);
    for (FuncId func = 1; func < program->func_count; func++) {
        MisuseSites sites = {0};
        if (program->funcs[func].defined)
            infer_misuses(self->inferred, self->arena, func, kind, &sites);
        for (uint32_t i = 0; i < sites.len; i++)
            visit(self, &sites.items[i]);
    }
}

void run_each_shared(RuleRun *self, SharedVisitor *visit) {
    if (self->shared == NULL)
        self->shared = infer_shared(self->arena, self->inferred);
    for (uint32_t i = 0; i < infer_shared_count(self->shared); i++)
        visit(self, infer_shared_item(self->shared, i));
}

/* ---- the pair and its path ---------------------------------------------------------------- */

typedef struct Choice {
    unsigned pair;         /* the pair reported */
    Certainty certainty;   /* of the pair */
    Assumption assumption; /* of its witness */
    StepArray steps;       /* its witness */
} Choice;

static PairSet highest_of(PairSet pairs) {
    for (int irql = IRQL_COUNT - 1; irql > 0; irql--) {
        PairSet high = pairs & pairs_at_or_above((Irql)irql);
        if (high != 0)
            return high;
    }
    return pairs;
}

/* The pair before a raise: the surest, then the highest below DISPATCH_LEVEL in that context. */
static bool find_pair_before(const RuleRun *self, const RuleReport *report, unsigned after,
                             unsigned *before, Certainty *certainty) {
    SitePairs at = inferred_at(self->inferred, report->func, report->op);
    at = site_pairs_and(at, pairs_of_context(pair_context(after)) & pairs_below(IRQL_DISPATCH));
    *certainty = site_pairs_surest(at);
    if (*certainty == CERTAINTY_COUNT)
        return false;
    PairSet best = highest_of(at.by[*certainty]);
    for (*before = 0; (best >> *before & 1) == 0;)
        ++*before;
    return true;
}

static void find_witness(const RuleRun *self, const RuleReport *report, Choice *choice) {
    OpId op = report->site == SITE_ENTRY ? 0 : report->op;
    unsigned pair = choice->pair;
    Certainty certainty = choice->certainty;
    if (report->site == SITE_RAISE &&
        !find_pair_before(self, report, choice->pair, &pair, &certainty))
        op = 0;
    infer_witness(self->inferred, self->arena, report->func, op, pair, certainty, &report->filter,
                  &choice->steps, &choice->assumption);
}

static Choice choose_pair(const RuleRun *self, const RuleReport *report) {
    Certainty certainty = site_pairs_surest(report->pairs);
    PairSet best = highest_of(report->pairs.by[certainty]);
    Choice chosen = {.certainty = certainty};
    bool found = false;
    for (unsigned pair = 0; pair < CONTEXT_COUNT * IRQL_COUNT; pair++) {
        if ((best >> pair & 1) == 0)
            continue;
        Choice choice = {.pair = pair, .certainty = certainty};
        find_witness(self, report, &choice);
        if (!found || choice.steps.len < chosen.steps.len)
            chosen = choice;
        found = true;
    }
    return chosen;
}

/* ---- the finding -------------------------------------------------------------------------- */

static const char *context_in_words(Context context) {
    static const char *const words[CONTEXT_COUNT] = {
        [CONTEXT_INIT] = "driver initialisation",
        [CONTEXT_CALLER_THREAD] = "the caller's thread",
        [CONTEXT_ARBITRARY_THREAD] = "an arbitrary thread",
        [CONTEXT_SYSTEM_THREAD] = "a system thread",
        [CONTEXT_DPC] = "a DPC",
        [CONTEXT_ISR] = "an interrupt service routine",
        [CONTEXT_PASSIVE_ISR] = "a passive-level interrupt service routine",
        [CONTEXT_APC] = "an APC",
    };
    return words[context];
}

static const char *render(const RuleRun *self, const char *message, unsigned pair) {
    Text text = {0};
    for (const char *at = message; *at != '\0'; at++) {
        if (at[0] == '%' && at[1] == 'c') {
            text_append(&text, self->arena, context_in_words(pair_context(pair)));
            at++;
        } else if (at[0] == '%' && at[1] == 'i') {
            text_append(&text, self->arena, irql_name(pair_irql(pair)));
            at++;
        } else {
            text_append_len(&text, self->arena, at, 1);
        }
    }
    return text_cstr(&text, self->arena);
}

static const char *sink_clause(const RuleRun *self, const RuleReport *report, Irql irql) {
    if (report->sink != NULL)
        return report->sink;
    if (report->site == SITE_RAISE)
        return arena_printf(self->arena, "%s raises to %s", report->subject, irql_name(irql));
    if (report->site == SITE_ENTRY)
        return arena_printf(self->arena, "enters %s", report->subject);
    const IrOpRec *op = program_op(run_program(self), report->func, report->op);
    switch ((IrOpKind)op->kind) {
    case IR_OP_CALL:
        return arena_printf(self->arena, "calls %s", report->subject);
    case IR_OP_LOAD:
        return arena_printf(self->arena, "reads %s", report->subject);
    case IR_OP_STORE:
        return arena_printf(self->arena, "writes %s", report->subject);
    default:
        return "happens here";
    }
}

static bool has_op(const RuleReport *report) {
    return report->site != SITE_ENTRY && report->op != 0;
}

/* At a line that is not the operation's: a return. */
static void locate_at(const RuleRun *self, const RuleReport *report, Finding *finding) {
    FuncId func = report->at_func != 0 ? report->at_func : report->func;
    const IrUnit *unit = program_unit(run_program(self), func);
    finding->function = run_program(self)->funcs[func].name;
    finding->file = ir_str(unit, unit->files[report->at->file]);
    finding->line = report->at->line;
    finding->column = report->at->column;
}

static void locate(const RuleRun *self, const RuleReport *report, Finding *finding) {
    const Program *program = run_program(self);
    const ProgFunc *func = &program->funcs[report->func];
    const IrUnit *unit = program_unit(program, report->func);
    IrLoc loc = program_ir(program, report->func)->loc;
    if (report->at != NULL && report->at->file != 0) {
        locate_at(self, report, finding);
        return;
    }
    if (has_op(report) && program_op(program, report->func, report->op)->loc.file != 0)
        loc = program_op(program, report->func, report->op)->loc;
    finding->function = func->name;
    finding->file = loc.file != 0 ? ir_str(unit, unit->files[loc.file]) : func->file;
    finding->line = loc.file != 0 ? loc.line : func->line;
    finding->column = loc.column;
}

static void weaken(Finding *finding, Certainty at_best, Assumption assumption) {
    if (at_best <= finding->certainty)
        return;
    finding->certainty = at_best;
    finding->assumption = assumption;
}

static void set_certainty(const RuleRun *self, const RuleReport *report, const Choice *choice,
                          Finding *finding) {
    const Program *program = run_program(self);
    finding->certainty = choice->certainty;
    finding->assumption = choice->certainty == CERTAIN ? ASSUME_NOTHING : choice->assumption;
    weaken(finding, report->at_best, report->assumption);
    if (report->needs_evidence &&
        (choice->assumption == ASSUME_SETTING || choice->assumption == ASSUME_DEFAULT_LEVEL))
        weaken(finding, POSSIBLE_WEAK, choice->assumption);
    if (report->needs_root &&
        (choice->assumption == ASSUME_NO_ROOT || choice->assumption == ASSUME_NO_SURE_CALL ||
         choice->assumption == ASSUME_SAL))
        weaken(finding, POSSIBLE_WEAK, choice->assumption);
    bool is_call =
        has_op(report) && program_op(program, report->func, report->op)->kind == IR_OP_CALL;
    if (is_call && !program->targets[report->op].complete)
        weaken(finding, POSSIBLE, ASSUME_CALL_TARGET);
}

static bool is_access(const RuleRun *self, const RuleReport *report) {
    if (!has_op(report))
        return false;
    uint32_t kind = program_op(run_program(self), report->func, report->op)->kind;
    return kind == IR_OP_LOAD || kind == IR_OP_STORE;
}

/* Where the pointer came from, at the level of the last step; or the raise within the line. */
static void add_source(RuleRun *self, const RuleReport *report, StepArray *steps) {
    if (report->source_op == 0 || steps->len == 0)
        return;
    const Program *program = inferred_program(self->inferred);
    const IrOpRec *record = program_op(program, report->source_func, report->source_op);
    const IrUnit *unit = program_unit(program, report->source_func);
    bool raise = report->raised_to != IRQL_PASSIVE;
    Step step = {.kind = raise ? STEP_RAISE : STEP_ACCESS,
                 .file = ir_str(unit, unit->files[record->loc.file]),
                 .line = record->loc.line,
                 .column = record->loc.column,
                 .function = program->funcs[report->source_func].name,
                 .message = report->source,
                 .irql = raise ? report->raised_to : steps->items[steps->len - 1].irql};
    array_push(steps, self->arena, step);
}

void run_report(RuleRun *self, const RuleReport *report) {
    assert(report->func != 0 && report->subject != NULL && report->message != NULL);
    if (site_pairs_empty(report->pairs))
        return;
    Choice choice = choose_pair(self, report);
    unsigned pair = choice.pair;
    if (report->raised_to != IRQL_PASSIVE)
        pair = pair_of(pair_context(pair), report->raised_to);
    Finding finding = {
        .rule = self->rule->id,
        .level = self->rule->level,
        .subject = report->subject,
        .message = render(self, report->message, pair),
        .context = pair_context(pair),
        .irql = pair_irql(pair),
    };
    locate(self, report, &finding);
    set_certainty(self, report, &choice, &finding);
    add_source(self, report, &choice.steps);
    Step sink = {STEP_SINK,      finding.file,     finding.line,
                 finding.column, finding.function, sink_clause(self, report, finding.irql),
                 finding.irql};
    array_push(&choice.steps, self->arena, sink);
    finding.steps = choice.steps.items;
    finding.step_count = choice.steps.len;
    Draft draft = {finding, is_access(self, report)};
    array_push(&self->drafts, self->arena, draft);
}

static Step step_at(const RuleRun *self, StepKind kind, FuncId func, OpId op, Irql irql,
                    const char *message) {
    const Program *program = run_program(self);
    const IrOpRec *record = program_op(program, func, op);
    const IrUnit *unit = program_unit(program, func);
    return (Step){kind,
                  ir_str(unit, unit->files[record->loc.file]),
                  record->loc.line,
                  record->loc.column,
                  program->funcs[func].name,
                  message,
                  irql};
}

/* The way to `other`, then the way to `here`. */
static StepArray shared_steps(RuleRun *self, const SharedReport *report) {
    const SharedAccess *here = report->here, *other = report->other;
    uint32_t up = report->at_holder ? here->holder.up : 0;
    StepArray steps = {0};
    infer_shared_path(self->shared, self->arena, other, &steps);
    array_push(&steps, self->arena,
               step_at(self, STEP_ACCESS, other->func, other->op, other->irql, report->access));
    infer_shared_path_above(self->shared, self->arena, here, up, &steps);
    FuncId func;
    OpId op = infer_shared_site(self->shared, here, up, &func);
    array_push(&steps, self->arena, step_at(self, STEP_SINK, func, op, here->irql, report->sink));
    return steps;
}

void run_report_shared(RuleRun *self, const SharedReport *report) {
    StepArray steps = shared_steps(self, report);
    const Step *sink = &steps.items[steps.len - 1];
    unsigned pair = pair_of(report->here->context, report->here->irql);
    Draft draft = {.finding = {.rule = self->rule->id,
                               .level = self->rule->level,
                               .certainty = report->certainty,
                               .assumption = report->assumption,
                               .file = sink->file,
                               .line = sink->line,
                               .column = sink->column,
                               .function = sink->function,
                               .subject = report->subject,
                               .message = render(self, report->message, pair),
                               .context = report->here->context,
                               .irql = report->here->irql,
                               .steps = steps.items,
                               .step_count = steps.len},
                   .access = true};
    array_push(&self->drafts, self->arena, draft);
}

void run_report_op(RuleRun *self, FuncId func, OpId op, SitePairs pairs, const char *subject,
                   const char *message) {
    run_report(self, &(RuleReport){.site = SITE_OP,
                                   .func = func,
                                   .op = op,
                                   .pairs = pairs,
                                   .subject = subject,
                                   .message = message});
}

void run_report_entry(RuleRun *self, FuncId func, SitePairs pairs, const char *subject,
                      const char *message) {
    run_report(self, &(RuleReport){.site = SITE_ENTRY,
                                   .func = func,
                                   .pairs = pairs,
                                   .subject = subject,
                                   .message = message});
}

/* ---- remarks ------------------------------------------------------------------------------ */

RulePlace run_place_of_op(const RuleRun *self, FuncId func, OpId op) {
    const Program *program = run_program(self);
    const IrUnit *unit = program_unit(program, func);
    IrLoc loc = program_op(program, func, op)->loc;
    return (RulePlace){ir_str(unit, unit->files[loc.file]), loc.line, loc.column, func, NULL};
}

static Step step_of_place(const RuleRun *self, StepKind kind, const RulePlace *place, Irql irql) {
    return (Step){.kind = kind,
                  .file = place->file,
                  .line = place->line,
                  .column = place->column,
                  .function = run_program(self)->funcs[place->func].name,
                  .message = place->clause,
                  .irql = irql};
}

void run_remark(RuleRun *self, const RuleRemark *remark) {
    SitePairs entry = inferred_entry(self->inferred, remark->func);
    Certainty surest = site_pairs_surest(entry);
    PairSet best = surest < CERTAINTY_COUNT ? highest_of(entry.by[surest]) : 1;
    unsigned pair = 0;
    while ((best >> pair & 1) == 0)
        pair++;
    Irql irql = pair_irql(pair);
    Step *steps = arena_array_of(self->arena, Step, 2);
    steps[0] = step_of_place(self, STEP_ROOT, &remark->because, irql);
    steps[1] = step_of_place(self, STEP_SINK, &remark->at, irql);
    Finding finding = {.rule = self->rule->id,
                       .level = self->rule->level,
                       .certainty = remark->certainty,
                       .assumption = remark->assumption,
                       .file = remark->at.file,
                       .line = remark->at.line,
                       .column = remark->at.column,
                       .function = steps[1].function,
                       .subject = remark->subject,
                       .message = remark->message,
                       .context = pair_context(pair),
                       .irql = irql,
                       .steps = steps,
                       .step_count = 2};
    array_push(&self->drafts, self->arena, ((Draft){finding, false}));
}
