/* words: levels and contexts as people write them.
 *
 * Case does not matter, '_', '-' and ' ' are alike. A level may lack its "_LEVEL" or be the number
 * in a KIRQL; a context may be called by what is said of it in the documentation.
 */
#include "analyzer/cli/cli.h"

#include <ctype.h>
#include <stdlib.h>

typedef struct Word {
    const char *word; /* in small letters, with '-' */
    int value;        /* Irql or Context */
} Word;

static const Word level_words[] = {
    {"passive", IRQL_PASSIVE}, {"apc", IRQL_APC},     {"dispatch", IRQL_DISPATCH},
    {"dpc", IRQL_DISPATCH},    {"dirql", IRQL_DIRQL}, {"device", IRQL_DIRQL},
    {"isr", IRQL_DIRQL},       {"high", IRQL_HIGH},
};

static const Word context_words[] = {
    {"init", CONTEXT_INIT},
    {"initialization", CONTEXT_INIT},
    {"caller-thread", CONTEXT_CALLER_THREAD},
    {"caller", CONTEXT_CALLER_THREAD},
    {"trap", CONTEXT_CALLER_THREAD},
    {"arbitrary-thread", CONTEXT_ARBITRARY_THREAD},
    {"arbitrary", CONTEXT_ARBITRARY_THREAD},
    {"system-thread", CONTEXT_SYSTEM_THREAD},
    {"system", CONTEXT_SYSTEM_THREAD},
    {"worker", CONTEXT_SYSTEM_THREAD},
    {"work-item", CONTEXT_SYSTEM_THREAD},
    {"dpc", CONTEXT_DPC},
    {"isr", CONTEXT_ISR},
    {"interrupt", CONTEXT_ISR},
    {"passive-isr", CONTEXT_PASSIVE_ISR},
    {"passive-interrupt", CONTEXT_PASSIVE_ISR},
    {"apc", CONTEXT_APC},
};

static const char *normal_form(Arena *arena, const char *word) {
    char *copy = arena_strdup(arena, word);
    for (char *at = copy; *at != '\0'; at++)
        *at = *at == '_' || *at == ' ' ? '-' : (char)tolower((unsigned char)*at);
    return copy;
}

/* Its value, or -1; the nearest word goes to *near. */
static int find(Cli *cli, const Word *words, size_t count, const char *word, const char **near) {
    CStrArray known = {0};
    for (size_t i = 0; i < count; i++) {
        if (str_eq(words[i].word, word))
            return words[i].value;
        array_push(&known, cli->arena, words[i].word);
    }
    const char *nearest = nearest_name(&known, word);
    *near = nearest == NULL ? "" : arena_printf(cli->arena, ", did you mean '%s'?", nearest);
    return -1;
}

static int number_of(const char *word) {
    char *end;
    long number = strtol(word, &end, 10);
    bool is_number = end != word && *end == '\0' && number >= 0 && number <= 15;
    return is_number ? (int)irql_from_number(number) : -1;
}

int cli_irql_of(Cli *cli, const char *word, Error *err) {
    const char *near = "", *form = normal_form(cli->arena, word);
    char *upper = arena_strdup(cli->arena, form);
    for (char *at = upper; *at != '\0'; at++)
        *at = *at == '-' ? '_' : (char)toupper((unsigned char)*at);
    int level = irql_from_name(upper); /* SYNCH_LEVEL, IPI_LEVEL … too */
    if (level < 0)
        level = number_of(form);
    if (level < 0 && str_ends_with(form, "-level"))
        form = arena_strndup(cli->arena, form, strlen(form) - strlen("-level"));
    if (level < 0)
        level = find(cli, level_words, sizeof level_words / sizeof level_words[0], form, &near);
    if (level < 0)
        error_set(err, "--irql: unknown level '%s'%s (one of PASSIVE, APC, DISPATCH, DIRQL, HIGH)",
                  word, near);
    return level;
}

int cli_context_of(Cli *cli, const char *word, Error *err) {
    const char *near = "", *form = normal_form(cli->arena, word);
    int context =
        find(cli, context_words, sizeof context_words / sizeof context_words[0], form, &near);
    if (context >= 0)
        return context;
    Text names = {0};
    for (int i = 0; i < CONTEXT_COUNT; i++)
        text_printf(&names, cli->arena, "%s%s", i == 0 ? "" : ", ", context_name((Context)i));
    return error_set(err, "--context: unknown context '%s'%s (one of %s)", word, near,
                     text_cstr(&names, cli->arena));
}
