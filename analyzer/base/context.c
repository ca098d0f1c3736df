/* context: the names of levels, contexts, certainties and assumptions.
 *
 * Computes: text for a value of include/irqlint/context.h, and the value of a text or a KIRQL
 * number. Invariant: name and look-up are inverse to each other on the documented names. Errs: a
 * word it does not know is -1, never a guess.
 */
#include "irqlint/context.h"

#include "analyzer/base/base.h"

typedef struct LevelName {
    const char *name; /* as drivers spell it */
    Irql irql;        /* the level it stands for on x64 */
} LevelName;

/* The first IRQL_COUNT rows are the names that are printed, in the order of Irql. */
static const LevelName level_names[] = {
    {"PASSIVE_LEVEL", IRQL_PASSIVE}, {"APC_LEVEL", IRQL_APC},     {"DISPATCH_LEVEL", IRQL_DISPATCH},
    {"DIRQL", IRQL_DIRQL},           {"HIGH_LEVEL", IRQL_HIGH},   {"LOW_LEVEL", IRQL_PASSIVE},
    {"SYNCH_LEVEL", IRQL_DIRQL},     {"CMCI_LEVEL", IRQL_DIRQL},  {"CLOCK_LEVEL", IRQL_HIGH},
    {"CLOCK1_LEVEL", IRQL_HIGH},     {"CLOCK2_LEVEL", IRQL_HIGH}, {"IPI_LEVEL", IRQL_HIGH},
    {"DRS_LEVEL", IRQL_HIGH},        {"POWER_LEVEL", IRQL_HIGH},  {"PROFILE_LEVEL", IRQL_HIGH},
};

enum { LEVEL_NAME_COUNT = sizeof(level_names) / sizeof(level_names[0]) };

const char *irql_name(Irql irql) {
    return (unsigned)irql < IRQL_COUNT ? level_names[irql].name : "unknown level";
}

int irql_from_name(const char *name) {
    for (int i = 0; i < LEVEL_NAME_COUNT; i++) {
        if (str_eq(level_names[i].name, name))
            return (int)level_names[i].irql;
    }
    return -1;
}

Irql irql_from_number(int64_t number) {
    if (number <= 0)
        return IRQL_PASSIVE;
    if (number <= 2)
        return number == 1 ? IRQL_APC : IRQL_DISPATCH;
    return number <= 12 ? IRQL_DIRQL : IRQL_HIGH;
}

static const char *const context_names[CONTEXT_COUNT] = {
    "init", "caller-thread", "arbitrary-thread", "system-thread",
    "dpc",  "isr",           "passive-isr",      "apc",
};

const char *context_name(Context context) {
    return (unsigned)context < CONTEXT_COUNT ? context_names[context] : "unknown context";
}

static bool same_word(const char *a, const char *b) {
    for (; *a != '\0' && *b != '\0'; a++, b++) {
        if (*a != *b && !((*a == '-' && *b == '_') || (*a == '_' && *b == '-')))
            return false;
    }
    return *a == *b;
}

int context_from_name(const char *name) {
    for (int i = 0; i < CONTEXT_COUNT; i++) {
        if (same_word(context_names[i], name))
            return i;
    }
    return -1;
}

const char *certainty_name(Certainty certainty) {
    return certainty == CERTAIN ? "certain" : "possible";
}

static const char *const assumption_texts[ASSUME_COUNT] = {
    [ASSUME_NOTHING] = "",
    [ASSUME_CALLBACK_LEVEL] = "the system may call it at this level",
    [ASSUME_SAL] = "only an annotation says that it runs at this level",
    [ASSUME_NO_ROOT] = "nothing in the sources calls it; it is taken to start at PASSIVE_LEVEL",
    [ASSUME_NO_SURE_CALL] =
        "only pointers with several targets lead to it; it is taken to start at "
        "PASSIVE_LEVEL",
    [ASSUME_CALL_TARGET] = "the call goes through a pointer with several or unknown targets",
    [ASSUME_LOST_WORLD] = "states were joined on the way",
    [ASSUME_WEAK_ROW] = "the documentation does not state the level; it is inferred",
    [ASSUME_SECTION_LOCKED] = "the driver locks this section in memory",
    [ASSUME_SETTING] = "a setting of the device, queue or interrupt decides the level",
    [ASSUME_DEFAULT_LEVEL] =
        "the framework may call it at this level, and no setting of the driver "
        "says otherwise",
    [ASSUME_SHARED_HANDLER] = "the line serves requests in the caller's thread as well",
    [ASSUME_TRUSTED_CALLER] = "anyone may send the request",
    [ASSUME_INLINED] = "the compiler places the inline function in its caller",
    [ASSUME_SAME_OBJECT] = "both accesses are taken to be to the same object",
    [ASSUME_DIRECT_CALL] = "a callback that is registered for lower levels is called directly here",
    [ASSUME_LAST_REFERENCE] = "a counter of references reaches zero on this path",
    [ASSUME_CONDITION] = "an argument that decides could not be evaluated",
    [ASSUME_METHOD_NEITHER] =
        "the request may come with METHOD_NEITHER; for other methods the system has probed it",
};

const char *assumption_text(Assumption assumption) {
    return (unsigned)assumption < ASSUME_COUNT ? assumption_texts[assumption] : "";
}
