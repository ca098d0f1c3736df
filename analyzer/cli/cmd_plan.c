/* plan: a check as a build graph for Ninja: some extracts, and a link of all.
 *
 * A step parses some files of one driver; it runs again when one of them changes or a header that
 * they reach. Every step takes one processor, the engine runs as many as it likes. Findings and
 * files that were not understood make no step fail: the reports tell.
 */
#include "analyzer/cli/cli.h"

#include <unistd.h>

typedef struct Plan {
    Cli *cli;
    const Project *project;
    const char *program; /* absolute */
    Text text;           /* the graph */
    CStrArray products;  /* of the extracts */
} Plan;

/* ---- spelling ------------------------------------------------------------------------------- */

/* A path as Ninja reads it. */
static void put_path(Plan *self, const char *path) {
    text_append(&self->text, self->cli->arena, " ");
    for (; *path != '\0'; path++) {
        if (strchr("$ :|", *path) != NULL)
            text_append(&self->text, self->cli->arena, "$");
        text_append_len(&self->text, self->cli->arena, path, 1);
    }
}

/* A word of a command: quoted for the shell, `$` for Ninja. */
static void put_word(Plan *self, const char *word) {
    Arena *arena = self->cli->arena;
    text_append(&self->text, arena, " '");
    for (; *word != '\0'; word++) {
        if (*word == '\'')
            text_append(&self->text, arena, "'\\''");
        else if (*word == '$')
            text_append(&self->text, arena, "$$");
        else
            text_append_len(&self->text, arena, word, 1);
    }
    text_append(&self->text, arena, "'");
}

static void put_option(Plan *self, const char *name, const char *value) {
    if (value != NULL)
        put_word(self, arena_printf(self->cli->arena, "--%s=%s", name, value));
}

/* ---- steps ---------------------------------------------------------------------------------- */

/* What both commands are told besides files. */
static void put_options(Plan *self) {
    const Cli *cli = self->cli;
    put_option(self, "configuration", cli->configuration);
    put_option(self, "platform", cli->platform);
    put_option(self, "wdk", cli->wdk);
    put_option(self, "config", cli->config_file);
    put_option(self, "cache", cli->cache_dir);
    for (uint32_t i = 0; i < cli->overlays.len; i++)
        put_option(self, "model", cli->overlays.items[i]);
    if (cli->no_config)
        put_word(self, "--no-config");
    if (cli->allow_outside)
        put_word(self, "--allow-outside");
    for (uint32_t i = 0; i < cli->paths.len; i++)
        put_option(self, "of", path_absolute(cli->arena, cli->paths.items[i]));
}

static void put_clang_args(Plan *self) {
    if (self->cli->clang_args.len > 0)
        text_append(&self->text, self->cli->arena, " --");
    for (uint32_t i = 0; i < self->cli->clang_args.len; i++)
        put_word(self, self->cli->clang_args.items[i]);
}

static void put_rule(Plan *self, const char *name, const char *arguments) {
    Arena *arena = self->cli->arena;
    text_printf(&self->text, arena, "\nrule %s\n  command =", name);
    put_word(self, self->program);
    text_printf(&self->text, arena, " %s %s", name, arguments);
    put_options(self);
    text_append(&self->text, arena, " $files");
    put_clang_args(self);
    text_printf(&self->text, arena, " || test $$? -le 2\n  description = %s $out\n", name);
}

/* A name for a file out of that of a driver. */
static const char *file_name(Plan *self, const char *driver, uint32_t number) {
    char *name = arena_strdup(self->cli->arena, driver);
    for (char *c = name; *c != '\0'; c++)
        *c = (*c >= 'a' && *c <= 'z') || (*c >= 'A' && *c <= 'Z') || (*c >= '0' && *c <= '9') ||
                     *c == '-' || *c == '.'
                 ? *c
                 : '_';
    return arena_printf(self->cli->arena, "%s/%u-%s.facts", self->cli->to, number, name);
}

/* Files first … first + count - 1 of a driver. */
static void put_extract(Plan *self, const ProjectDriver *driver, uint32_t first, uint32_t count) {
    Arena *arena = self->cli->arena;
    CStrArray headers = {0};
    StrTab *known = strtab_new(arena);
    const char *product = file_name(self, driver->name, self->products.len);
    array_push(&self->products, arena, product);
    text_append(&self->text, arena, "\nbuild");
    put_path(self, product);
    text_append(&self->text, arena, ": extract");
    for (uint32_t i = first; i < first + count; i++) {
        const ProjectClosure *closure =
            fileview_closure(self->project->view, &driver->units.items[i]);
        put_path(self, driver->units.items[i].path);
        for (uint32_t f = 0; f < closure->files.len; f++) {
            uint32_t before = strtab_count(known);
            if (strtab_add(known, closure->files.items[f]) == before)
                array_push(&headers, arena, closure->files.items[f]);
        }
    }
    text_append(&self->text, arena, " |");
    for (uint32_t i = 0; i < headers.len; i++)
        put_path(self, headers.items[i]);
    text_append(&self->text, arena, "\n  files =");
    for (uint32_t i = first; i < first + count; i++)
        put_word(self, driver->units.items[i].path);
    text_append(&self->text, arena, "\n");
}

static void put_link(Plan *self) {
    Arena *arena = self->cli->arena;
    text_append(&self->text, arena, "\nbuild");
    put_path(self, path_join(arena, self->cli->to, "report.json"));
    put_path(self, path_join(arena, self->cli->to, "report.txt"));
    text_append(&self->text, arena, ": link");
    for (uint32_t i = 0; i < self->products.len; i++)
        put_path(self, self->products.items[i]);
    text_append(&self->text, arena, "\n  files =");
    for (uint32_t i = 0; i < self->products.len; i++)
        put_word(self, self->products.items[i]);
    text_append(&self->text, arena, "\n");
}

static void put_graph(Plan *self) {
    Arena *arena = self->cli->arena;
    const char *to = self->cli->to;
    text_append(&self->text, arena, "# Made by `irqlint plan`. Give it to ninja.\n");
    put_rule(self, "extract", "-j1 -o $out");
    put_rule(self, "link",
             arena_printf(arena, "--db='%s/irqlint.db' --json='%s/report.json' -o '%s/report.txt'",
                          to, to, to));
    for (uint32_t d = 0; d < self->project->drivers.len; d++) {
        const ProjectDriver *driver = &self->project->drivers.items[d];
        for (uint32_t i = 0; i < driver->units.len; i += self->cli->files_per_step) {
            uint32_t left = driver->units.len - i;
            put_extract(self, driver, i,
                        left < self->cli->files_per_step ? left : self->cli->files_per_step);
        }
    }
    put_link(self);
}

int cmd_plan(Cli *cli) {
    StageTimes times = {0};
    if (cli_begin_analysis(cli) != 0)
        return EXIT_INCOMPLETE;
    Plan self = {.cli = cli, .program = path_real(cli->arena, "/proc/self/exe")};
    self.project = cli_load_project(cli, &times);
    put_graph(&self);
    FILE *out = cli_open_output(cli, cli->output);
    if (out == NULL)
        return EXIT_INCOMPLETE;
    fwrite(self.text.items, 1, self.text.len, out);
    cli_close_output(cli, cli->output, out);
    return cli->incomplete ? EXIT_INCOMPLETE : EXIT_CLEAN;
}
