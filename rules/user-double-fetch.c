/* user-double-fetch (F4): a location of the requester's memory is checked, then read again and
 * used.
 *
 * Other threads of the requester run meanwhile: between the two reads they put another value there,
 * past the check. A size that was compared with the buffer is then larger than it, an address that
 * was probed is one of the kernel. The cure is to read once, into a variable, and to check that.
 *
 * The check and the use must be such that the one was meant to make the other safe; a location read
 * twice for other reasons is no finding.
 */
#include "irqlint/rule.h"

static const char *words_of(unsigned uses) {
    if ((uses & FETCH_AS_SIZE) != 0)
        return "as a size";
    if ((uses & FETCH_AS_POINTER) != 0)
        return "as an address";
    return (uses & FETCH_AS_INDEX) != 0 ? "as an index" : "as if it were checked";
}

static void visit(RuleRun *run, const DoubleFetch *fetch) {
    const char *name = fetch->name[0] != '\0' ? fetch->name : "user memory";
    SitePairs pairs = site_pairs_and(fetch->pairs, pairs_of_context(CONTEXT_CALLER_THREAD));
    run_report(run, &(RuleReport){
                        .site = SITE_OP,
                        .func = fetch->func,
                        .op = fetch->second,
                        .filter = {.origin = ORIGIN_GIVEN},
                        .pairs = pairs,
                        .subject = fetch->lasting ? fetch->name : "",
                        .source_func = fetch->func,
                        .source_op = fetch->first,
                        .source = run_text(run, "%s is read and checked", name),
                        .sink = run_text(run, "%s is read again", name),
                        .message = run_text(run,
                                            "%s is read from the requester's memory again and used "
                                            "%s, after another read of it was checked",
                                            name, words_of(fetch->uses)),
                    });
}

static void check(RuleRun *run) {
    run_each_double_fetch(run, visit);
}

const Rule rule_user_double_fetch = {
    .id = "user-double-fetch",
    .title = "User memory is read again after it was checked",
    .level = LEVEL_ERROR,
    .hint = "Copy the value once into a local variable, check the copy and use the copy.",
    .requirement = "F4",
    .severity = "8.4",
    .check = check,
};
