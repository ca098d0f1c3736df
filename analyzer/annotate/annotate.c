/* annotate: which lines go where, over all drivers.
 *
 * Every defined function of every driver has its say about the place of its declaration, also when
 * it is that nothing follows: what two drivers disagree about is left out. Invariant: an edit's
 * place was found in the text itself, so nothing goes into a macro, and files outside the root are
 * never touched.
 */
#include "analyzer/annotate/internal.h"

#include <stdlib.h>

struct Annotations {
    Arena *arena;            /* owns all */
    AnnotateOptions options; /* what was asked for */
    StrTab *paths;           /* ids of files */
    Array(SourceText) files; /* by id */
    EditArray edits;         /* so far */
};

Annotations *annotate_new(Arena *arena, const AnnotateOptions *options) {
    Annotations *self = arena_new_of(arena, Annotations);
    self->arena = arena;
    self->options = *options;
    self->paths = strtab_new(arena);
    array_push(&self->files, arena, (SourceText){.path = ""});
    return self;
}

/* ---- places --------------------------------------------------------------------------------- */

static bool is_patchable_name(const char *path) {
    for (; *path != '\0'; path++) {
        if ((unsigned char)*path < ' ' || *path == '"' || *path == '\\')
            return false;
    }
    return true;
}

static bool is_beneath(const char *root, const char *path) {
    size_t len = strlen(root);
    while (len > 0 && root[len - 1] == '/')
        len--;
    return strncmp(root, path, len) == 0 && path[len] == '/';
}

/* The text of a file that may be changed, else NULL. */
static const SourceText *find_source(Annotations *self, const char *path) {
    if (!is_beneath(self->options.root, path) || !is_patchable_name(path))
        return NULL;
    uint32_t known = strtab_count(self->paths);
    StrId id = strtab_add(self->paths, path);
    if (id == known)
        array_push(&self->files, self->arena, source_load(self->arena, path));
    return self->files.items[id].data != NULL ? &self->files.items[id] : NULL;
}

/* "Start" of "Device::Start". */
static const char *plain_name(const char *name) {
    const char *at = strrchr(name, ':');
    return at == NULL ? name : at + 1;
}

typedef struct Spot {
    const SourceText *source; /* NULL: none */
    uint32_t line;            /* insert before it */
    size_t name;              /* offset of the function's name */
} Spot;

static Spot spot_of(Annotations *self, const Program *program, FuncId func, IrLoc begin,
                    IrLoc name) {
    const IrUnit *unit = program_unit(program, func);
    Spot spot = {NULL, 0, 0};
    if (begin.file == 0 || begin.file != name.file || begin.line > name.line)
        return spot;
    const SourceText *source = find_source(self, ir_str(unit, unit->files[begin.file]));
    if (source == NULL || source_offset(source, begin) == SIZE_MAX)
        return spot;
    size_t offset = source_offset(source, name);
    if (offset == SIZE_MAX ||
        !source_has_word(source, offset, plain_name(program->funcs[func].name)))
        return spot;
    if (!source_begins_line(source, begin))
        return spot;
    return (Spot){source, begin.line, offset};
}

static Spot declaration_of(Annotations *self, const Program *program, FuncId func) {
    const IrFuncRec *record = program_ir(program, func);
    return spot_of(self, program, func, record->decl_start, record->decl_name);
}

/* Before the first statement; its function's name must stand in the file, not in a macro. */
static Spot body_of(Annotations *self, const Program *program, FuncId func) {
    const IrFuncRec *record = program_ir(program, func);
    const IrUnit *unit = program_unit(program, func);
    Spot none = {NULL, 0, 0};
    IrLoc code = record->code_start;
    if (code.file == 0 || code.file != record->loc.file || code.line <= record->loc.line)
        return none;
    const SourceText *source = find_source(self, ir_str(unit, unit->files[code.file]));
    if (source == NULL || source_offset(source, code) == SIZE_MAX)
        return none;
    size_t name = source_offset(source, record->loc);
    if (name == SIZE_MAX || !source_has_word(source, name, plain_name(program->funcs[func].name)))
        return none;
    size_t start = source->starts.items[code.line - 1];
    bool first = strspn(source->data + start, " \t") == code.column - 1;
    return first ? (Spot){source, code.line, name} : none;
}

/* ---- edits ---------------------------------------------------------------------------------- */

