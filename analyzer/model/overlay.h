/* overlay: what a user adds to the knowledge of the kernel API, from JSON (docs/ddi-tables.md).
 *
 * Stages, one file each: overlay_json.c reads a file and its members, overlay_ddi.c the functions,
 * overlay_role.c the rest, overlay.c merges everything into a Model. Errors are kept as
 * `file:line: message`; a file with an error yields no model.
 */
#ifndef IRQLINT_MODEL_OVERLAY_H
#define IRQLINT_MODEL_OVERLAY_H

#include "analyzer/json/json.h"
#include "analyzer/model/rows.h"
#include "analyzer/model/tables.h"

enum { MAX_MESSAGES = 20, MAX_NAME_LEN = 255 };

/* A registration and the file it comes from: of one key, only the last file's rows hold. */
typedef struct LayeredRegistration {
    Registration reg; /* the row */
    uint32_t layer;   /* 0 built in, 1 the first file … */
} LayeredRegistration;

/* The tables as merged so far. A row's index is the StrId of its name or key less one. */
typedef struct Merge {
    Arena *arena;                        /* owns everything */
    const Model *base;                   /* the built-in tables */
    uint64_t version;                    /* of the base and the files so far */
    StrTab *ddi_names;                   /* of ddis */
    Array(Ddi) ddis;                     /* built-in and added */
    Array(Role) roles;                   /* found through role_rows */
    StrTab *role_names;                  /* of role_rows */
    Array(RoleName) role_rows;           /* roles and pointers to them */
    StrTab *field_keys;                  /* field_key, of fields */
    Array(FieldFact) fields;             /* built-in and added */
    StrTab *constant_names;              /* of constants */
    Array(Constant) constants;           /* built-in and added */
    Array(LayeredRegistration) by_ddi;   /* in any order */
    Array(LayeredRegistration) by_field; /* in any order */
} Merge;

/* What is wrong with a file. */
typedef struct OverlayMessage {
    uint32_t line;    /* 0: of the file */
    const char *text; /* without the place */
} OverlayMessage;

/* One file being read. */
typedef struct Overlay {
    Reader reader;                  /* of its words; its source is the Overlay */
    Merge *merge;                   /* what it adds to */
    const char *path;               /* as given */
    uint32_t layer;                 /* its number, from 1 */
    Array(OverlayMessage) messages; /* the first MAX_MESSAGES */
    uint32_t error_count;           /* all */
    StrTab *seen;                   /* keys of the rows of this file … */
    U32Array seen_lines;            /* … and by StrId where they are, 0 nowhere */
} Overlay;

/* ---- overlay.c ---- */
/* The row's index for a name, or UINT32_MAX. */
uint32_t merge_find(const StrTab *names, const char *name);
/* False with an error when this file already has a row of that kind and key. */
bool overlay_first(Overlay *self, const char *kind, Cell key);

/* ---- overlay_json.c ---- */
/* Reads and parses the file. NULL with an error. cJSON_Delete ends it. */
cJSON *json_load(Overlay *self);
/* It is an object with no other members than `keys` (NULL-terminated) and "comment", and none
 * twice; false with errors. */
bool json_check_object(Overlay *self, const cJSON *node, const char *what, const char *const *keys);
bool json_has(const cJSON *object, const char *key);
/* A string member; `otherwise` when it is absent or, with an error, no string. */
Cell json_text(Overlay *self, const cJSON *object, const char *key, const char *otherwise);
/* The same where it must be there and must not be empty; "" with an error. */
Cell json_need_text(Overlay *self, const cJSON *object, const char *key);
/* The same where it must be a name. */
Cell json_need_name(Overlay *self, const cJSON *object, const char *key);
bool json_check_name(Overlay *self, Cell name);
/* The first element of an array member; NULL when it is empty, absent or, with an error, none. */
const cJSON *json_list(Overlay *self, const cJSON *object, const char *key);
/* A string element of such a list; "" with an error. */
Cell json_item_text(Overlay *self, const cJSON *item, const char *key);
/* A whole number of an argument, 0 … 31, or -1 with an error. */
int json_arg_number(Overlay *self, const cJSON *number, const char *key);
/* A list of flags. */
uint8_t json_flags(Overlay *self, const cJSON *object, const char *key,
                   const Vocabulary *vocabulary);

/* ---- overlay_ddi.c, overlay_role.c: one row each ---- */
void overlay_read_function(Overlay *self, const cJSON *node);
void overlay_read_callback(Overlay *self, const cJSON *node);
void overlay_read_registration(Overlay *self, const cJSON *node);
void overlay_read_field(Overlay *self, const cJSON *node);
void overlay_read_constants(Overlay *self, const cJSON *node);

#endif
