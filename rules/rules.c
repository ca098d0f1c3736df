/* rules: the table of every rule, made from rules.def. */
#include "irqlint/rule.h"

#define RULE(name) extern const Rule rule_##name;
#include "rules/rules.def"
#undef RULE

const Rule *const *rules_all(uint32_t *count) {
    static const Rule *const rules[] = {
#define RULE(name) &rule_##name,
#include "rules/rules.def"
#undef RULE
    };
    *count = sizeof rules / sizeof rules[0];
    return rules;
}
