/* msbuild: the part of MSBuild's evaluation that decides what a driver project compiles.
 *
 * One configuration is evaluated, in MSBuild's order: properties and imports as they are met, then
 * item definitions, then items. Names are compared without regard to case.
 */
#ifndef IRQLINT_PROJECT_MSBUILD_H
#define IRQLINT_PROJECT_MSBUILD_H

#include "analyzer/project/view.h"

typedef struct MsValue {
    const char *name;  /* of a property or of an item's metadata */
    const char *value; /* expanded */
    bool partial;      /* something unknown was left out of it */
} MsValue;

typedef Array(MsValue) MsValues;

typedef struct MsItem {
    const char *type;    /* "ClCompile" */
    const char *include; /* one path or word, expanded */
    const char *dir;     /* folder that a relative path is relative to */
    bool partial;        /* an unknown property stood in its Include */
    MsValues metadata;   /* its own, over the definitions of its type */
} MsItem;

/* Metadata that items of a type start with. */
typedef struct MsDefinition {
    const char *type;  /* "ClCompile" */
    MsValues metadata; /* as ItemDefinitionGroup says */
} MsDefinition;

/* A group met in the first pass, for the later ones. */
typedef struct MsGroup {
    void *node;       /* xmlNode of the ItemGroup or ItemDefinitionGroup */
    const char *file; /* the file that it stands in */
} MsGroup;

typedef struct Msbuild {
    Arena *arena;                    /* owns everything but the documents */
    FileView *view;                  /* finds imports */
    const char *project;             /* absolute path of the project file */
    const char *file;                /* the file being evaluated */
    const char *configuration;       /* asked for, NULL: Release where there is one */
    const char *platform;            /* asked for, NULL: x64 where there is one */
    const char *solution_dir;        /* folder of the solution that names it, NULL: look upwards */
    const char *lacks;               /* result: configurations it has, when not what is asked for */
    MsValues properties;             /* so far */
    Map64 *property_index;           /* hash of a property's name, no case -> its index */
    uint64_t work;                   /* steps of what is not linear in the text */
    bool makers_known;               /* `makers` is filled */
    CStrArray makers;                /* folders of sources that make a precompiled header */
    uint32_t generator_count;        /* items that make headers, so far */
    Array(MsDefinition) definitions; /* by type */
    Array(MsItem) items;             /* in order */
    Array(MsGroup) groups;           /* in order */
    Array(void *) documents;         /* xmlDocs, freed at the end */
    CStrArray importing;             /* files being read, against cycles */
    uint32_t group_depth;            /* nesting of Choose and import groups */
    size_t expanded_size;            /* bytes that ms_expand made */
    size_t read_size;                /* bytes of XML read */
} Msbuild;

/* Macros that the kit's property sheets would define, behind the project's own (kit.c). */
void add_kit_macros(const Msbuild *build, CStrArray *args);
/* Metadata of a type's definition, NULL when there is none. */
const char *msbuild_definition(const Msbuild *self, const char *type, const char *name);
/* Evaluates a project file. 0, or -1 with the reason. */
int msbuild_evaluate(Msbuild *self, Error *err);

/* ---- expressions (msexpr.c) ---------------------------------------------------------------- */

/* Replaces `$(Name)`; `%(Name)` by `inherited`'s metadata (NULL: nothing); `@(Type)` by the items.
 * What is not known becomes nothing and sets *partial. Result is at most 64 KiB, all results
 * together 256 MiB: what is longer is "". */
const char *ms_expand(Msbuild *self, const char *text, const MsValues *inherited, bool *partial);
/* A condition; one that is not understood is false. NULL and "" are true. */
bool ms_condition(Msbuild *self, const char *text, const MsValues *inherited);
/* Replaces what metadata say of the item itself, `%(Filename)`; for each item alone. */
void ms_expand_item(Msbuild *self, MsItem *item);
/* `Name.Function(arguments)` on a property (msfunc.c); NULL when it is not known. */
const char *ms_call(Msbuild *self, const char *text, bool *partial);

/* An argument of a property function: 'a', "a", `a` or a plain word, expanded; *at moves behind it
 * and the comma. */
const char *ms_argument(Msbuild *self, const char **at, const char *end, bool *partial);
/* Counts steps; false when a project asked for so many that no more are done for it. */
bool ms_may_work(Msbuild *self, uint64_t steps);
const char *ms_get(const MsValues *values, const char *name);
void ms_set(Msbuild *self, MsValues *values, MsValue value);
/* The value of a property, "" when it is not defined. */
const char *ms_property(const Msbuild *self, const char *name);
/* The parts between semicolons, trimmed, without empty ones. */
void ms_split(Msbuild *self, const char *list, CStrArray *parts);

#endif
