/* main: the program, from the command line to the exit code. Everything else of the command line is
 * a library, for the fuzz targets. */
#include "analyzer/cli/cli.h"

#include <signal.h>
#include <unistd.h>

static uint32_t processor_count(void) {
    long count = sysconf(_SC_NPROCESSORS_ONLN);
    return count < 1 ? 1 : (uint32_t)count;
}

int main(int argc, char **argv) {
    Arena *arena = arena_new();
    Cli cli = {.arena = arena,
               .jobs = processor_count(),
               .certainty = POSSIBLE,
               .cache_mb = 2000,
               .around = 2,
               .to = "irqlint-out",
               .files_per_step = 50,
               .stage = DUMP_NONE,
               .irql = -1,
               .context = -1,
               .fail_on = -1};
    Error err = {0};
    int code = EXIT_INCOMPLETE;
    setvbuf(stderr, NULL, _IOLBF, 0); /* a message in one piece, also beside other processes */
    signal(SIGXFSZ, SIG_IGN);         /* a file that may not grow is a write that fails */
    if (cli_parse(&cli, argc, argv, &err) != 0)
        cli_complain(&cli, "%s", err.message);
    else
        code = cli.help ? cmd_help(&cli) : cli.command->run(&cli);
    arena_free(arena);
    return code;
}
