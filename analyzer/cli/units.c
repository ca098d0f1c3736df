/* units: which files could not be analysed, or not whole, and why.
 *
 * A file with an error is never silently "clean": one line each on standard error, exit code 2.
 */
#include "analyzer/cli/cli.h"

static const IrNoteRec *first_error(const IrUnit *unit) {
    for (uint32_t i = 0; i < unit->notes_len; i++) {
        const IrNoteRec *note = &unit->notes[i];
        bool is_error = note->kind == IR_NOTE_ERROR || note->kind == IR_NOTE_MISSING;
        if (is_error && ir_str(unit, note->text)[0] != '\0')
            return note;
    }
    return NULL;
}

/* "c.h:12: expected ';'" of the unit's first error. */
static const char *why_not_parsed(Cli *cli, const IrUnit *unit) {
    const IrNoteRec *note = first_error(unit);
    if (note == NULL)
        return "no reason known";
    const char *text = ir_str(unit, note->text);
    if (note->kind == IR_NOTE_MISSING)
        text = arena_printf(cli->arena, "'%s' not found", text);
    if (note->loc.line == 0 || note->loc.file == 0)
        return text;
    const char *file = ir_str(unit, unit->files[note->loc.file]);
    return arena_printf(cli->arena, "%s:%u: %s", cli_shown_path(cli, file), note->loc.line, text);
}

static void complain_of_unit(Cli *cli, const IrUnit *unit) {
    const char *path = cli_shown_path(cli, ir_str(unit, unit->path));
    const char *why = why_not_parsed(cli, unit);
    if (unit->status == IR_FAILED)
        cli_complain(cli, "%s: not analysed: %s", path, why);
    else if (unit->error_count > 0)
        cli_complain(cli, "%s: analysed in part, %u error%s: %s", path, unit->error_count,
                     unit->error_count == 1 ? "" : "s", why);
}

void cli_complain_of_units(Cli *cli, const DriverRun *run) {
    for (uint32_t i = 0; i < run->facts.unit_count; i++)
        complain_of_unit(cli, run->facts.units[i]);
}
