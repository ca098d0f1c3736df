/* explain: the page of a rule, in the terminal. */
#include "analyzer/cli/cli.h"

#include <stdlib.h>

#define BOLD  "\x1b[1m"
#define CODE  "\x1b[36m"
#define PLAIN "\x1b[0m"

/* `code` in colour. */
static void put_words(const char *line, size_t len) {
    bool inside = false;
    for (size_t i = 0; i < len; i++) {
        if (line[i] != '`') {
            putchar(line[i]);
            continue;
        }
        inside = !inside;
        fputs(inside ? CODE : PLAIN, stdout);
    }
    if (inside)
        fputs(PLAIN, stdout);
}

/* Markdown is text to read; on a terminal headings and code stand out instead of their marks. */
static void put_page(const char *page) {
    bool code = false;
    while (*page != '\0') {
        size_t len = strcspn(page, "\n");
        size_t marks = code ? 0 : strspn(page, "#");
        if (strncmp(page, "```", 3) == 0) {
            code = !code;
        } else if (code) {
            printf("    " CODE "%.*s" PLAIN "\n", (int)len, page);
        } else if (marks > 0 && page[marks] == ' ') {
            printf(BOLD "%.*s" PLAIN "\n", (int)(len - marks - 1), page + marks + 1);
        } else {
            put_words(page, len);
            putchar('\n');
        }
        page += len + (page[len] == '\n');
    }
}

static void explain(const Cli *cli, const Rule *rule) {
    if (cli_wants_colour(cli, true))
        put_page(rule_page(rule));
    else
        fputs(rule_page(rule), stdout);
}

static bool has_warning(const Rule *rule, unsigned long number) {
    for (size_t i = 0; rule->warnings[i] != 0; i++) {
        if (rule->warnings[i] == number)
            return true;
    }
    return false;
}

/* The rules that stand for a warning of Code Analysis: "C28118" or "28118". 0: there is none. */
static uint32_t explain_warning(const Cli *cli, const char *word) {
    char *end;
    uint32_t count, found = 0;
    const Rule *const *rules = rules_all(&count);
    unsigned long number = strtoul(word + (word[0] == 'C' || word[0] == 'c'), &end, 10);
    for (uint32_t i = 0; i < count && *end == '\0' && number != 0; i++) {
        if (!has_warning(rules[i], number))
            continue;
        if (found++ != 0)
            putchar('\n');
        explain(cli, rules[i]);
    }
    return found;
}

int cmd_explain(Cli *cli) {
    if (cli->paths.len == 0) {
        cli_complain(cli, "explain: no RULE is given (`irqlint rules` lists them)");
        return EXIT_INCOMPLETE;
    }
    for (uint32_t i = 0; i < cli->paths.len; i++) {
        const char *word = cli->paths.items[i];
        const Rule *rule = check_rule(word);
        if (i > 0)
            putchar('\n');
        if (rule != NULL) {
            explain(cli, rule);
        } else if (explain_warning(cli, word) == 0) {
            Error err;
            cli_unknown_rule(cli, word, &err);
            cli_complain(cli, "%s", err.message);
        }
    }
    return cli->incomplete ? EXIT_INCOMPLETE : EXIT_CLEAN;
}
