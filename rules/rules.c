/* rules: the table of every rule, made from rules.def, and their pages. */
#include "irqlint/rule.h"

#define RULE(name)                                                                                 \
    extern const Rule rule_##name;                                                                 \
    extern const char rule_page_##name[];
#include "rules/rules.def"
#undef RULE

static const Rule *const rules[] = {
#define RULE(name) &rule_##name,
#include "rules/rules.def"
#undef RULE
};

static const char *const pages[] = {
#define RULE(name) rule_page_##name,
#include "rules/rules.def"
#undef RULE
};

enum { RULE_COUNT = sizeof rules / sizeof rules[0] };

const Rule *const *rules_all(uint32_t *count) {
    *count = RULE_COUNT;
    return rules;
}

const char *rule_page(const Rule *rule) {
    for (uint32_t i = 0; i < RULE_COUNT; i++) {
        if (rules[i] == rule)
            return pages[i];
    }
    return "";
}
