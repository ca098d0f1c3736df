/* finding: what a rule reports, with the path that proves it. */
#ifndef IRQLINT_FINDING_H
#define IRQLINT_FINDING_H

#include "irqlint/context.h"

#include <stdint.h>

typedef enum StepKind {
    STEP_ROOT,   /* who calls the first function, and at which level */
    STEP_CALL,   /* a call on the way */
    STEP_RAISE,  /* the level goes up here (or a lock is taken) */
    STEP_LOWER,  /* the level goes down here */
    STEP_ACCESS, /* where the pointer or the memory came from */
    STEP_SINK    /* the line that must not run here */
} StepKind;

/* "root", "call", "raise", "lower", "access", "sink". */
const char *step_kind_name(StepKind kind);

typedef struct Step {
    StepKind kind;        /* what happens */
    const char *file;     /* absolute path */
    uint32_t line;        /* 1-based */
    uint32_t column;      /* 1-based, 0 unknown */
    const char *function; /* the function the line belongs to */
    const char *message;  /* one clause: "calls QueueWork", "KeAcquireSpinLock raises to …" */
    Irql irql;            /* the level after the step */
} Step;

typedef enum FindingLevel { LEVEL_NOTE, LEVEL_WARNING, LEVEL_ERROR } FindingLevel;

/* "note", "warning", "error" (SARIF's words). */
const char *finding_level_name(FindingLevel level);

typedef struct Finding {
    const char *rule;        /* rule id */
    FindingLevel level;      /* of the rule */
    Certainty certainty;     /* how sure */
    Assumption assumption;   /* ASSUME_NOTHING when certain */
    const char *file;        /* absolute path */
    uint32_t line;           /* 1-based */
    uint32_t column;         /* 1-based, 0 unknown */
    const char *function;    /* where the line is */
    const char *subject;     /* what the finding is about (callee, field): for the fingerprint */
    const char *message;     /* one sentence */
    Context context;         /* of the path shown */
    Irql irql;               /* level at the line */
    const Step *steps;       /* root … sink */
    uint32_t step_count;     /* at least 2 */
    const char *fingerprint; /* hexadecimal, stable when lines move: set by the check stage */
} Finding;

#endif
