/* tables: what scripts/ddigen makes of rules/ddi, and overlay.c of a user's rows laid over them:
 * the sorted arrays that the look-ups search. */
#ifndef IRQLINT_MODEL_TABLES_H
#define IRQLINT_MODEL_TABLES_H

#include "irqlint/model.h"

/* A name of a role: the role's own, or a pointer typedef that no naming rule leads to. */
typedef struct RoleName {
    const char *name; /* the typedef's name */
    uint32_t role;    /* index into Model.roles */
} RoleName;

/* A name that conditions and indices may use. */
typedef struct Constant {
    const char *name; /* as in the kernel's headers */
    int64_t value;    /* its value */
} Constant;

struct Model {
    uint64_t version;              /* hash of the tables */
    const Ddi *ddis;               /* by name (strcmp order) */
    const Role *roles;             /* found through role_names */
    const RoleName *role_names;    /* by name */
    const Registration *by_ddi;    /* by ddi, arg, role */
    const Registration *by_field;  /* by type, field, index, role */
    const FieldFact *fields;       /* by type, field */
    const Constant *constants;     /* by name */
    const ObjectCreator *creators; /* by ddi */
    uint32_t ddi_count;            /* rows of ddis */
    uint32_t role_count;           /* rows of roles */
    uint32_t role_name_count;      /* rows of role_names */
    uint32_t by_ddi_count;         /* rows of by_ddi */
    uint32_t by_field_count;       /* rows of by_field */
    uint32_t field_count;          /* rows of fields */
    uint32_t constant_count;       /* rows of constants */
    uint32_t creator_count;        /* rows of creators */
};

/* The generated tables. */
extern const Model model_tables;

#endif
