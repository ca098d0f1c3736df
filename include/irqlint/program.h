/* program: a whole driver, linked: functions across units, who calls whom, which callbacks the
 * system gets and how.
 *
 * Functions and operations have dense ids for the whole driver, given in an order that depends on
 * names and files only, never on the order in which units arrived.
 */
#ifndef IRQLINT_PROGRAM_H
#define IRQLINT_PROGRAM_H

#include "irqlint/ir.h"
#include "irqlint/model.h"
#include "irqlint/sal.h"

typedef uint32_t FuncId;  /* index into Program.funcs; 0 = none */
typedef uint32_t OpId;    /* op of the driver: unit's op_base + IrOp; 0 = none */
typedef uint32_t FieldId; /* a (struct type, field) of the driver; 0 = none */

/* A function of the driver, or one that it only declares or calls. */
typedef struct ProgFunc {
    uint32_t unit;            /* index into Program.units of the defining (else a declaring) unit */
    IrFunc ir;                /* its record there */
    bool defined;             /* has a body in the driver */
    bool is_model;            /* the model headers declare it: a kernel API */
    const char *key;          /* identity (USR) */
    const char *name;         /* as written */
    const char *file;         /* of the definition, else of a declaration */
    uint32_t line;            /* 1-based */
    const char *segment;      /* "PAGE", "INIT" …; "" = resident */
    const char *segment_file; /* where the pragma stands */
    uint32_t segment_line;    /* 1-based, 0 none */
    const Ddi *ddi; /* what is known of it as a kernel API, or by its annotations; NULL when
                       defined or unknown */
    const Role *const *roles; /* roles it is declared or annotated with, known to the model */
    uint32_t role_count;      /* how many */
    const SalFact *facts;     /* what the annotations of all its declarations say */
    uint32_t fact_count;      /* how many */
} ProgFunc;

static inline bool segment_is_pageable(const char *segment) {
    return segment[0] == 'P' && segment[1] == 'A' && segment[2] == 'G' && segment[3] == 'E';
}
static inline bool segment_is_discarded(const char *segment) {
    return segment[0] == 'I' && segment[1] == 'N' && segment[2] == 'I' && segment[3] == 'T';
}

typedef struct ProgUnit {
    const IrUnit *ir;        /* the facts */
    uint32_t op_base;        /* OpId of the unit's op 0 */
    const FuncId *funcs;     /* by IrFunc: id in the driver */
    const FieldId *fields;   /* by IrPath: the field it names, 0 when it is not IR_PATH_FIELD */
    const uint32_t *globals; /* by IrGlobal: id in the driver */
} ProgUnit;

/* Where a call may go. */
typedef struct ProgTargets {
    const FuncId *items; /* sorted by id; driver functions and API functions */
    uint32_t len;        /* how many */
    bool complete;       /* nothing else is possible: a direct call, or a virtual one of a
                            method that one class of the driver has */
} ProgTargets;

typedef enum RootVia {
    ROOT_BY_ARGUMENT, /* handed to an API function */
    ROOT_BY_FIELD,    /* stored in a registration structure */
    ROOT_BY_NAME,     /* DriverEntry and the like: the system calls it by its name */
    ROOT_BY_TYPE,     /* declared with a role type; no registration seen */
    ROOT_UNREACHED,   /* called, but only from where no other root leads */
    ROOT_UNCALLED,    /* nothing calls it */
    ROOT_POINTED      /* only calls through pointers with several targets may reach it */
} RootVia;

/* What the driver's settings say of the level at which a root is called. */
typedef enum RootSetting {
    SETTING_UNKNOWN, /* not known, or no setting matters: what the role says */
    SETTING_DEFAULT, /* left at the default, which the role says */
    SETTING_PASSIVE, /* set to passive level */
    SETTING_SERIAL   /* called under the framework's spin lock: DISPATCH_LEVEL exactly */
} RootSetting;

