/* project: what to analyse. From the paths on the command line to drivers and their source files.
 *
 * A driver is a unit of linking: one project file, one `sources` file of the old kits, one target
 * of a compile_commands.json, the bare sources of one run, or what a folder holds:
 * - In a folder, every kernel-mode .vcxproj or `sources` below is a driver; the static libraries
 * that it links belong to it. Files that such a project leaves out beside those it names are not
 * built.
 * - Other sources count when they are kernel code: they reach a kernel header (as text, whatever
 * the conditionals) or define DriverEntry. A folder with a DriverEntry is a driver, with several
 * each file that has one. A folder without joins the nearest folder upwards that has one, or below
 * which there is exactly one; where there are several it is a driver of its own (shared code).
 * Missing headers are looked for in the neighbourhood. Hidden folders, build output and symbolic
 * links to folders are not entered.
 * - A project file is evaluated for the configuration and platform asked for, else Release|x64,
 * else what is nearest to it; one that lacks what is asked for is a problem.
 *
 * Nothing here parses C; it reads directories, JSON and XML, and the `#include` lines of sources as
 * text.
 */
#ifndef IRQLINT_PROJECT_H
#define IRQLINT_PROJECT_H

#include "analyzer/base/base.h"

/* Why a file that exists is not opened. */
#define OUTSIDE_TEXT "outside the given trees (see --allow-outside)"

/* One source file and how to compile it. */
typedef struct ProjectUnit {
    const char *path; /* absolute, normalised, as the file system spells it */
    CStrArray args;   /* clang arguments of its own: -I, -D, -U, -include; paths absolute */
    bool cxx;         /* C++ by suffix or option */
} ProjectUnit;

typedef Array(ProjectUnit) ProjectUnitArray;

typedef struct ProjectDriver {
    const char *name;       /* project, folder or target name; unique within the run */
    const char *dir;        /* absolute folder that paths in reports are relative to */
    ProjectUnitArray units; /* sorted by path, without duplicates */
} ProjectDriver;

/* Something asked for that could not be done: exit code 2. */
typedef struct ProjectProblem {
    const char *path;    /* what was asked for */
    const char *message; /* one line: why not */
} ProjectProblem;

typedef struct Project {
    Array(ProjectDriver) drivers;   /* sorted by name */
    Array(ProjectProblem) problems; /* in the order found */
    const char *kit_dir;            /* the real kit whose headers are used, NULL: the model's */
    const char *root;      /* common folder of everything: reports' paths are relative to it */
    struct FileView *view; /* what was read of the disk, for frontend_parse_all */
} Project;

typedef struct ProjectOptions {
    const char *const *paths; /* folders, sources, compile_commands.json, .vcxproj, .sln, .slnx */
    uint32_t path_count;      /* at least 1 */
    const char *const *clang_args; /* -I, -D and what stands behind `--`: for every unit */
    uint32_t clang_arg_count;      /* how many */
    const char *model_dir;         /* folder of the model headers, NULL: kit headers are unknown */
    const char *wdk;               /* folder of a real kit, NULL: as the environment says */
    const char *configuration;     /* of project files, NULL: Release where there is one */
    const char *platform;          /* of project files, NULL: x64 where there is one */
    bool allow_outside;            /* files outside the given trees may be read */
} ProjectOptions;

/* Finds the drivers. Always succeeds; what could not be read is a problem. */
Project *project_load(Arena *arena, const ProjectOptions *options);

/* ---- the file view: how a Windows compiler would find headers ------------------------------ */

/* A header that is found nowhere: made up when a build makes it out of another file (messages,
 * manifests, WMI classes, counters), or one that lies in a folder the project forgot. */
typedef struct GeneratedHeader {
    const char *path; /* absolute: beside the file it is made of */
    const char *dir;  /* folder to search last, so that the include finds it; NULL: none */
    const char *text; /* what it holds; NULL: it is on the disk */
    const char *name; /* as the include spells it; NULL: no include finds it */
} GeneratedHeader;

/* The headers that a unit reaches, found as text: every `#include` line, whatever the conditionals
 * around it, resolved without regard to case and with either slash, first beside the including
 * file, then beside its includers, then in the unit's -I folders. */
typedef struct ProjectClosure {
    CStrArray files;   /* driver headers reached, absolute, in the order found */
    CStrArray others;  /* what their names could mean too: files in other folders searched */
    CStrArray dirs;    /* folders that hold them or are searched, absolute, sorted */
    CStrArray model;   /* model headers included ("ntddk.h", "wlan/1.0/x.hpp"), as first used */
    CStrArray prelude; /* guarded ones of `model` that are included whatever the macros */
    CStrArray missing; /* names found nowhere, as written */
    Array(GeneratedHeader) refused; /* what must not be opened: an error stands in its place */
    Array(
        GeneratedHeader) generated; /* `refused`, and for some of `missing`: by fileview_generate */
    bool configures;                /* some file defines a macro that model headers depend on */
    bool places_code;               /* some file holds alloc_text, code_seg, data_seg … */
    bool computes;                  /* some file includes what a macro names */
    bool is_complete; /* every file could be read; what a macro may name is among `others` */
    Hash128 content;  /* of all that is said here and of the files' texts: by fileview_generate */
} ProjectClosure;

typedef struct FileView FileView; /* cached directory listings */

FileView *fileview_new(Arena *arena, const char *model_dir);
ProjectClosure *fileview_closure(FileView *self, const ProjectUnit *unit);
/* Completes a closure: closure->content, and makes up the headers in closure->missing that a build
 * would generate, and finds those in an `inc` or `include` folder in or beside that of the unit
 * (closure->generated). */
void fileview_generate(FileView *self, const ProjectUnit *unit, ProjectClosure *closure);
/* The files seen so far that may say which findings are accepted, sorted. */
CStrArray fileview_gating(FileView *self);
/* Adds to `readable` the folders and files that a parse of the unit may read: the trees, and what
 * its project names. Real paths. */
void fileview_readable(FileView *self, const ProjectUnit *unit, const ProjectClosure *closure,
                       CStrArray *readable);
/* A clang VFS overlay (JSON) under which the C files and headers directly in `dirs`, and the model
 * headers, are found in any case; folders' names too. */
const char *fileview_overlay(FileView *self, const CStrArray *dirs);

#endif
