/* annotation-malformed (F11): an annotation on levels, locks or roles that cannot mean anything.
 *
 * A level that does not exist, an unknown _IRQL_ word, an operand too few: the annotation promises
 * nothing, and whoever reads it believes that it does. Annotations that the parser does not know
 * and that do not look like one of ours are none of our business; a level that is a macro of the
 * driver is not known, not wrong. Errs towards silence.
 */
#include "irqlint/rule.h"

static const char *problem_of(RuleRun *run, const SalFact *fact) {
    if (fact->kind == SAL_MALFORMED)
        return "cannot be read: a word, an operand or a parenthesis is wrong";
    return fact->name[0] == '\0' ? "lacks its operand"
                                 : run_text(run, "cannot have the value %s", fact->name);
}

static void check_func(RuleRun *run, FuncId id) {
    const ProgFunc *func = &run_program(run)->funcs[id];
    for (uint32_t i = 0; i < func->fact_count; i++) {
        const SalFact *fact = &func->facts[i];
        bool bad = fact->kind == SAL_MALFORMED || (fact->flags & SAL_BAD_VALUE) != 0;
        if (!bad || fact->line == 0)
            continue;
        const char *clause = run_text(run, "%s is annotated", func->name);
        run_remark(run, &(RuleRemark){
                            .func = id,
                            .because = {func->file, func->line, 0, id, clause},
                            .at = {fact->file, fact->line, 0, id, fact->text},
                            .subject = fact->text,
                            .message = run_text(run, "annotation %s of %s %s", fact->text,
                                                func->name, problem_of(run, fact)),
                        });
    }
}

static void check(RuleRun *run) {
    const Program *program = run_program(run);
    for (FuncId func = 1; func < program->func_count; func++) {
        if (!program->funcs[func].is_model)
            check_func(run, func);
    }
}

const Rule rule_annotation_malformed = {
    .id = "annotation-malformed",
    .title = "An annotation on levels, locks or roles has a value that it cannot have",
    .level = LEVEL_NOTE,
    .hint = "Write a level from PASSIVE_LEVEL to HIGH_LEVEL and a lock or role that exists.",
    .requirement = "F11",
    .severity = "0.0",
    .warnings = {28230, 28238, 28239, 28240, 28241, 28242, 28243, 28244, 28250, 28251, 28252, 28253,
                 28254},
    .check = check,
};
