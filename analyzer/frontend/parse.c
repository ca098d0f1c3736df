/* parse: one file to one unit: clang's parse, its diagnostics as notes, the lowering.
 *
 * Invariant: a unit comes back whatever the bytes are. Its status is OK only when clang reported no
 * error that the Microsoft compiler would report; each is a note until there are MAX_NOTES. A
 * header that is not found is an error but does not end the parse: clang goes on as if it were
 * empty. UTF-16 files are given to clang as UTF-8: the main file at once, a header by parsing a
 * second time; what is learned of trace functions and of names that nobody declares is a reason to
 * parse again too. Errs towards PARTIAL.
 */
#include "analyzer/frontend/declare.h"
#include "analyzer/frontend/displace.h"
#include "analyzer/frontend/lower.h"
#include "analyzer/frontend/outside.h"
#include "analyzer/frontend/repair.h"
#include "analyzer/frontend/source.h"
#include "analyzer/frontend/trace.h"

#include <stdlib.h>

enum { MAX_NOTES = 100, MAX_SEEN_NOTES = 10000, MAX_PARSES = 9 };

typedef struct Parse {
    Arena *arena;           /* the unit's */
    Arena *scratch;         /* ends with the parse */
    const FrontendJob *job; /* what is asked for */
    CXIndex index;          /* libclang's */
    CXTranslationUnit tu;   /* NULL until parsed */
    UnsavedFiles unsaved;   /* converted files */
    Trace *trace;           /* generated trace headers, NULL none */
    Declare *declare;       /* stand-ins for names that are not declared */
    Displace *displace;     /* model declarations that the driver declares itself */
    bool retry;             /* there is a reason to parse again */
    bool plain;             /* without the prelude: clang crashed with it, or some is displaced */
    Repair *repair;         /* what is mended for the next parse */
} Parse;

/* ---- what clang is given -------------------------------------------------------------------- */

static bool is_cxx(const FrontendJob *job) {
    bool cxx = false;
    for (uint32_t i = 1; i < job->arg_count; i++) {
        if (str_eq(job->args[i - 1], "-x"))
            cxx = str_eq(job->args[i], "c++");
    }
    return cxx;
}

static CStrArray parse_args(const Parse *self, bool declares, bool displaces) {
    const FrontendJob *job = self->job;
    CStrArray args = {0};
    bool has_overlay = job->overlay == NULL;
    for (uint32_t i = 0; i < job->arg_count; i++) {
        has_overlay |= job->overlay != NULL && str_eq(job->args[i], job->overlay);
        array_push(&args, self->scratch, job->args[i]);
    }
    if (!has_overlay) {
        array_push(&args, self->scratch, "-ivfsoverlay");
        array_push(&args, self->scratch, job->overlay);
    }
    if (job->prelude != NULL && !self->plain) {
        array_push(&args, self->scratch, "-include-pch");
        array_push(&args, self->scratch, job->prelude);
    }
    repair_args(self->repair, &args);
    if (declares) {
        array_push(&args, self->scratch, "-include");
        array_push(&args, self->scratch, declare_path(self->declare));
    }
    if (displaces) {
        array_push(&args, self->scratch, "-include");
        array_push(&args, self->scratch, displace_path(self->displace));
    }
    return args;
}

static void add_unsaved(Parse *self, const char *path, const char *data, size_t size) {
    Text text = {0};
    source_to_utf8(self->scratch, data, size, &text);
    struct CXUnsavedFile file = {path, text_cstr(&text, self->scratch), text.len};
    array_push(&self->unsaved, self->scratch, file);
}

static int read_main_file(Parse *self, Error *err) {
    char *data;
    size_t size;
    if (file_read(self->scratch, self->job->source, SOURCE_MAX_SIZE, &data, &size, err) != 0)
        return -1;
    if (source_is_utf16(data, size)) {
        add_unsaved(self, self->job->source, data, size);
        return 0;
    }
    self->trace = trace_find(self->scratch, self->job, data);
    return 0;
}

static void note_read(Parse *self, const char *path) {
    FilesRead *read = self->job->read;
    if (read != NULL && path != NULL)
        array_push(&read->paths, read->arena, arena_strdup(read->arena, path));
}

