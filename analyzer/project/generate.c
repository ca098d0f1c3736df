/* generate: which header comes out of which file, and where it is taken to lie.
 *
 * A header is made up only when it was found nowhere. Its source is the one that a project file
 * says makes a header of that name (of several, the one nearest to the unit), else a message file,
 * manifest or class file in the folders of the unit and its headers: of the header's name, or with
 * the longest name that the header's begins with. It is taken to lie beside its source. What
 * nothing makes may lie in the unit's folder, in an include folder in or beside it, or somewhere
 * else in the trees, when only one does (headers.c). Errs towards no header.
 */
#include "analyzer/project/generate.h"
#include "analyzer/project/headers.h"
#include "analyzer/project/view.h"

#include <ctype.h>
#include <stdlib.h>

#define NAME_CHARS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_"

enum { MAX_SOURCE_SIZE = 8 * 1024 * 1024, MAX_TEXT_SIZE = 32 * 1024 * 1024, MIN_STEM = 3 };

/* A project's word that a header is made out of a file. */
typedef struct Hint {
    const char *header; /* "serlog.h" */
    const char *source; /* the file, absolute */
    const char *prefix; /* of counter functions */
} Hint;

/* What was made of a file. */
typedef struct Made {
    const char *source; /* absolute */
    const char *prefix; /* of counter functions */
    const char *text;   /* NULL: nothing */
} Made;

struct Generator {
    Array(Hint) hints; /* by projects */
    Array(Made) made;  /* each file once */
};

Generator *generator_new(Arena *arena) {
    return arena_new_of(arena, Generator);
}

void fileview_hint(FileView *self, const char *header, const char *source, const char *prefix) {
    Hint hint = {header, source, prefix};
    array_push(&view_generator(self)->hints, view_arena(self), hint);
}

/* ---- texts -------------------------------------------------------------------------------- */

bool generate_is_name(const char *text) {
    size_t len = 0;
    while (isalnum((unsigned char)text[len]) || text[len] == '_')
        len++;
    return len > 0 && len <= 200 && text[len] == '\0' && !isdigit((unsigned char)text[0]);
}

const char *generate_guid(Arena *arena, const char *text) {
    unsigned int a, b, c, d[8];
    int len = 0;
    text += text[0] == '{';
    if (sscanf(text, "%8x-%4x-%4x-%2x%2x-%2x%2x%2x%2x%2x%2x%n", &a, &b, &c, &d[0], &d[1], &d[2],
               &d[3], &d[4], &d[5], &d[6], &d[7], &len) != 11 ||
        len != 36)
        return NULL;
    return arena_printf(arena,
                        "0x%08x, 0x%04x, 0x%04x, { 0x%02x, 0x%02x, 0x%02x, 0x%02x, 0x%02x, "
                        "0x%02x, 0x%02x, 0x%02x }",
                        a, b, c, d[0], d[1], d[2], d[3], d[4], d[5], d[6], d[7]);
}

static bool has_suffix(const char *path, const char *suffix) {
    const char *dot = strrchr(path_base(path), '.');
    return dot != NULL && str_icmp(dot, suffix) == 0;
}

bool generate_fill(Arena *arena, const char *text, Text *out) {
    while (*text != '\0') {
        size_t plain = strcspn(text, "@#");
        text_append_len(out, arena, text, plain);
        text += plain;
        size_t name = *text == '@' ? strspn(text + 1, NAME_CHARS) : 0;
        if (name > 0 && text[name + 1] == '@') {
            text_append(out, arena, "0");
            text += name + 2;
        } else if (str_starts_with(text, "#cmakedefine01 ")) {
            size_t line = strcspn(text, "\r\n");
            text_printf(out, arena, "#define %.*s 0", (int)line - 15, text + 15);
            text += line;
        } else if (str_starts_with(text, "#cmakedefine") || str_starts_with(text, "#mesondefine")) {
            text += strcspn(text, "\r\n");
        } else if (*text != '\0') {
            text_append_len(out, arena, text++, 1);
        }
    }
    return true;
}

