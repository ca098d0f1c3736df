/* rules: one line a rule: id, what it finds, level. */
#include "analyzer/cli/cli.h"

int cmd_rules(Cli *cli) {
    uint32_t count;
    const Rule *const *rules = rules_all(&count);
    int width = 0;
    for (uint32_t i = 0; i < count; i++)
        width = (int)strlen(rules[i]->id) > width ? (int)strlen(rules[i]->id) : width;
    for (uint32_t i = 0; i < count; i++)
        printf("%-*s  %-7s  %s\n", width, rules[i]->id, finding_level_name(rules[i]->level),
               rules[i]->title);
    return cli->incomplete ? EXIT_INCOMPLETE : EXIT_CLEAN;
}