/* A function that the system calls. */
typedef struct ProgRoot {
    FuncId func;         /* which */
    const Role *role;    /* how the system calls it; NULL from ROOT_UNREACHED on */
    RootVia via;         /* how we know */
    RootSetting setting; /* what decides between the levels of the role */
    const char *through; /* "IoConnectInterrupt", "DRIVER_OBJECT.MajorFunction" … */
    const char *file;    /* where it is registered (or declared) */
    uint32_t line;       /* 1-based */
    FuncId in_func;      /* function that registers it, 0 none */
    OpId op;             /* operation that registers it, 0 none */
    bool own_request; /* it completes requests that the driver makes: their buffers are its own */
} ProgRoot;

/* A function is declared as one kind of callback and registered as another. */
typedef struct RoleConflict {
    FuncId func;          /* which */
    const Role *declared; /* the role of its type or annotations */
    uint32_t root;        /* index into Program.roots: how it is registered */
} RoleConflict;

typedef struct Program {
    const char *name;                /* the driver's */
    const char *base_dir;            /* paths in reports are relative to it */
    const Model *model;              /* the kernel API */
    ProgUnit *units;                 /* sorted by path */
    uint32_t unit_count;             /* how many */
    ProgFunc *funcs;                 /* [0] unused; sorted by (name, key) */
    uint32_t func_count;             /* including [0] */
    ProgRoot *roots;                 /* sorted by func, via, role, file, line */
    uint32_t root_count;             /* how many */
    RoleConflict *conflicts;         /* sorted by root */
    uint32_t conflict_count;         /* how many */
    ProgTargets *targets;            /* by OpId: of IR_OP_CALL */
    uint32_t op_count;               /* including 0 */
    uint32_t field_count;            /* including 0 */
    const char **field_names;        /* by FieldId: "TYPE.field" */
    const bool *field_is_driver;     /* by FieldId: the struct is declared by the driver */
    uint32_t global_count;           /* including 0 */
    const char **global_names;       /* by id: as written */
    const char **global_segments;    /* by id: data section, "" default */
    const bool *const *own_requests; /* by FuncId, then local: a variable, no parameter, that holds
                                        a request which the driver makes; NULL: none */
    uint32_t unresolved_calls;       /* calls through pointers with no target found: coverage */
    const char *const
        *settings;          /* fields "field" of passive-level settings that the driver makes */
    uint32_t setting_count; /* how many */
    const char *const *locked_sections; /* sections that some code locks in memory, by name */
    uint32_t locked_count;              /* how many */
    bool locks_any_section; /* some code locks sections, and nothing says which: perhaps all */
} Program;

/* The unit and record of an operation. */
static inline const IrOpRec *program_op(const Program *self, FuncId func, OpId op) {
    const ProgUnit *unit = &self->units[self->funcs[func].unit];
    return &unit->ir->ops[op - unit->op_base];
}
static inline const IrUnit *program_unit(const Program *self, FuncId func) {
    return self->units[self->funcs[func].unit].ir;
}
static inline const IrFuncRec *program_ir(const Program *self, FuncId func) {
    return &program_unit(self, func)->funcs[self->funcs[func].ir];
}
/* True when the function has an annotation of that kind, whatever its value. */
static inline bool program_has_fact(const ProgFunc *func, SalKind kind) {
    for (uint32_t i = 0; i < func->fact_count; i++) {
        if (func->facts[i].kind == kind)
            return true;
    }
    return false;
}
/* OpId of an operation of the unit that defines `func`. */
static inline OpId program_op_id(const Program *self, FuncId func, IrOp op) {
    return self->units[self->funcs[func].unit].op_base + op;
}
/* The levels at which the system calls a root (one with a role) for certain, and may call it, and
 * the context: what the role says, unless a setting of the driver decides. */
IrqlSet program_root_levels(const ProgRoot *root, IrqlSet *possible);
Context program_root_context(const ProgRoot *root);
/* True when some code of the driver locks that section in memory, or may. */
bool program_locks_section(const Program *self, const char *segment);
/* True when the body reads, writes or hands on the parameter, or may. */
bool program_uses_param(const Program *self, FuncId func, uint32_t param);
/* The function of that name; 0 when there is none, the first by key when there are several. */
FuncId program_find(const Program *self, const char *name);

#endif
