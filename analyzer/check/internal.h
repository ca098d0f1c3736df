/* What the files of the check stage share. */
#ifndef IRQLINT_CHECK_INTERNAL_H
#define IRQLINT_CHECK_INTERNAL_H

#include "analyzer/check/check.h"
#include "analyzer/infer/infer.h"

/* A finding before de-duplication. */
typedef struct Draft {
    Finding finding; /* complete but for the fingerprint */
    bool access;     /* a load or store: `x += 1` is both, so the column does not tell them apart */
} Draft;

typedef Array(Draft) DraftArray;

struct RuleRun {
    Arena *arena;              /* holds the findings */
    const Inferred *inferred;  /* what the rule reads */
    const Rule *rule;          /* the one that runs */
    DraftArray drafts;         /* of all rules so far */
    CallVisitor *call_visitor; /* of run_each_call */
    InferShared *shared;       /* accesses to shared data, NULL: not asked for yet */
};

/* Where an address comes from, as the source says it. */
typedef struct AddressName {
    IrPath path;         /* place that holds the address, 0 unknown: equal in one function = same */
    const char *text;    /* its name, "" none */
    bool lasting;        /* the name may be a finding's subject: it is no local's */
    FieldId field;       /* the place is this field, 0 none */
    const char *section; /* the address is that of a variable of that section, "" it is not */
} AddressName;

/* Of an address; of the address that an access to `path` goes through. */
AddressName address_of_value(const Program *program, FuncId func, IrValue value);
AddressName address_of_access(const Program *program, FuncId func, IrPath path);

/* Sorts, keeps the surest of equal ones, numbers the fingerprints. */
void drafts_finish(DraftArray *drafts, Arena *arena, const char *base_dir, FindingArray *findings);

/* mention.c: how the content of a place is used in an expression. */
enum {
    MENTION_PLAIN = 1,   /* its value */
    MENTION_INDEX = 2,   /* as an index, or an offset of an address that is followed */
    MENTION_POINTER = 4, /* as the address that is followed */
    MENTION_SIZE = 8,    /* as the size of what is copied (fetch.c) */
    MENTION_KEPT = 16    /* stored in memory that outlives the function (fetch.c) */
};
unsigned mention_in_value(const IrUnit *unit, IrValue value, IrPath place);
unsigned mention_in_path(const IrUnit *unit, IrPath path, IrPath place);
/* … in a pointer that is followed. */
unsigned mention_in_pointer(const IrUnit *unit, IrValue value, IrPath place);
unsigned mention_in_op(const IrUnit *unit, const IrOpRec *op, IrPath place);
/* True for a comparison of the place, or a sum with it, with something other than 0; *ordered: by
 * less or greater. */
bool mention_is_limit(const IrUnit *unit, IrValue cond, IrPath place, bool *ordered);

#endif