static void add_edit(Annotations *self, const Spot *spot, const char *function,
                     const CStrArray *lines) {
    Text text = {0};
    const char *indent = source_indent(self->arena, spot->source, spot->line);
    for (uint32_t i = 0; i < lines->len; i++) {
        if (lines->items[i][0] != '\0')
            text_append(&text, self->arena, indent);
        text_append(&text, self->arena, lines->items[i]);
        text_append(&text, self->arena, spot->source->crlf ? "\r\n" : "\n");
    }
    Edit edit = {spot->source->path, spot->line, function, text_cstr(&text, self->arena)};
    array_push(&self->edits, self->arena, edit);
}

static bool is_wanted(const Annotations *self, const char *name) {
    const CStrArray *only = self->options.only;
    for (uint32_t i = 0; i < only->len; i++) {
        if (str_eq(only->items[i], name))
            return true;
    }
    return only->len == 0;
}

static void add_function(Annotations *self, const Inferred *inferred, FuncId func) {
    const Program *program = inferred_program(inferred);
    const char *name = program->funcs[func].name;
    Derived derived = {0};
    derive_annotations(self->arena, inferred, func, &derived);
    Spot spot = declaration_of(self, program, func);
    if (spot.source != NULL) {
        if (derived.param != NULL && !source_names_param(spot.source, spot.name, derived.param))
            derived.lines.len = 0;
        add_edit(self, &spot, name, &derived.lines);
    }
    spot = self->options.paged_code ? body_of(self, program, func) : (Spot){NULL, 0, 0};
    if (spot.source == NULL)
        return;
    CStrArray lines = {0};
    if (derived.paged_code) {
        array_push(&lines, self->arena, "PAGED_CODE();");
        array_push(&lines, self->arena, "");
    }
    add_edit(self, &spot, name, &lines);
}

void annotate_program(Annotations *self, const Inferred *inferred) {
    const Program *program = inferred_program(inferred);
    for (FuncId func = 1; func < program->func_count; func++) {
        const ProgFunc *record = &program->funcs[func];
        if (record->defined && !record->is_model && is_wanted(self, record->name))
            add_function(self, inferred, func);
    }
}

/* ---- the patch ------------------------------------------------------------------------------ */

static int compare_edits(const void *left, const void *right) {
    const Edit *a = left, *b = right;
    int order = strcmp(a->path, b->path);
    if (order == 0)
        order = (a->line > b->line) - (a->line < b->line);
    if (order == 0)
        order = strcmp(a->function, b->function);
    return order != 0 ? order : strcmp(a->text, b->text);
}

static bool same_place(const Edit *a, const Edit *b) {
    return a->line == b->line && str_eq(a->path, b->path);
}

/* Keeps what all drivers agree about: sorted edits of one place that are all equal, and not empty.
 */
static void agree(EditArray *edits) {
    uint32_t kept = 0;
    for (uint32_t i = 0; i < edits->len;) {
        Edit first = edits->items[i];
        bool equal = true;
        uint32_t next = i + 1;
        for (; next < edits->len && same_place(&edits->items[next], &first); next++)
            equal = equal && str_eq(edits->items[next].text, first.text);
        if (equal && first.text[0] != '\0')
            edits->items[kept++] = first;
        i = next;
    }
    edits->len = kept;
}

static uint32_t count_functions(Arena *arena, const EditArray *edits) {
    StrTab *names = strtab_new(arena);
    for (uint32_t i = 0; i < edits->len; i++)
        strtab_add(names, edits->items[i].function);
    return strtab_count(names) - 1;
}

AnnotateCounts annotate_write(Annotations *self, FILE *out) {
    AnnotateCounts counts = {0, 0};
    if (self->edits.len == 0)
        return counts;
    qsort(self->edits.items, self->edits.len, sizeof *self->edits.items, compare_edits);
    agree(&self->edits);
    counts.functions = count_functions(self->arena, &self->edits);
    for (uint32_t i = 0; i < self->edits.len;) {
        uint32_t next = i + 1;
        const char *path = self->edits.items[i].path;
        while (next < self->edits.len && str_eq(self->edits.items[next].path, path))
            next++;
        patch_write_file(find_source(self, path),
                         path_relative(self->arena, self->options.base, path),
                         &self->edits.items[i], next - i, out);
        counts.files++;
        i = next;
    }
    return counts;
}
