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

/* ---- what there is to say of a driver's files ------------------------------------------------ */

typedef enum UnitTrouble { UNIT_FAILED = 'f', UNIT_PARTIAL = 'p', UNIT_EMPTY = 'e' } UnitTrouble;

/* A record: the kind, the path and NUL, the rest of the message and NUL. */
static void add_trouble(Text *out, Arena *arena, UnitTrouble kind, const char *path,
                        const char *message) {
    char byte = (char)kind;
    text_append_len(out, arena, &byte, 1);
    text_append_len(out, arena, path, strlen(path) + 1);
    text_append_len(out, arena, message, strlen(message) + 1);
}

static void add_unit(Cli *cli, const IrUnit *unit, Text *out, Arena *arena) {
    const char *path = ir_str(unit, unit->path);
    if (unit->status == IR_FAILED)
        add_trouble(out, arena, UNIT_FAILED, path,
                    arena_printf(arena, "not analysed: %s", first_reason(cli, unit)));
    else if (unit->error_count > 0)
        add_trouble(out, arena, UNIT_PARTIAL, path,
                    arena_printf(arena, "analysed in part, %u error%s: %s", unit->error_count,
                                 unit->error_count == 1 ? "" : "s", first_reason(cli, unit)));
    else if (is_empty(path))
        add_trouble(out, arena, UNIT_EMPTY, path, "the file is empty");
}

void cli_units_report(Cli *cli, const ExtractResult *facts, Text *out, Arena *arena) {
    for (uint32_t i = 0; i < facts->unit_count; i++)
        add_unit(cli, facts->units[i], out, arena);
}

/* ---- saying it ---------------------------------------------------------------------------------
 */

static void say_trouble(Cli *cli, UnitTrouble kind, const char *path, const char *message) {
    const char *shown = cli_shown_path(cli, path);
    char what[] = {(char)kind, '\0'};
    if (!is_news(cli, what, path))
        return;
    if (kind == UNIT_FAILED)
        cli_complain(cli, "%s: %s", shown, message);
    else if (kind == UNIT_EMPTY)
        cli_note(cli, "%s: %s", shown, message);
    else if (cli->partial_units++ < MOST_PARTIAL)
        cli_complain(cli, "%s: %s", shown, message);
    cli->incomplete |= kind == UNIT_PARTIAL;
}

void cli_complain_of_units(Cli *cli, const char *report, size_t size) {
    const char *end = report + size;
    while (report < end) {
        UnitTrouble kind = (UnitTrouble)*report;
        const char *path = report + 1, *message = path + strlen(path) + 1;
        say_trouble(cli, kind, path, message);
        report = message + strlen(message) + 1;
    }
}

void cli_complain_of_driver(Cli *cli, const DriverRun *run) {
    Text report = {0};
    cli_units_report(cli, &run->facts, &report, cli->arena);
    cli_complain_of_units(cli, report.items, report.len);
}

void cli_complain_of_more_units(Cli *cli) {
    uint32_t more = cli->partial_units - MOST_PARTIAL;
    if (cli->partial_units > MOST_PARTIAL)
        cli_complain(cli, "%u more file%s analysed in part (`irqlint check --coverage` lists them)",
                     more, more == 1 ? " was" : "s were");
}