static bool make(Arena *arena, const char *path, const char *prefix, Text *out) {
    char *text;
    size_t size;
    Error err;
    if (text_read(arena, path, MAX_SOURCE_SIZE, &text, &size, &err) != 0)
        return false;
    text_append(out, arena, "#pragma once\n");
    if (has_suffix(path, ".mc"))
        return generate_messages(arena, text, out);
    if (has_suffix(path, ".in"))
        return generate_fill(arena, text, out);
    if (has_suffix(path, ".mof"))
        return generate_classes(arena, text, out);
    return generate_manifest(arena, text, size, prefix, out);
}

/* The text of the header made out of a file, NULL when it is not of a known kind. */
static const char *text_of(FileView *view, const char *source, const char *prefix) {
    Generator *self = view_generator(view);
    for (uint32_t i = 0; i < self->made.len; i++) {
        if (str_eq(self->made.items[i].source, source) &&
            str_eq(self->made.items[i].prefix, prefix))
            return self->made.items[i].text;
    }
    Arena *scratch = arena_new();
    Text out = {0};
    bool known = make(scratch, source, prefix, &out) && out.len <= MAX_TEXT_SIZE;
    const char *text = known ? arena_strdup(view_arena(view), text_cstr(&out, scratch)) : NULL;
    array_push(&self->made, view_arena(view), (Made){source, prefix, text});
    arena_free(scratch);
    return text;
}

/* ---- sources ------------------------------------------------------------------------------ */

bool generate_is_source(const char *path) {
    return has_suffix(path, ".mc") || has_suffix(path, ".man") || has_suffix(path, ".mof") ||
           has_suffix(path, ".xml") || has_suffix(path, ".in");
}

static size_t stem_len(const char *path) {
    const char *base = path_base(path), *dot = strrchr(base, '.');
    return dot == NULL ? strlen(base) : (size_t)(dot - base);
}

static const Hint *hint_for(FileView *view, const char *unit, const char *name) {
    const Generator *self = view_generator(view);
    const Hint *best = NULL;
    for (uint32_t i = 0; i < self->hints.len; i++) {
        const Hint *hint = &self->hints.items[i];
        if (str_icmp(hint->header, path_base(name)) == 0 &&
            (best == NULL || paths_share(hint->source, unit) > paths_share(best->source, unit)))
            best = hint;
    }
    return best;
}

/* The file of a folder whose name the header's begins with, if longer than *len. */
static const char *source_in(FileView *view, const char *dir, const char *name, size_t *len) {
    const DirListing *listing = view_list(view, dir);
    const char *base = path_base(name), *best = NULL;
    for (uint32_t i = 0; i < listing->len; i++) {
        const DirEntry *entry = &listing->entries[i];
        size_t stem = stem_len(entry->name);
        if (entry->is_dir || !generate_is_source(entry->name) || stem < MIN_STEM ||
            stem > stem_len(name) || stem <= *len || strncasecmp(entry->name, base, stem) != 0)
            continue;
        const char *path = path_join(view_arena(view), dir, entry->name);
        if (text_of(view, path, "") == NULL)
            continue;
        best = path;
        *len = stem;
    }
    return best;
}

static const char *source_beside(FileView *view, const ProjectClosure *closure, const char *name) {
    size_t len = 0;
    const char *best = NULL;
    for (uint32_t i = 0; i < closure->dirs.len; i++) {
        const char *path = source_in(view, closure->dirs.items[i], name, &len);
        best = path != NULL ? path : best;
    }
    return best;
}

static bool use_folder(FileView *view, const ProjectUnit *unit, ProjectClosure *closure,
                       const char *dir, const char *name) {
    Arena *arena = view_arena(view);
    const char *path = dir == NULL ? NULL : view_find(view, dir, name, PATH_FILE);
    if (path == NULL || !view_holds(view, path))
        return false;
    array_push(&closure->generated, arena, (GeneratedHeader){path, dir, NULL, name});
    cstr_add(&closure->dirs, arena, dir);
    closure_extend(view, unit, closure, path);
    return true;
}

/* A header that is there, where this unit does not look: in its own folder, where projects keep
 * headers, else the only one of the name in the trees. */
static bool find_elsewhere(FileView *view, const ProjectUnit *unit, ProjectClosure *closure,
                           const char *name) {
    static const char *const folders[] = {".", "inc", "include", "../inc", "../include", NULL};
    const char *home = path_dir(view_arena(view), unit->path);
    for (uint32_t i = 0; folders[i] != NULL; i++) {
        if (use_folder(view, unit, closure, view_find(view, home, folders[i], PATH_DIR), name))
            return true;
    }
    return use_folder(view, unit, closure, view_find_header(view, name, unit->path), name);
}

