/* pairs: sets of (context, IRQL) pairs, for rules.
 *
 * Invariant: a pair is in at most one of SitePairs.by, the surest; every function here keeps it.
 * A level outside the domain (a table's "unknown", IRQL_COUNT) selects nothing above it and
 * everything below it, so an unknown limit never makes a finding.
 */
#include "irqlint/rule.h"

static PairSet pairs_of_levels(IrqlSet levels) {
    PairSet pairs = 0;
    for (unsigned context = 0; context < CONTEXT_COUNT; context++)
        pairs |= (PairSet)levels << (context * IRQL_COUNT);
    return pairs;
}

PairSet pairs_below(Irql irql) {
    return pairs_of_levels((IrqlSet)(((1u << irql) - 1) & IRQL_SET_ALL));
}

PairSet pairs_at_or_above(Irql irql) {
    return pairs_of_levels(IRQL_SET_ALL) & ~pairs_below(irql);
}

PairSet pairs_of_context(Context context) {
    return (PairSet)IRQL_SET_ALL << ((unsigned)context * IRQL_COUNT);
}

SitePairs site_pairs_and(SitePairs pairs, PairSet mask) {
    for (unsigned i = 0; i < CERTAINTY_COUNT; i++)
        pairs.by[i] &= mask;
    return pairs;
}

SitePairs site_pairs_meet(SitePairs a, SitePairs b) {
    SitePairs both = {{0}};
    for (unsigned i = 0; i < CERTAINTY_COUNT; i++) {
        for (unsigned j = 0; j < CERTAINTY_COUNT; j++)
            both.by[i > j ? i : j] |= a.by[i] & b.by[j];
    }
    return both;
}

PairSet site_pairs_any(SitePairs pairs) {
    PairSet any = 0;
    for (unsigned i = 0; i < CERTAINTY_COUNT; i++)
        any |= pairs.by[i];
    return any;
}

bool site_pairs_empty(SitePairs pairs) {
    return site_pairs_any(pairs) == 0;
}

Certainty site_pairs_surest(SitePairs pairs) {
    unsigned i = 0;
    while (i < CERTAINTY_COUNT && pairs.by[i] == 0)
        i++;
    return (Certainty)i;
}
