/* view: what the files of project/ share about the file system and the text of sources.
 *
 * Everything found is spelled as the file system spells it, absolute and lexically normalised; a
 * question about a path is answered from a cache, so a run sees one state of the disk.
 */
#ifndef IRQLINT_PROJECT_VIEW_H
#define IRQLINT_PROJECT_VIEW_H

#include "analyzer/project/project.h"
#include "analyzer/project/trees.h"

/* ---- text --------------------------------------------------------------------------------- */

/* Reads a text file as UTF-8: UTF-16 of either order is converted, a byte order mark dropped, a
 * NUL inside becomes a space. 0, or -1 with the reason. */
int text_read(Arena *arena, const char *path, size_t max_size, char **text, size_t *size,
              Error *err);

/* ---- folders and files -------------------------------------------------------------------- */

typedef struct DirEntry {
    const char *name; /* as the file system spells it */
    bool is_dir;      /* a folder, also through a symbolic link */
    bool is_link;     /* a symbolic link */
    bool is_special;  /* neither a folder nor a regular file: a device, a pipe */
} DirEntry;

typedef struct DirListing {
    DirEntry *entries; /* sorted without regard to case, then by bytes; without "." and ".." */
    uint32_t len;      /* how many */
    bool has_special;  /* some entry is */
} DirListing;

typedef enum PathKind {
    PATH_NONE,   /* not there */
    PATH_FILE,   /* a regular file */
    PATH_DIR,    /* a folder */
    PATH_REFUSED /* there, but nothing to open: a device, a pipe, or far from the given trees */
} PathKind;

/* From now on nothing is found that is not near the trees. */
void view_confine(FileView *self, const Trees *trees);
/* True when a path that was found lies in the trees: a source may include it. */
bool view_holds(FileView *self, const char *path);
/* A path that was found, without its symbolic links. */
const char *view_real(FileView *self, const char *path);
/* True for a device, a pipe or a socket. */
bool view_is_special(const char *path);
/* The entries of a folder; empty when it cannot be read. */
const DirListing *view_list(FileView *self, const char *dir);
/* `name` (either slash, any case, may be absolute) seen from `dir`: the path as the file system
 * spells it, or NULL. */
const char *view_find(FileView *self, const char *dir, const char *name, PathKind kind);
/* The folder in the trees from which `name`, as an include of `source` spells it, is found, when
 * there is only one that can be meant; NULL otherwise, and without trees (headers.c). */
const char *view_find_header(FileView *self, const char *name, const char *source);
/* As view_find, but always a path: what does not exist keeps its spelling. */
const char *view_place(FileView *self, const char *dir, const char *name);
/* True for .c .cpp .cxx .cc; *cxx says which language. */
bool path_is_source(const char *path, bool *cxx);
/* True for the suffixes that `#include` lines name. */
bool path_is_header(const char *path);

/* ---- the text of a source ----------------------------------------------------------------- */

enum {
    SCAN_ENTRY = 1,       /* defines DriverEntry */
    SCAN_MAIN = 2,        /* defines main, WinMain, DllMain … */
    SCAN_CONFIGURES = 4,  /* defines a macro that model headers depend on */
    SCAN_PLACES_CODE = 8, /* alloc_text, code_seg, data_seg … */
    SCAN_GUARDED = 16,    /* has an include guard or #pragma once */
    SCAN_COMPUTED = 64,   /* includes what a macro names */
    SCAN_GATES = 128,     /* speaks of findings: a comment with `irqlint:`, a pragma on warnings */
    SCAN_UNREADABLE = 32  /* could not be read: everything else is empty */
};

typedef struct ScanInclude {
    const char *name;   /* as written, without the quotes */
    bool quoted;        /* "x", not <x> */
    bool unconditional; /* in no conditional but the file's own guard */
} ScanInclude;

typedef struct Scan {
    Array(ScanInclude) includes; /* in the order written */
    uint32_t marks;              /* SCAN_… */
    Hash128 content;             /* of the text, as UTF-8 */
    const char *why_unreadable;  /* one line, NULL unless SCAN_UNREADABLE */
} Scan;

/* The include lines and marks of a file, read once. */
const Scan *view_scan(FileView *self, const char *path);
/* The same from text in memory; for view_scan and tests. */
void scan_text(Arena *arena, const char *text, size_t size, Scan *scan);

/* Adds a header that was found otherwise, and what it includes, to a closure (closure.c). */
void closure_extend(FileView *self, const ProjectUnit *unit, ProjectClosure *closure,
                    const char *path);

/* ---- generated headers (generate.c) ---------------------------------------------------------- */

typedef struct HeaderIndex HeaderIndex;
typedef struct Generator Generator; /* what projects said, and the texts made so far */

Generator *generator_new(Arena *arena);
Generator *view_generator(FileView *self);
/* A project says that `header` (a name without folders) is made of `source` (absolute); `prefix`
 * stands before the names of counter functions. */
void fileview_hint(FileView *self, const char *header, const char *source, const char *prefix);

/* ---- small things ------------------------------------------------------------------------- */

Arena *view_arena(FileView *self);
const char *view_model_dir(const FileView *self);
/* Cache slot of `path` in the view's scan table; NULL content until filled. */
const Scan **view_scan_slot(FileView *self, const char *path);
bool cstr_has(const CStrArray *self, const char *text);
/* Appends when absent. */
void cstr_add(CStrArray *self, Arena *arena, const char *text);
void cstr_sort(CStrArray *self);
/* A copy with `\` turned into `/`. */
char *slashes(Arena *arena, const char *text);

#endif
