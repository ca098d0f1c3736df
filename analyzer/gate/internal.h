/* What the files of the gate stage share. */
#ifndef IRQLINT_GATE_INTERNAL_H
#define IRQLINT_GATE_INTERNAL_H

#include "analyzer/gate/gate.h"
#include "analyzer/gate/marks.h"

/* An entry of a file of suppressions: all that it names must fit a finding. Patterns are those of
 * the shell. */
typedef struct Suppression {
    const char *path;     /* of its file */
    uint32_t line;        /* in it */
    const char *rule;     /* rule id */
    const char *file;     /* pattern for the path, or for its end after some slash; NULL: any */
    const char *function; /* pattern; NULL: any */
    const char *driver;   /* pattern; NULL: any */
    const char *message;  /* pattern; NULL: any */
    const char *reason;   /* never empty */
    const char *until;    /* last day, YYYY-MM-DD; NULL: for ever */
    bool used;            /* fits a finding */
} Suppression;

/* A finding of a baseline. */
typedef struct BaselineEntry {
    const char *fingerprint; /* ours */
    const char *driver;      /* name */
    const char *rule;        /* rule id */
    const char *file;        /* as stored; for people */
    const char *function;    /* for people */
    const char *message;     /* for people */
} BaselineEntry;

struct Baseline {
    Arena *arena;
    const char *path;             /* of its file, NULL: it is no file */
    const char *reason;           /* of its verdicts */
    Array(BaselineEntry) entries; /* in the order read */
    Map64 *left;                  /* hash of fingerprint and driver -> how many are not taken */
};

/* All entries can be taken again. */
void baseline_rewind(Baseline *self);
/* True when the baseline has one more of these; then it has one less. */
bool baseline_take(Baseline *self, const char *fingerprint, const char *driver);

/* The rule id that was probably meant, or NULL. */
const char *gate_nearest_rule(Arena *arena, const char *id);

struct Suppressions {
    Array(Suppression) entries; /* in the order of the files */
};

#endif
