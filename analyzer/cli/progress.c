/* progress: one line on the terminal that says how far a check is, and vanishes.
 *
 * It is for those who wait: shown after half a second, renewed at most ten times a second. How long
 * is left is told from the files that are done, once that says something.
 */
#include "analyzer/cli/cli.h"

#include <stdlib.h>
#include <unistd.h>

struct Progress {
    const char *stage;  /* what is going on, NULL: nothing yet */
    double begin;       /* seconds of the monotonic clock: when the check began */
    double stage_begin; /* … when the stage did */
    double shown;       /* … when the line was last written; 0: it is not there */
};

static const double first_after = 0.5, again_after = 0.1, guess_after = 2.0;

Progress *progress_new(Cli *cli) {
    const char *terminal = getenv("TERM");
    if (cli->quiet || !isatty(STDERR_FILENO) || terminal == NULL || str_eq(terminal, "dumb"))
        return NULL;
    Progress *self = arena_new_of(cli->arena, Progress);
    self->begin = clock_seconds();
    return self;
}

static void show(Progress *self, const char *stage, uint32_t finished, uint32_t count) {
    double time = clock_seconds();
    if (self->stage != stage)
        self->stage_begin = time;
    self->stage = stage;
    if (time - self->begin < first_after || time - self->shown < again_after)
        return;
    double spent = time - self->stage_begin;
    self->shown = time;
    fprintf(stderr, "\r\033[Kirqlint: %s %u of %u", stage, finished, count);
    if (spent >= guess_after && finished > 0)
        fprintf(stderr, ", %.0f s left", spent / finished * (count - finished));
    fflush(stderr);
}

void progress_files(void *self, uint32_t finished, uint32_t count) {
    show(self, "files parsed:", finished, count);
}

void progress_drivers(void *self, uint32_t finished, uint32_t count) {
    show(self, "drivers analysed:", finished, count);
}

void progress_end(Progress *self) {
    if (self != NULL && self->shown != 0) {
        fputs("\r\033[K", stderr);
        fflush(stderr);
        self->shown = 0;
    }
}