static void see_inclusion(CXFile file, CXSourceLocation *stack, unsigned depth, CXClientData data) {
    CXString name = clang_getFileName(file);
    (void)stack;
    if (depth > 0)
        note_read(data, clang_getCString(name));
    clang_disposeString(name);
}

static void note_inclusions(Parse *self) {
    if (self->job->read != NULL)
        clang_getInclusions(self->tu, see_inclusion, self);
}

static bool is_among(const UnsavedFiles *files, const char *path) {
    bool found = false;
    for (uint32_t i = 0; i < files->len; i++)
        found |= str_eq(files->items[i].Filename, path);
    return found;
}

static int run_clang(Parse *self, Error *err) {
    struct CXUnsavedFile stand_ins, displaced;
    bool declares = declare_file(self->declare, &stand_ins);
    bool displaces = displace_file(self->displace, &displaced);
    CStrArray args = parse_args(self, declares, displaces);
    UnsavedFiles files = {0};
    if (declares)
        array_push(&files, self->scratch, stand_ins);
    if (displaces)
        array_push(&files, self->scratch, displaced);
    const UnsavedFiles *repaired = repair_files(self->repair);
    for (uint32_t i = 0; i < self->unsaved.len; i++) {
        if (!is_among(repaired, self->unsaved.items[i].Filename))
            array_push(&files, self->scratch, self->unsaved.items[i]);
    }
    for (uint32_t i = 0; i < repaired->len; i++)
        array_push(&files, self->scratch, repaired->items[i]);
    for (uint32_t i = 0; i < self->job->generated_count; i++) {
        const GeneratedHeader *header = &self->job->generated[i];
        if (header->text == NULL)
            continue;
        struct CXUnsavedFile file = {header->path, header->text, strlen(header->text)};
        array_push(&files, self->scratch, file);
    }
    if (self->trace != NULL)
        trace_files(self->trace, &files);
    unsigned options = CXTranslationUnit_KeepGoing | CXTranslationUnit_VisitImplicitAttributes;
    enum CXErrorCode code =
        clang_parseTranslationUnit2(self->index, self->job->source, args.items, (int)args.len,
                                    files.items, files.len, options, &self->tu);
    if (code == CXError_Success && self->tu != NULL) {
        note_inclusions(self);
        return 0;
    }
    if (code == CXError_Crashed && self->job->prelude != NULL && !self->plain) {
        self->plain = true;
        return run_clang(self, err);
    }
    if (code == CXError_Crashed)
        return error_set(err, "the parser crashed on this file");
    return error_set(err, "the parser refused this file (%d)", (int)code);
}

/* ---- diagnostics ---------------------------------------------------------------------------- */

/* The part between the first two quotes of clang's message. */
static const char *quoted_part(Arena *arena, const char *message) {
    const char *begin = strchr(message, '\'');
    const char *end = begin == NULL ? NULL : strchr(begin + 1, '\'');
    return end == NULL ? message : arena_strndup(arena, begin + 1, (size_t)(end - begin - 1));
}

/* Files that tools generate before the compiler runs: their absence says nothing about the code. */
static bool is_trace_header(const char *name) {
    size_t len = strlen(name);
    return len > 4 && str_icmp(name + len - 4, ".tmh") == 0;
}

static void add_note(Lower *lower, IrNoteKind kind, const char *text, CXSourceLocation location) {
    if (lower->tables->notes.len > MAX_SEEN_NOTES)
        return;
    IrNoteRec note = {(uint32_t)kind, irb_str(lower->builder, text), loc_of(lower, location)};
    array_push(&lower->tables->notes, lower->arena, note);
}

static void add_error(Lower *lower, IrUnit *unit, const char *text, CXSourceLocation location) {
    ErrorSpot spot;
    unsigned offset;
    clang_getExpansionLocation(location, &spot.file, NULL, NULL, &offset);
    spot.offset = offset;
    spot.is_told = false;
    if (lower->stand_ins != NULL && clang_File_isEqual(spot.file, lower->stand_ins))
        return;
    bool missing = str_ends_with(text, "file not found");
    MsVerdict verdict = ms_accepts(lower, text, location);
    if (verdict == MS_DROPPED && spot.file != NULL)
        array_push(&lower->errors, lower->scratch, spot);
    if (verdict != MS_ERROR || (missing && is_trace_header(quoted_part(lower->scratch, text))))
        return;
    unit->error_count++;
    text = outside_explain(lower->scratch, text);
    if (missing) {
        add_note(lower, IR_NOTE_MISSING, quoted_part(lower->scratch, text), location);
        return;
    }
    add_note(lower, IR_NOTE_ERROR, text, location);
    if (spot.file != NULL)
        array_push(&lower->errors, lower->scratch, spot);
}

