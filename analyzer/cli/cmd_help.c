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

/* ---- the manual page --------------------------------------------------------------------------
 */

/* Text in roff, where a leading dot or quote is a request and a backslash escapes. */
static void put_roff(const char *text) {
    if (*text == '.' || *text == '\'')
        fputs("\\&", stdout);
    for (; *text != '\0'; text++) {
        if (*text == '\\')
            fputs("\\e", stdout);
        else if (*text == '-')
            fputs("\\-", stdout);
        else
            putchar(*text);
    }
}

static void put_man_option(const Option *option) {
    fputs(".TP\n\\fB", stdout);
    if (option->letter != 0)
        printf("\\-%c", option->letter);
    if (option->letter != 0 && option->name != NULL)
        fputs(", ", stdout);
    if (option->name != NULL) {
        fputs("\\-\\-", stdout);
        put_roff(option->name);
    }
    fputs("\\fR", stdout);
    if (option->argument != NULL) {
        fputs(option->name == NULL ? " \\fI" : "=\\fI", stdout);
        put_roff(option->argument);
        fputs("\\fR", stdout);
    }
    putchar('\n');
    put_roff(option->help);
    putchar('\n');
}

static void print_manual(void) {
    uint32_t count;
    const Command *commands = commands_all(&count);
    puts(".TH IRQLINT 1\n.SH NAME\nirqlint \\- finds driver code that runs at the wrong IRQL or in "
         "the wrong context\n.SH SYNOPSIS\n\\fBirqlint\\fR \\fICOMMAND\\fR [options] [arguments]\n"
         ".SH DESCRIPTION\nirqlint reads the sources of Windows kernel drivers, works out at which "
         "IRQL and in which context every function can run, and reports what is wrong there, with "
         "the path that proves it. No kit and no build of the driver is needed.");
    puts(".SH COMMANDS");
    for (uint32_t i = 0; i < count; i++) {
        fputs(".SS irqlint ", stdout);
        put_roff(commands[i].name);
        putchar(' ');
        put_roff(commands[i].arguments);
        putchar('\n');
        put_roff(commands[i].summary);
        putchar('\n');
        for (uint32_t k = 0; k < OPTION_COUNT; k++) {
            if ((options_all[k].commands & command_bit(&commands[i])) != 0)
                put_man_option(&options_all[k]);
        }
    }
    puts(".SH EXIT STATUS\n\\fB0\\fR no findings, \\fB1\\fR findings, \\fB2\\fR not all that was "
         "asked for could be done; standard error says what.\n"
         ".SH FILES\n.TP\n.irqlint/irqlint.db\nthe runs, in the current folder\n"
         ".TP\n.irqlint.json\nconfiguration, in a folder above what is checked\n"
         ".TP\n~/.cache/irqlint\nwhat is kept of unchanged files");
}

/* `irqlint help [COMMAND]`, and `irqlint COMMAND --help`. */
int cmd_help(Cli *cli) {
    const Command *command = cli->command;
    if (cli->man) {
        print_manual();
        return EXIT_CLEAN;
    }
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
