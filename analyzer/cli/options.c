/* options: the command line, read by the table in options.def.
 *
 * The first argument is the command; options may stand anywhere after it, `--` ends them and what
 * follows goes to clang. Invariant: an option that is unknown, belongs to another command or has a
 * wrong value is an error, never ignored.
 */
#include "analyzer/cli/cli.h"

#include <errno.h>
#include <stdlib.h>

const Option options_all[OPTION_COUNT] = {
#define OPTION(symbol, letter, name, argument, commands, help)                                     \
    [OPTION_##symbol] = {letter, name, argument, commands, help},
#include "analyzer/cli/options.def"
#undef OPTION
};

static const Command command_table[] = {
#define COMMAND(symbol, name, arguments, summary) {name, arguments, summary, cmd_##symbol},
#include "analyzer/cli/commands.def"
#undef COMMAND
};

const Command *commands_all(uint32_t *count) {
    *count = COMMAND_COUNT;
    return command_table;
}

unsigned command_bit(const Command *command) {
    return 1u << (unsigned)(command - command_table);
}

const Command *command_find(const char *name) {
    for (uint32_t i = 0; i < COMMAND_COUNT; i++)
        if (str_eq(command_table[i].name, name))
            return &command_table[i];
    return NULL;
}

/* ", did you mean '--jobs'?", or nothing. */
static const char *did_you_mean(Cli *cli, const CStrArray *names, const char *text) {
    const char *name = nearest_name(names, text);
    return name == NULL ? "" : arena_printf(cli->arena, ", did you mean '%s'?", name);
}

/* ---- values -------------------------------------------------------------------------------- */

/* The position of `value` among the words of a choice "a|b|c", or -1. */
static int choice_index(const char *choice, const char *value) {
    size_t value_len = strlen(value);
    for (int index = 0;; index++) {
        size_t len = strcspn(choice, "|");
        if (len == value_len && strncmp(choice, value, len) == 0)
            return index;
        if (choice[len] == '\0')
            return -1;
        choice += len + 1;
    }
}

static CStrArray choice_words(Cli *cli, const char *choice) {
    CStrArray words = {0};
    for (;;) {
        size_t len = strcspn(choice, "|");
        array_push(&words, cli->arena, arena_strndup(cli->arena, choice, len));
        if (choice[len] == '\0')
            return words;
        choice += len + 1;
    }
}

static int set_number(uint32_t *number, const char *shown, const char *value, long most,
                      Error *err) {
    char *end = NULL;
    errno = 0;
    long parsed = strtol(value, &end, 10);
    if (errno != 0 || end == value || *end != '\0' || parsed < 1 || parsed > most)
        return error_set(err, "%s: '%s' is not a number from 1 to %ld", shown, value, most);
    *number = (uint32_t)parsed;
    return 0;
}

static CStrArray rule_ids(Cli *cli) {
    CStrArray ids = {0};
    uint32_t count;
    const Rule *const *rules = rules_all(&count);
    for (uint32_t i = 0; i < count; i++)
        array_push(&ids, cli->arena, rules[i]->id);
    return ids;
}

const char *cli_nearest_rule(Cli *cli, const char *id) {
    CStrArray ids = rule_ids(cli);
    return nearest_name(&ids, id);
}

int cli_unknown_rule(Cli *cli, const char *id, Error *err) {
    CStrArray ids = rule_ids(cli);
    return error_set(err, "unknown rule '%s'%s (`irqlint rules` lists them)", id,
                     did_you_mean(cli, &ids, id));
}

static int add_rule(Cli *cli, const char *id, Error *err) {
    if (check_rule(id) == NULL)
        return cli_unknown_rule(cli, id, err);
    array_push(&cli->rules, cli->arena, id);
    return 0;
}

static void add_clang_arg(Cli *cli, char letter, const char *value) {
    array_push(&cli->clang_args, cli->arena, arena_printf(cli->arena, "-%c%s", letter, value));
}

/* Notes that the option was given; `choice` is its position in a choice. */
static int apply_option(Cli *cli, OptionId id, const char *value, int choice, Error *err) {
    switch (id) {
    case OPTION_IRQL:
        cli->irql = cli_irql_of(cli, value, err);
        return cli->irql < 0 ? -1 : 0;
    case OPTION_CONTEXT:
        cli->context = cli_context_of(cli, value, err);
        return cli->context < 0 ? -1 : 0;
    case OPTION_FILE:
        cli->file = value;
        return 0;
    case OPTION_DRIVER:
        cli->driver = value;
        return 0;
    case OPTION_FORMAT:
    case OPTION_LISTING:
        cli->format = (ReportFormat)choice;
        return 0;
    case OPTION_TABLE:
        cli->markdown = choice != 0;
        return 0;
    case OPTION_GRAPH_FORM:
        cli->graph_form = choice;
        return 0;
    case OPTION_QUERY_FORM:
        cli->table = (TableFormat)choice;
        return 0;
    case OPTION_HELP_FORM:
        cli->man = choice != 0;
        return 0;
    case OPTION_FUNCTION:
        array_push(&cli->paths, cli->arena, value);
        return 0;
    case OPTION_AROUND:
        return set_number(&cli->around, "--around", value, 1000, err);
    case OPTION_OUTPUT:
    case OPTION_PRODUCT:
        cli->output = value;
        return 0;
    case OPTION_OF:
        array_push(&cli->of, cli->arena, value);
        return 0;
    case OPTION_PLAN_FORM:
        return 0; /* there is one */
    case OPTION_TO:
        cli->to = value;
        return 0;
    case OPTION_FILES_PER_STEP:
        return set_number(&cli->files_per_step, "--files-per-step", value, 1 << 20, err);
    case OPTION_JSON:
        cli->reports[REPORT_JSON] = value;
        return 0;
    case OPTION_SARIF:
        cli->reports[REPORT_SARIF] = value;
        return 0;
    case OPTION_HTML:
        cli->reports[REPORT_HTML] = value;
        return 0;
    case OPTION_GITLAB:
        cli->reports[REPORT_GITLAB] = value;
        return 0;
    case OPTION_JUNIT:
        cli->reports[REPORT_JUNIT] = value;
        return 0;
    case OPTION_BRIEF:
        cli->format = REPORT_BRIEF;
        return 0;
    case OPTION_RULE:
        return add_rule(cli, value, err);
    case OPTION_CONFIGURATION:
        cli->configuration = value;
        return 0;
    case OPTION_PLATFORM:
        cli->platform = value;
        return 0;
    case OPTION_WDK:
        cli->wdk = value;
        return 0;
    case OPTION_MODEL:
        array_push(&cli->overlays, cli->arena, value);
        return 0;
    case OPTION_SUPPRESSIONS:
        array_push(&cli->suppressions, cli->arena, value);
        return 0;
    case OPTION_BASELINE:
        cli->baseline = value;
        return 0;
    case OPTION_NEW_SINCE:
        cli->new_since = value;
        return 0;
    case OPTION_FAIL_ON:
        cli->fail_on = choice;
        return 0;
    case OPTION_CERTAINTY:
        cli->certainty = (Certainty)choice;
        return 0;
    case OPTION_ALL:
        cli->certainty = POSSIBLE_WEAK;
        return 0;
    case OPTION_COVERAGE:
        cli->coverage = true;
        return 0;
    case OPTION_STAGE:
        cli->stage = (DumpStage)choice;
        return 0;
    case OPTION_CONFIG:
        cli->config_file = value;
        return 0;
    case OPTION_NO_CONFIG:
        cli->no_config = true;
        return 0;
    case OPTION_INCLUDE:
    case OPTION_DEFINE:
    case OPTION_UNDEFINE:
        add_clang_arg(cli, options_all[id].letter, value);
        return 0;
    case OPTION_JOBS:
        return set_number(&cli->jobs, "-j", value, 1024, err);
    case OPTION_UNIT_TIMEOUT:
        return set_number(&cli->unit_timeout_s, "--unit-timeout", value, 86400, err);
    case OPTION_UNIT_MEMORY:
        return set_number(&cli->unit_memory_mb, "--unit-memory", value, 1 << 20, err);
    case OPTION_ALLOW_OUTSIDE:
        cli->allow_outside = true;
        return 0;
    case OPTION_CACHE:
        cli->cache_dir = value;
        return 0;
    case OPTION_NO_CACHE:
        cli->no_cache = true;
        return 0;
    case OPTION_CACHE_SIZE:
        return set_number(&cli->cache_mb, "--cache-size", value, 1 << 30, err);
    case OPTION_DB:
        cli->db = value;
        return 0;
    case OPTION_ONLY:
        array_push(&cli->only, cli->arena, value);
        return 0;
    case OPTION_NO_PAGED_CODE:
        cli->no_paged_code = true;
        return 0;
    case OPTION_NO_DB:
        cli->no_db = true;
        return 0;
    case OPTION_COLOR:
        cli->color = (ColorMode)choice;
        return 0;
    case OPTION_STATS:
        cli->stats = true;
        return 0;
    case OPTION_QUIET:
        cli->quiet = true;
        return 0;
    case OPTION_HELP:
        cli->help = true;
        return 0;
    case OPTION_COUNT:
        break;
    }
    return 0;
}

static int set_option(Cli *cli, OptionId id, const char *shown, const char *value, Error *err) {
    const Option *option = &options_all[id];
    int choice = 0;
    if (option->argument != NULL && strchr(option->argument, '|') != NULL) {
        choice = choice_index(option->argument, value);
        CStrArray words = choice_words(cli, option->argument);
        if (choice < 0)
            return error_set(err, "%s: unknown value '%s'%s (one of %s)", shown, value,
                             did_you_mean(cli, &words, value), option->argument);
    }
    return apply_option(cli, id, value, choice, err);
}

static bool is_list(OptionId id) {
    return id == OPTION_INCLUDE || id == OPTION_DEFINE || id == OPTION_UNDEFINE ||
           id == OPTION_MODEL || id == OPTION_SUPPRESSIONS;
}

/* --all, --no-cache and their like say the same as another option, or the opposite. */
static bool is_given(const Cli *cli, OptionId id) {
    return cli->given[id] || (id == OPTION_CERTAINTY && cli->given[OPTION_ALL]) ||
           (id == OPTION_CACHE && cli->given[OPTION_NO_CACHE]) ||
           (id == OPTION_DB && cli->given[OPTION_NO_DB]) ||
           (id == OPTION_BASELINE && cli->given[OPTION_NEW_SINCE]);
}

int cli_configure(Cli *cli, OptionId id, const char *value, bool *given, Error *err) {
    *given = !is_list(id) && is_given(cli, id);
    return *given ? 0 : set_option(cli, id, options_all[id].name, value, err);
}

/* ---- arguments ----------------------------------------------------------------------------- */

/* The arguments not yet read. */
typedef struct Args {
    char **items; /* argv */
    int count;    /* argc */
    int at;       /* the next one */
} Args;

static int unknown_option(Cli *cli, const char *shown, Error *err) {
    CStrArray names = {0};
    unsigned bit = command_bit(cli->command);
    for (uint32_t i = 0; i < OPTION_COUNT; i++)
        if (options_all[i].name != NULL && (options_all[i].commands & bit) != 0)
            array_push(&names, cli->arena, arena_printf(cli->arena, "--%s", options_all[i].name));
    return error_set(err, "unknown option '%s'%s (`irqlint help %s` lists them)", shown,
                     did_you_mean(cli, &names, shown), cli->command->name);
}

/* Takes the option's argument (attached, else the next one) and sets it. */
static int take_option(Cli *cli, int id, const char *shown, const char *attached, Args *args,
                       Error *err) {
    if (id == OPTION_COUNT)
        return unknown_option(cli, shown, err);
    const Option *option = &options_all[id];
    if ((option->commands & command_bit(cli->command)) == 0)
        return error_set(err, "'%s' has no option '%s'", cli->command->name, shown);
    if (option->argument == NULL && attached != NULL)
        return error_set(err, "%s takes no value", shown);
    if (option->argument != NULL && attached == NULL) {
        if (args->at == args->count)
            return error_set(err, "%s: %s is missing", shown, option->argument);
        attached = args->items[args->at++];
    }
    cli->given[id] = true;
    return set_option(cli, (OptionId)id, shown, attached, err);
}

/* The option of that name or letter (0: none), this command's if it has one. */
static int find_option(const Cli *cli, const char *name, char letter) {
    int found = OPTION_COUNT;
    for (int id = OPTION_COUNT; id-- > 0;) {
        const Option *option = &options_all[id];
        bool named = name != NULL && option->name != NULL && str_eq(option->name, name);
        if (!named && (letter == '\0' || option->letter != letter))
            continue;
        if (found == OPTION_COUNT || (option->commands & command_bit(cli->command)) != 0)
            found = id;
    }
    return found;
}

static int take_long(Cli *cli, const char *arg, Args *args, Error *err) {
    size_t name_len = strcspn(arg + 2, "=");
    const char *shown = arena_strndup(cli->arena, arg, name_len + 2);
    const char *attached = arg[2 + name_len] == '=' ? arg + 3 + name_len : NULL;
    return take_option(cli, find_option(cli, shown + 2, '\0'), shown, attached, args, err);
}

static int take_short(Cli *cli, const char *arg, Args *args, Error *err) {
    const char *shown = arena_strndup(cli->arena, arg, 2);
    int id = find_option(cli, NULL, arg[1]);
    if (id < OPTION_COUNT && options_all[id].argument == NULL && arg[2] != '\0')
        return unknown_option(cli, arg, err);
    return take_option(cli, id, shown, arg[2] == '\0' ? NULL : arg + 2, args, err);
}

static int parse_arguments(Cli *cli, Args *args, Error *err) {
    while (args->at < args->count) {
        const char *arg = args->items[args->at++];
        int result = 0;
        if (str_eq(arg, "--"))
            break;
        if (str_starts_with(arg, "--"))
            result = take_long(cli, arg, args, err);
        else if (arg[0] == '-' && arg[1] != '\0')
            result = take_short(cli, arg, args, err);
        else
            array_push(&cli->paths, cli->arena, arg);
        if (result != 0)
            return -1;
    }
    while (args->at < args->count)
        array_push(&cli->clang_args, cli->arena, args->items[args->at++]);
    return 0;
}

int cli_unknown_command(Cli *cli, const char *word, Error *err) {
    CStrArray names = {0};
    for (uint32_t i = 0; i < COMMAND_COUNT; i++)
        array_push(&names, cli->arena, command_table[i].name);
    return error_set(err, "unknown command '%s'%s (`irqlint help` lists them)", word,
                     did_you_mean(cli, &names, word));
}

static const char *joined_arguments(Cli *cli, int argc, char **argv) {
    Text text = {0};
    text_append(&text, cli->arena, "irqlint");
    for (int i = 1; i < argc; i++)
        text_printf(&text, cli->arena, " %s", argv[i]);
    return text_cstr(&text, cli->arena);
}

int cli_parse(Cli *cli, int argc, char **argv, Error *err) {
    cli->command_line = joined_arguments(cli, argc, argv);
    const char *word = argc < 2 ? "help" : argv[1];
    if (str_eq(word, "--help") || str_eq(word, "-h"))
        word = "help";
    if (str_eq(word, "--version"))
        word = "version";
    cli->command = command_find(word);
    if (cli->command == NULL)
        return cli_unknown_command(cli, word, err);
    Args args = {argv, argc, 2};
    if (parse_arguments(cli, &args, err) != 0)
        return -1;
    if (cli->command->arguments[0] == '\0' && cli->paths.len > 0)
        return error_set(err, "'%s' takes no arguments", cli->command->name);
    return config_load(cli, err);
}