static void add_warning(Lower *lower, IrUnit *unit, const char *text, CXSourceLocation location) {
    if (strstr(text, "undeclared") == NULL && strstr(text, "implicit declaration") == NULL)
        return;
    unit->warning_count++;
    add_note(lower, IR_NOTE_IMPLICIT, quoted_part(lower->scratch, text), location);
}

/* What the stand-ins answer; the parse that is lowered does not report it any more. */
static void add_answered(Lower *lower, IrUnit *unit, Declare *declare) {
    const DeclareErrorArray *errors = declare_errors(declare);
    for (uint32_t i = 0; i < errors->len; i++) {
        const DeclareError *error = &errors->items[i];
        CXFile file = clang_getFile(lower->tu, error->path);
        CXSourceLocation location =
            file == NULL ? clang_getNullLocation()
                         : clang_getLocation(lower->tu, file, error->line, error->column);
        unit->error_count++;
        add_note(lower, IR_NOTE_ERROR, error->message, location);
    }
}

static int compare_notes(const void *left, const void *right) {
    const IrNoteRec *a = left, *b = right;
    const uint32_t keys[][2] = {{a->loc.file, b->loc.file},
                                {a->loc.line, b->loc.line},
                                {a->loc.column, b->loc.column},
                                {a->kind, b->kind},
                                {a->text, b->text}};
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
        if (keys[i][0] != keys[i][1])
            return keys[i][0] < keys[i][1] ? -1 : 1;
    }
    return 0;
}

/* By place: the answered errors come last otherwise. */
static void sort_notes(Lower *lower) {
    IrNoteRec *notes = lower->tables->notes.items;
    qsort(notes + 1, lower->tables->notes.len - 1, sizeof *notes, compare_notes);
    if (lower->tables->notes.len > MAX_NOTES + 1)
        lower->tables->notes.len = MAX_NOTES + 1;
}

static void read_diagnostics(Lower *lower, IrUnit *unit) {
    unsigned count = clang_getNumDiagnostics(lower->tu);
    for (unsigned i = 0; i < count; i++) {
        CXDiagnostic diagnostic = clang_getDiagnostic(lower->tu, i);
        enum CXDiagnosticSeverity severity = clang_getDiagnosticSeverity(diagnostic);
        CXSourceLocation location = clang_getDiagnosticLocation(diagnostic);
        CXString spelling = clang_getDiagnosticSpelling(diagnostic);
        const char *text = clang_getCString(spelling);
        if (severity >= CXDiagnostic_Error)
            add_error(lower, unit, text == NULL ? "" : text, location);
        else if (severity == CXDiagnostic_Warning)
            add_warning(lower, unit, text == NULL ? "" : text, location);
        clang_disposeString(spelling);
        clang_disposeDiagnostic(diagnostic);
    }
}

/* "UTF-16 (LE) byte order mark detected in 'x.h', but encoding is not supported" */
static void convert_header(Parse *self, const char *message) {
    Error err = {""};
    char *data;
    size_t size;
    const char *path = quoted_part(self->scratch, message);
    for (uint32_t i = 0; i < self->unsaved.len; i++) {
        if (str_eq(self->unsaved.items[i].Filename, path))
            return;
    }
    if (file_read(self->scratch, path, SOURCE_MAX_SIZE, &data, &size, &err) != 0 ||
        !source_is_utf16(data, size))
        return;
    add_unsaved(self, path, data, size);
    note_read(self, path);
    self->retry = true;
}

