/* version: name and version, on one line. */
#include "analyzer/cli/cli.h"

int cmd_version(Cli *cli) {
    (void)cli;
    printf("irqlint %s\n", IRQLINT_VERSION);
    return EXIT_CLEAN;
}
