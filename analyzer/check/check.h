/* check: runs the rules over an inferred driver: de-duplication, fingerprints, stable order. */
#ifndef IRQLINT_CHECK_H
#define IRQLINT_CHECK_H

#include "analyzer/base/base.h"
#include "irqlint/rule.h"

typedef Array(Finding) FindingArray;

typedef struct CheckOptions {
    const char *const *rules; /* rule ids to run; all when empty */
    uint32_t rule_count;      /* how many */
} CheckOptions;

/* All findings of every certainty (the report filters), sorted by file, line, column, rule,
 * subject. */
void check_program(Arena *arena, const Inferred *inferred, const CheckOptions *options,
                   FindingArray *findings);
/* The rule of that id, or NULL. */
const Rule *check_rule(const char *id);

#endif
