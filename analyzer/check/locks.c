/* locks: words for what functions do wrong with locks.
 *
 * A subject goes into the fingerprint, so it never holds the name of a local.
 */
#include "analyzer/check/internal.h"

const char *run_callee_name(const RuleRun *self, FuncId func, OpId op) {
    const Program *program = run_program(self);
    if (op == 0 || !program->funcs[func].defined || program->targets[op].len == 0)
        return "";
    return program->funcs[program->targets[op].items[0]].name;
}

const char *run_lock_text(RuleRun *self, const MisuseSite *site) {
    if (site->lock[0] != '\0')
        return run_text(self, "the lock %s", site->lock);
    return site->op == 0 ? "the lock that the system took" : "a lock";
}

const char *run_lock_subject(RuleRun *self, const MisuseSite *site) {
    if (site->lock[0] != '\0' && !site->lock_is_local)
        return site->lock;
    return run_callee_name(self, site->func, site->op);
}