/* Is there a reason to parse again, now that clang has seen the file? */
static void learn(Parse *self) {
    unsigned count = clang_getNumDiagnostics(self->tu);
    self->retry = self->trace != NULL && trace_learn(self->trace, self->tu);
    bool displaced = displace_learn(self->displace, self->tu);
    self->retry |= repair_learn(self->repair, self->tu) || displaced;
    self->plain |= displaced || repair_is_plain(self->repair);
    for (unsigned i = 0; i < count; i++) {
        CXDiagnostic diagnostic = clang_getDiagnostic(self->tu, i);
        CXString spelling = clang_getDiagnosticSpelling(diagnostic);
        const char *text = clang_getCString(spelling);
        if (text != NULL && strstr(text, "byte order mark") != NULL)
            convert_header(self, text);
        clang_disposeString(spelling);
        clang_disposeDiagnostic(diagnostic);
    }
    if (self->retry)
        declare_reset(self->declare); /* what is undeclared may be gone with the reason */
    else
        self->retry = declare_learn(self->declare, self->tu);
}

/* ---- lowering ------------------------------------------------------------------------------- */

static void init_maps(Lower *self) {
    self->file_ids = map64_new(self->scratch);
    self->type_ids = map64_new(self->scratch);
    self->record_keys = map64_new(self->scratch);
    self->func_ids = map64_new(self->scratch);
    self->usr_ids = map64_new(self->scratch);
    self->global_ids = map64_new(self->scratch);
    self->field_ids = map64_new(self->scratch);
    self->enum_ids = map64_new(self->scratch);
    self->dtor_ids = map64_new(self->scratch);
    self->ctor_ids = map64_new(self->scratch);
    self->lambda_ids = map64_new(self->scratch);
    self->alloc_scanned = map64_new(self->scratch);
}

static void reserve_records(Lower *self) {
    TypeInfo type = {.kind = TYPE_OTHER};
    DeclItem decl = {clang_getNullCursor(), 0};
    SymbolItem symbol = {0, 0, 0, 0};
    array_push(&self->types, self->scratch, type);
    array_push(&self->decls, self->scratch, decl);
    array_push(&self->funcs, self->scratch, symbol);
    array_push(&self->globals, self->scratch, symbol);
}

static IrUnit *lower_tu(Parse *parse) {
    Lower self = {.arena = parse->arena, .scratch = parse->scratch, .job = parse->job};
    IrUnit counts = {0};
    self.tu = parse->tu;
    self.cxx = is_cxx(parse->job);
    self.builder = irb_new(parse->arena);
    self.tables = irb_tables(self.builder);
    init_maps(&self);
    reserve_records(&self);
    self.stand_ins = clang_getFile(parse->tu, declare_path(parse->declare));
    read_diagnostics(&self, &counts);
    add_answered(&self, &counts, parse->declare);
    sort_notes(&self);
    lower_unit(&self);
    IrUnit *unit = irb_finish(self.builder, parse->job->source);
    unit->error_count = counts.error_count;
    unit->warning_count = counts.warning_count;
    unit->status = counts.error_count > 0 ? IR_PARTIAL : IR_OK;
    return unit;
}

static IrUnit *parse_file(Parse *self, Error *err) {
    if (frontend_check(err) != 0 || read_main_file(self, err) != 0 || run_clang(self, err) != 0)
        return NULL;
    learn(self);
    for (int parses = 1; self->retry && parses < MAX_PARSES; parses++) {
        clang_disposeTranslationUnit(self->tu);
        self->tu = NULL;
        if (run_clang(self, err) != 0)
            return NULL;
        learn(self);
    }
    const char *outside = outside_first(self->scratch, self->tu, self->job);
    if (outside != NULL) {
        error_set(err, "it includes %s, which lies %s", outside, OUTSIDE_TEXT);
        return NULL;
    }
    return lower_tu(self);
}

IrUnit *frontend_parse(Arena *arena, const FrontendJob *job) {
    Error err = {""};
    Parse self = {.arena = arena, .scratch = arena_new(), .job = job};
    self.declare = declare_new(self.scratch, job->source, is_cxx(job));
    self.displace = displace_new(self.scratch, job->source);
    self.repair = repair_new(self.scratch, is_cxx(job));
    self.index = clang_createIndex(1, 0);
    IrUnit *unit = parse_file(&self, &err);
    if (self.tu != NULL)
        clang_disposeTranslationUnit(self.tu);
    clang_disposeIndex(self.index);
    arena_free(self.scratch);
    return unit != NULL ? unit : ir_failed(arena, job->source, err.message);
}