/* The only template, message file or manifest of the header's name in the trees. */
static const char *source_elsewhere(FileView *view, const ProjectUnit *unit, const char *name) {
    static const char *const suffixes[] = {"h.in", "mc", "man", "mof", NULL};
    Arena *arena = view_arena(view);
    const char *base = path_base(name);
    for (uint32_t i = 0; suffixes[i] != NULL; i++) {
        const char *file = arena_printf(arena, "%.*s.%s", (int)stem_len(base), base, suffixes[i]);
        const char *dir = view_find_header(view, file, unit->path);
        const char *path = dir == NULL ? NULL : view_find(view, dir, file, PATH_FILE);
        if (path != NULL && text_of(view, path, "") != NULL)
            return path;
    }
    return NULL;
}

static void generate_one(FileView *view, const ProjectUnit *unit, ProjectClosure *closure,
                         const char *name) {
    Arena *arena = view_arena(view);
    const Hint *hint = hint_for(view, unit->path, name);
    const char *source = hint != NULL ? hint->source : source_beside(view, closure, name);
    if (source == NULL && find_elsewhere(view, unit, closure, name))
        return;
    if (source == NULL)
        source = source_elsewhere(view, unit, name);
    const char *text =
        source == NULL ? NULL : text_of(view, source, hint == NULL ? "" : hint->prefix);
    if (text == NULL)
        return;
    const char *dir = path_dir(arena, source);
    /* not normalised: the compiler asks for the folder and the name as they are put together */
    const char *path = arena_printf(arena, "%s/%s", dir, slashes(arena, name));
    GeneratedHeader header = {path, dir, text, name};
    array_push(&closure->generated, arena, header);
}

/* ---- what a closure stands for ----------------------------------------------------------------
 */

static void add_names(Text *out, Arena *arena, const CStrArray *names) {
    uint32_t count = names->len;
    text_append_len(out, arena, (const char *)&count, sizeof count);
    for (uint32_t i = 0; i < count; i++)
        text_append_len(out, arena, names->items[i], strlen(names->items[i]) + 1);
}

static void add_content(Text *out, FileView *view, const char *path) {
    Hash128 content = view_scan(view, path)->content;
    text_append_len(out, view_arena(view), (const char *)&content, sizeof content);
}

static Hash128 content_of(FileView *view, const ProjectUnit *unit, const ProjectClosure *closure) {
    Text all = {0};
    Arena *arena = view_arena(view);
    add_content(&all, view, unit->path);
    add_names(&all, arena, &closure->files);
    for (uint32_t i = 0; i < closure->files.len; i++)
        add_content(&all, view, closure->files.items[i]);
    add_names(&all, arena, &closure->others);
    for (uint32_t i = 0; i < closure->others.len; i++)
        add_content(&all, view, closure->others.items[i]);
    add_names(&all, arena, &closure->model);
    add_names(&all, arena, &closure->missing);
    for (uint32_t i = 0; i < closure->generated.len; i++) {
        const GeneratedHeader *header = &closure->generated.items[i];
        const char *dir = header->dir == NULL ? "" : header->dir;
        text_append_len(&all, arena, header->path, strlen(header->path) + 1);
        text_append_len(&all, arena, dir, strlen(dir) + 1);
        if (header->text == NULL)
            add_content(&all, view, header->path);
        else
            text_append_len(&all, arena, header->text, strlen(header->text) + 1);
    }
    return hash128(all.items, all.len);
}

void fileview_generate(FileView *self, const ProjectUnit *unit, ProjectClosure *closure) {
    closure->generated.len = 0;
    for (uint32_t i = 0; i < closure->missing.len; i++) {
        const char *name = closure->missing.items[i];
        if (has_suffix(name, ".h") || has_suffix(name, ".hpp"))
            generate_one(self, unit, closure, name);
    }
    for (uint32_t i = 0; i < closure->refused.len; i++)
        array_push(&closure->generated, view_arena(self), closure->refused.items[i]);
    closure->content = content_of(self, unit, closure);
}
