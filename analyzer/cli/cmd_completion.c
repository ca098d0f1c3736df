/* completion: scripts for shells, made of the tables of commands and options. */
#include "analyzer/cli/cli.h"

/* Options of a command by their long names, with what is behind them in a choice. */
static void put_options(const Command *command, const char *form, const char *between) {
    const char *gap = "";
    for (uint32_t i = 0; i < OPTION_COUNT; i++) {
        const Option *option = &options_all[i];
        if ((option->commands & command_bit(command)) == 0 || option->name == NULL)
            continue;
        printf("%s", gap);
        printf(form, option->name);
        gap = between;
    }
}

static void put_words(const char *choice) {
    for (; *choice != '\0'; choice++)
        putchar(*choice == '|' ? ' ' : *choice);
}

static bool is_choice(const Option *option) {
    return option->argument != NULL && strchr(option->argument, '|') != NULL;
}

/* ---- bash, and zsh by way of it ---------------------------------------------------------------
 */

static void put_bash_values(const Command *command) {
    for (uint32_t i = 0; i < OPTION_COUNT; i++) {
        const Option *option = &options_all[i];
        if ((option->commands & command_bit(command)) == 0 || !is_choice(option))
            continue;
        printf("        %s:--%s) words='", command->name, option->name);
        put_words(option->argument);
        puts("' ;;");
    }
}

static void put_bash(void) {
    uint32_t count;
    const Command *commands = commands_all(&count);
    puts("# irqlint completion bash: completes commands, options, their choices, rules, files.\n"
         "_irqlint() {\n"
         "    local current=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]}\n"
         "    local command=${COMP_WORDS[1]} words=\n"
         "    if [ \"$current\" = = ]; then current=\n"
         "    elif [ \"$before\" = = ]; then before=${COMP_WORDS[COMP_CWORD-2]}\n"
         "    fi\n"
         "    if [ \"$COMP_CWORD\" -eq 1 ]; then");
    printf("        words='");
    for (uint32_t i = 0; i < count; i++)
        printf("%s%s", i == 0 ? "" : " ", commands[i].name);
    puts("'\n"
         "    else\n"
         "        case $command:$before in\n"
         "        explain:*|*:--rule) words=$(irqlint rules 2>/dev/null | cut -d' ' -f1) ;;");
    for (uint32_t i = 0; i < count; i++)
        put_bash_values(&commands[i]);
    puts("        esac\n"
         "    fi\n"
         "    if [ -z \"$words\" ] && [ \"${current#-}\" != \"$current\" ]; then\n"
         "        case $command in");
    for (uint32_t i = 0; i < count; i++) {
        printf("        %s) words='", commands[i].name);
        put_options(&commands[i], "--%s", " ");
        puts("' ;;");
    }
    puts("        esac\n"
         "    fi\n"
         "    COMPREPLY=($(compgen -W \"$words\" -- \"$current\"))\n"
         "}\n"
         "complete -o default -o bashdefault -F _irqlint irqlint");
}

/* ---- fish ---------------------------------------------------------------------------------- */

static void put_fish_quoted(const char *text) {
    putchar('\'');
    for (; *text != '\0'; text++) {
        if (*text == '\'' || *text == '\\')
            putchar('\\');
        putchar(*text);
    }
    putchar('\'');
}

static void put_fish_option(const Command *command, const Option *option) {
    printf("complete -c irqlint -n '__fish_seen_subcommand_from %s'", command->name);
    if (option->name != NULL)
        printf(" -l %s", option->name);
    if (option->letter != 0)
        printf(" -s %c", option->letter);
    if (option->argument != NULL)
        printf(" -r");
    if (is_choice(option)) {
        printf(" -f -a '");
        put_words(option->argument);
        putchar('\'');
    }
    printf(" -d ");
    put_fish_quoted(option->help);
    putchar('\n');
}

static void put_fish(void) {
    uint32_t count;
    const Command *commands = commands_all(&count);
    puts("# irqlint completion fish: completes commands, options, their choices, rules, files.");
    for (uint32_t i = 0; i < count; i++) {
        printf("complete -c irqlint -f -n __fish_use_subcommand -a %s -d ", commands[i].name);
        put_fish_quoted(commands[i].summary);
        putchar('\n');
    }
    puts("complete -c irqlint -f -n '__fish_seen_subcommand_from explain' "
         "-a \"(irqlint rules | cut -d' ' -f1)\"");
    for (uint32_t i = 0; i < count; i++) {
        for (uint32_t k = 0; k < OPTION_COUNT; k++) {
            if ((options_all[k].commands & command_bit(&commands[i])) != 0)
                put_fish_option(&commands[i], &options_all[k]);
        }
    }
}

int cmd_completion(Cli *cli) {
    const char *shell = cli->paths.len == 1 ? cli->paths.items[0] : "";
    if (str_eq(shell, "bash")) {
        put_bash();
    } else if (str_eq(shell, "zsh")) {
        puts("#compdef irqlint\nautoload -U +X bashcompinit && bashcompinit");
        put_bash();
    } else if (str_eq(shell, "fish")) {
        put_fish();
    } else {
        cli_complain(cli, "completion: for which shell (bash, zsh, fish)?");
    }
    return cli->incomplete ? EXIT_INCOMPLETE : EXIT_CLEAN;
}
