/* help: what the tables of commands and options say, laid out. */
#include "analyzer/cli/cli.h"

enum { HELP_COLUMN = 30 };

static void print_summary(void) {
    uint32_t count;
    const Command *commands = commands_all(&count);
    puts(
        "irqlint finds code in Windows kernel drivers that runs at the wrong IRQL or in the wrong\n"
        "context. It reads the sources; no kit and no build is needed.\n");
    puts("usage: irqlint COMMAND [options] [arguments]\n");
    for (uint32_t i = 0; i < count; i++)
        printf("  %-10s %s\n", commands[i].name, commands[i].summary);
    puts("\n`irqlint help COMMAND` explains one.");
}

static void print_option(Cli *cli, const Option *option) {
    Text left = {0};
    text_append(&left, cli->arena, "  ");
    if (option->letter != 0)
        text_printf(&left, cli->arena, "-%c", option->letter);
    if (option->letter != 0 && option->name != NULL)
        text_append(&left, cli->arena, ", ");
    if (option->name != NULL)
        text_printf(&left, cli->arena, "--%s", option->name);
    if (option->argument != NULL)
        text_printf(&left, cli->arena, "%s%s", option->name == NULL ? " " : "=", option->argument);
    if (left.len >= HELP_COLUMN)
        printf("%s\n%*s", text_cstr(&left, cli->arena), HELP_COLUMN, "");
    else
        printf("%-*s", HELP_COLUMN, text_cstr(&left, cli->arena));
    puts(option->help);
}

static void print_command(Cli *cli, const Command *command) {
    printf("usage: irqlint %s %s\n\n%s\n", command->name, command->arguments, command->summary);
    puts("\noptions:");
    for (uint32_t i = 0; i < OPTION_COUNT; i++)
        if ((options_all[i].commands & command_bit(command)) != 0)
            print_option(cli, &options_all[i]);
    if (str_eq(command->name, "check"))
        puts("\nPATH is a folder, a source file, compile_commands.json, a .vcxproj or a .sln.\n"
             "exit code: 0 no findings, 1 findings, 2 not all that was asked for could be done");
}

/* `irqlint help [COMMAND]`, and `irqlint COMMAND --help`. */
int cmd_help(Cli *cli) {
    const Command *command = cli->command;
    if (str_eq(command->name, "help")) {
        if (cli->paths.len == 0) {
            print_summary();
            return EXIT_CLEAN;
        }
        command = command_find(cli->paths.items[0]);
    }
    if (command == NULL) {
        Error err;
        cli_unknown_command(cli, cli->paths.items[0], &err);
        cli_complain(cli, "%s", err.message);
        return EXIT_INCOMPLETE;
    }
    print_command(cli, command);
    return EXIT_CLEAN;
}
