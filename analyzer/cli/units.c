/* units: which files could not be analysed, or not whole, and why.
 *
 * A file with an error is never silently "clean": one line each on standard error, exit code 2. Of
 * many that were analysed in part the first are named and the others counted: the report has them
 * all. An empty file is said too, though nothing failed.
 */
#include "analyzer/cli/cli.h"

#include <sys/stat.h>

static const IrNoteRec *first_error(const IrUnit *unit) {
    for (uint32_t i = 0; i < unit->notes_len; i++) {
        const IrNoteRec *note = &unit->notes[i];
        bool is_error = note->kind == IR_NOTE_ERROR || note->kind == IR_NOTE_MISSING;
        if (is_error && ir_str(unit, note->text)[0] != '\0')
            return note;
    }
    return NULL;
}

/* "line 12: expected ';'" of the unit's first error; of an error in a header "x.h:12: …". */
static const char *first_reason(Cli *cli, const IrUnit *unit) {
    const IrNoteRec *note = first_error(unit);
    if (note == NULL)
        return "no reason known";
    const char *text = ir_str(unit, note->text);
    if (note->kind == IR_NOTE_MISSING)
        text = arena_printf(cli->arena, "'%s' not found", text);
    if (note->loc.line == 0 || note->loc.file == 0)
        return text;
    const char *file = ir_str(unit, unit->files[note->loc.file]);
    if (str_eq(file, ir_str(unit, unit->path)))
        return arena_printf(cli->arena, "line %u: %s", note->loc.line, text);
    return arena_printf(cli->arena, "%s:%u: %s", cli_shown_path(cli, file), note->loc.line, text);
}

static bool is_empty(const char *path) {
    struct stat info;
    return stat(path, &info) == 0 && S_ISREG(info.st_mode) && info.st_size == 0;
}

enum { MOST_PARTIAL = 20 }; /* files analysed in part that are named */

/* False when it was said of that file before: it may belong to several drivers. */
static bool is_news(Cli *cli, const char *what, const char *path) {
    const char *key = arena_printf(cli->arena, "%s %s", what, path);
    if (cli->named_units == NULL)
        cli->named_units = strtab_new(cli->arena);
    if (strtab_find(cli->named_units, key) != UINT32_MAX)
        return false;
    strtab_add(cli->named_units, key);
    return true;
}

static void complain_of_partial(Cli *cli, const IrUnit *unit, const char *shown) {
    cli->incomplete = true;
    if (cli->partial_units++ < MOST_PARTIAL)
        cli_complain(cli, "%s: analysed in part, %u error%s: %s", shown, unit->error_count,
                     unit->error_count == 1 ? "" : "s", first_reason(cli, unit));
}

static void complain_of_unit(Cli *cli, const IrUnit *unit) {
    const char *path = ir_str(unit, unit->path), *shown = cli_shown_path(cli, path);
    if (unit->status == IR_FAILED) {
        if (is_news(cli, "failed", path))
            cli_complain(cli, "%s: not analysed: %s", shown, first_reason(cli, unit));
    } else if (unit->error_count > 0) {
        if (is_news(cli, "partial", path))
            complain_of_partial(cli, unit, shown);
    } else if (is_empty(path) && is_news(cli, "empty", path)) {
        cli_note(cli, "%s: the file is empty", shown);
    }
}

void cli_complain_of_more_units(Cli *cli) {
    uint32_t more = cli->partial_units - MOST_PARTIAL;
    if (cli->partial_units > MOST_PARTIAL)
        cli_complain(cli, "%u more file%s analysed in part (`irqlint check --coverage` lists them)",
                     more, more == 1 ? " was" : "s were");
}

void cli_complain_of_units(Cli *cli, const DriverRun *run) {
    for (uint32_t i = 0; i < run->facts.unit_count; i++)
        complain_of_unit(cli, run->facts.units[i]);
}
