/* rules: one line a rule: id, level, what it finds. */
#include "analyzer/cli/cli.h"

static void print_text(const Rule *const *rules, uint32_t count) {
    int width = 0;
    for (uint32_t i = 0; i < count; i++)
        width = (int)strlen(rules[i]->id) > width ? (int)strlen(rules[i]->id) : width;
    for (uint32_t i = 0; i < count; i++)
        printf("%-*s  %-7s  %s\n", width, rules[i]->id, finding_level_name(rules[i]->level),
               rules[i]->title);
}

/* The table of README.md, with a link to each page. */
static void print_markdown(const Rule *const *rules, uint32_t count) {
    puts("| rule | level | what it finds |\n| --- | --- | --- |");
    for (uint32_t i = 0; i < count; i++)
        printf("| [%s](rules/%s.md) | %s | %s |\n", rules[i]->id, rules[i]->id,
               finding_level_name(rules[i]->level), rules[i]->title);
}

int cmd_rules(Cli *cli) {
    uint32_t count;
    const Rule *const *rules = rules_all(&count);
    (cli->markdown ? print_markdown : print_text)(rules, count);
    return cli->incomplete ? EXIT_INCOMPLETE : EXIT_CLEAN;
}
