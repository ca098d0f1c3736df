/* tables: what scripts/ddigen makes of rules/ddi: the sorted arrays that the look-ups search. */
#ifndef IRQLINT_MODEL_TABLES_H
#define IRQLINT_MODEL_TABLES_H

#include "irqlint/model.h"

/* A name of a role: the role's own, or a pointer typedef that no naming rule leads to. */
typedef struct RoleName {
    const char *name; /* the typedef's name */
    uint32_t role;    /* index into Model.roles */
} RoleName;

struct Model {
    uint64_t version;             /* hash of the tables */
    const Ddi *ddis;              /* by name (strcmp order) */
    const Role *roles;            /* by name */
    const RoleName *role_names;   /* by name */
    const Registration *by_ddi;   /* by ddi, arg, role */
    const Registration *by_field; /* by type, field, index, role */
    const FieldFact *fields;      /* by type, field */
    uint32_t ddi_count;           /* rows of ddis */
    uint32_t role_count;          /* rows of roles */
    uint32_t role_name_count;     /* rows of role_names */
    uint32_t by_ddi_count;        /* rows of by_ddi */
    uint32_t by_field_count;      /* rows of by_field */
    uint32_t field_count;         /* rows of fields */
};

/* The generated tables. */
extern const Model model_tables;

#endif
