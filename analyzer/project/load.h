/* load: what the readers of folders, project files and compilation databases share. */
#ifndef IRQLINT_PROJECT_LOAD_H
#define IRQLINT_PROJECT_LOAD_H

#include "analyzer/project/view.h"

/* A driver while it is being put together. */
typedef struct Found {
    ProjectDriver driver; /* name not yet unique, units not yet sorted */
    CStrArray references; /* project files whose units belong to it too, absolute */
    CStrArray libraries;  /* names of libraries whose project is not known: "hal" of hal.lib */
    CStrArray candidates; /* projects that may build one of `libraries` */
    const char *output;   /* what a library is linked as: "hal" of hal.lib */
    const char *file;     /* the project file it comes from, NULL without */
    bool kernel;          /* its project says it is kernel code */
    bool library;         /* a static library: part of the drivers that refer to it */
    bool taken;           /* asked for: becomes a driver of the project */
    Map64 *paths;         /* hash of a unit's path -> there */
} Found;

typedef struct Loader {
    Arena *arena;                  /* owns everything */
    FileView *view;                /* the disk */
    const ProjectOptions *options; /* as given */
    Project *project;              /* problems go here at once */
    Array(Found *) found;          /* drivers so far */
    const char *solution_dir;      /* folder of the solution being read, NULL without */
} Loader;

void add_problem(Loader *self, const char *path, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
Found *add_found(Loader *self, const char *name, const char *dir);
/* Adds a unit with the given arguments; nothing when the path is there already. */
void add_unit(Loader *self, Found *found, const char *path, bool cxx, const CStrArray *args);

/* ---- arguments (args.c) ------------------------------------------------------------------- */

typedef struct ArgReader {
    Loader *loader;     /* finds folders and files */
    const char *dir;    /* what relative paths are relative to */
    bool keep_unknown;  /* options of no interest are kept, not dropped */
    CStrArray *args;    /* the result: -I -isystem -D -U -include with absolute paths */
    CStrArray *sources; /* operands that name C or C++ files, NULL: not wanted */
    int cxx;            /* -1 not said, 0 C, 1 C++ */
} ArgReader;

/* Reads clang, gcc or cl options. */
void read_args(ArgReader *self, const char *const *raw, uint32_t count);
/* Splits a command line as a shell would (quotes, backslash outside of single quotes); with
 * `windows`, a backslash only escapes a double quote. */
void split_command(Arena *arena, const char *command, bool windows, CStrArray *words);

/* ---- readers ------------------------------------------------------------------------------ */

/* Whether a source is kernel code, by the headers that it reaches. */
typedef enum SourceKind {
    SOURCE_NEUTRAL, /* nothing says */
    SOURCE_KERNEL,  /* of Windows */
    SOURCE_USER,    /* user mode */
    SOURCE_FOREIGN  /* of another system's kernel, or of a firmware */
} SourceKind;

SourceKind classify_source(Loader *self, const ProjectUnit *unit);

/* A project file. NULL and a problem when it is broken. Cached: asking twice gives the same. */
Found *load_vcxproj(Loader *self, const char *path);
/* A `sources` file of the old kits (ddk.c). NULL when it is some other file of that name. */
Found *load_ddk_sources(Loader *self, const char *path);
/* The targets of CMakeLists.txt files (outer ones first); true when some are kernel code. What the
 * loader holds already is not taken again. */
bool load_cmake(Loader *self, const CStrArray *files);
/* Appends the files of a folder, and of those `depth` levels below, whose names match a pattern
 * (`*`, `?`, no case); in all at most some ten thousand are looked at. */
void find_files(Loader *self, const char *dir, const char *pattern, uint32_t depth,
                CStrArray *paths);
/* Loads a project and takes it if it builds kernel code. */
bool take_kernel_project(Loader *self, const char *path);
/* True when some unit reaches a kernel header. */
bool reaches_kernel(Loader *self, const Found *found);
/* The projects that a solution names. */
void load_solution(Loader *self, const char *path);
void load_compile_commands(Loader *self, const char *path);
void load_folder(Loader *self, const char *dir);

/* ---- a real kit (wdk.c) -----------------------------------------------------------------------
 */

typedef struct Kit {
    CStrArray dirs;         /* folders of headers, in the order searched */
    const char *frameworks; /* folder of the framework's versions, NULL without */
} Kit;

/* The folder of the kit that is asked for or named by the environment; NULL without. */
const char *kit_asked_for(Loader *self);
/* Gives all units the folders of the kit that is asked for or named by the environment. */
void use_kit(Loader *self);

/* ---- loose sources (loose.c) ---------------------------------------------------------------- */

/* What a folder walk found. */
typedef struct Tree {
    const char *root;   /* absolute */
    CStrArray projects; /* .vcxproj, `sources` of the old kits */
    CStrArray cmake;    /* CMakeLists.txt, those of outer folders first */
    CStrArray sources;  /* C and C++ files */
    CStrArray headers;  /* headers */
} Tree;

/* Makes drivers of the sources that no project names. */
void load_loose_sources(Loader *self, const Tree *tree, const CStrArray *sources);

#endif
