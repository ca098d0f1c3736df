/* sal: the parser of annotation texts.
 *
 *     list       := annotation*
 *     annotation := name [ "(" argument { "," argument } ")" ]
 *
 * What a name means and which operands it takes is a table. Invariant: an annotation of the table
 * gives at least one fact; one that is not in it gives none, unless its name looks like a misspelt
 * one (_IRQL_…). Errs towards SAL_MALFORMED.
 */
#include "analyzer/link/sal.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>

enum { MAX_NESTING = 16, MAX_OPERANDS = 4, MAX_FACTS = 64, MAX_LISTS = 64 };

typedef enum Operands {
    TAKES_NOTHING,   /* speaks about where it stands */
    TAKES_LEVEL,     /* (level) */
    TAKES_STATE,     /* (kind, place): saved level inside a place */
    TAKES_LOCK,      /* (expression) */
    TAKES_RESOURCE,  /* (kind): the lock is where it stands */
    TAKES_RESOURCES, /* (kind, expression) */
    TAKES_NAME,      /* (name) */
    TAKES_CONDITION, /* (condition) */
    TAKES_WHEN,      /* (condition, list) */
    TAKES_AT,        /* (place, list) */
    TAKES_LIST       /* (list): about the same place */
} Operands;

/* An annotation that is understood. */
typedef struct SalWord {
    const char *name;     /* as spelled */
    uint8_t kind;         /* SalKind, of what is no container */
    uint8_t operands;     /* Operands */
    uint8_t flags;        /* SAL_SHARED, SAL_EXCLUSIVE */
    const char *resource; /* the kind of resource that the name implies, or NULL */
} SalWord;

/* clang-format off */
static const SalWord WORDS[] = {
    {"_Acquires_cancel_spin_lock_", SAL_ACQUIRES, TAKES_NOTHING, 0, "CancelSpinLock"},
    {"_Acquires_exclusive_lock_", SAL_ACQUIRES, TAKES_LOCK, SAL_EXCLUSIVE, NULL},
    {"_Acquires_lock_", SAL_ACQUIRES, TAKES_LOCK, 0, NULL},
    {"_Acquires_nonreentrant_lock_", SAL_ACQUIRES, TAKES_LOCK, SAL_EXCLUSIVE, NULL},
    {"_Acquires_shared_lock_", SAL_ACQUIRES, TAKES_LOCK, SAL_SHARED, NULL},
    {"_Acquires_spin_lock_", SAL_ACQUIRES, TAKES_LOCK, SAL_EXCLUSIVE, "SpinLock"},
    {"_At_", 0, TAKES_AT, 0, NULL},
    {"_Dispatch_type_", SAL_DISPATCH_TYPE, TAKES_NAME, 0, NULL},
    {"_Function_class_", SAL_FUNCTION_CLASS, TAKES_NAME, 0, NULL},
    {"_IRQL_always_function_max_", SAL_FUNCTION_MAX, TAKES_LEVEL, 0, NULL},
    {"_IRQL_always_function_min_", SAL_FUNCTION_MIN, TAKES_LEVEL, 0, NULL},
    {"_IRQL_is_cancel_", SAL_IS_CANCEL, TAKES_NOTHING, 0, NULL},
    {"_IRQL_raises_", SAL_RAISES, TAKES_LEVEL, 0, NULL},
    {"_IRQL_requires_", SAL_REQUIRES, TAKES_LEVEL, 0, NULL},
    {"_IRQL_requires_max_", SAL_MAX, TAKES_LEVEL, 0, NULL},
    {"_IRQL_requires_min_", SAL_MIN, TAKES_LEVEL, 0, NULL},
    {"_IRQL_requires_same_", SAL_SAME, TAKES_NOTHING, 0, NULL},
    {"_IRQL_restores_", SAL_RESTORES, TAKES_NOTHING, 0, NULL},
    {"_IRQL_restores_global_", SAL_RESTORES, TAKES_STATE, 0, NULL},
    {"_IRQL_saves_", SAL_SAVES, TAKES_NOTHING, 0, NULL},
    {"_IRQL_saves_global_", SAL_SAVES, TAKES_STATE, 0, NULL},
    {"_IRQL_uses_cancel_", SAL_USES_CANCEL, TAKES_NOTHING, 0, NULL},
    {"_Kernel_acquires_resource_", SAL_ACQUIRES, TAKES_RESOURCE, 0, NULL},
    {"_Kernel_acquires_resource_global_", SAL_ACQUIRES, TAKES_RESOURCES, 0, NULL},
    {"_Kernel_clear_do_init_", SAL_CLEARS_INIT, TAKES_NAME, 0, NULL},
    {"_Kernel_clear_do_init_yes_", SAL_CLEARS_INIT, TAKES_NOTHING, 0, NULL},
    {"_Kernel_releases_resource_", SAL_RELEASES, TAKES_RESOURCE, 0, NULL},
    {"_Kernel_releases_resource_global_", SAL_RELEASES, TAKES_RESOURCES, 0, NULL},
    {"_Kernel_requires_resource_held_", SAL_HELD, TAKES_RESOURCE, 0, NULL},
    {"_Kernel_requires_resource_held_global_", SAL_HELD, TAKES_RESOURCES, 0, NULL},
    {"_Kernel_requires_resource_not_held_", SAL_NOT_HELD, TAKES_RESOURCE, 0, NULL},
    {"_Kernel_requires_resource_not_held_global_", SAL_NOT_HELD, TAKES_RESOURCES, 0, NULL},
    {"_Releases_cancel_spin_lock_", SAL_RELEASES, TAKES_NOTHING, 0, "CancelSpinLock"},
    {"_Releases_exclusive_lock_", SAL_RELEASES, TAKES_LOCK, SAL_EXCLUSIVE, NULL},
    {"_Releases_lock_", SAL_RELEASES, TAKES_LOCK, 0, NULL},
    {"_Releases_nonreentrant_lock_", SAL_RELEASES, TAKES_LOCK, SAL_EXCLUSIVE, NULL},
    {"_Releases_shared_lock_", SAL_RELEASES, TAKES_LOCK, SAL_SHARED, NULL},
    {"_Releases_spin_lock_", SAL_RELEASES, TAKES_LOCK, SAL_EXCLUSIVE, "SpinLock"},
    {"_Requires_exclusive_lock_held_", SAL_HELD, TAKES_LOCK, SAL_EXCLUSIVE, NULL},
    {"_Requires_lock_held_", SAL_HELD, TAKES_LOCK, 0, NULL},
    {"_Requires_lock_not_held_", SAL_NOT_HELD, TAKES_LOCK, 0, NULL},
    {"_Requires_no_locks_held_", SAL_NONE_HELD, TAKES_NOTHING, 0, NULL},
    {"_Requires_shared_lock_held_", SAL_HELD, TAKES_LOCK, SAL_SHARED, NULL},
    {"_Success_", SAL_SUCCESS, TAKES_CONDITION, 0, NULL},
    {"_When_", 0, TAKES_WHEN, 0, NULL},
    {"__drv_acquiresCancelSpinLock", SAL_ACQUIRES, TAKES_NOTHING, 0, "CancelSpinLock"},
    {"__drv_acquiresCriticalRegion", SAL_ACQUIRES, TAKES_NOTHING, 0, "CriticalRegion"},
    {"__drv_acquiresExclusiveResource", SAL_ACQUIRES, TAKES_RESOURCE, SAL_EXCLUSIVE, NULL},
    {"__drv_acquiresExclusiveResourceGlobal", SAL_ACQUIRES, TAKES_RESOURCES, SAL_EXCLUSIVE, NULL},
    {"__drv_acquiresPriorityRegion", SAL_ACQUIRES, TAKES_NOTHING, 0, "PriorityRegion"},
    {"__drv_acquiresResource", SAL_ACQUIRES, TAKES_RESOURCE, 0, NULL},
    {"__drv_acquiresResourceGlobal", SAL_ACQUIRES, TAKES_RESOURCES, 0, NULL},
    {"__drv_arg", 0, TAKES_AT, 0, NULL},
    {"__drv_at", 0, TAKES_AT, 0, NULL},
    {"__drv_clearDoInit", SAL_CLEARS_INIT, TAKES_NAME, 0, NULL},
    {"__drv_deref", 0, TAKES_LIST, 0, NULL},
    {"__drv_dispatchType", SAL_DISPATCH_TYPE, TAKES_NAME, 0, NULL},
    {"__drv_fun", 0, TAKES_LIST, 0, NULL},
    {"__drv_functionClass", SAL_FUNCTION_CLASS, TAKES_NAME, 0, NULL},
    {"__drv_in", 0, TAKES_LIST, 0, NULL},
    {"__drv_in_deref", 0, TAKES_LIST, 0, NULL},
    {"__drv_inout", 0, TAKES_LIST, 0, NULL},
    {"__drv_isCancelIRQL", SAL_IS_CANCEL, TAKES_NOTHING, 0, NULL},
    {"__drv_maxFunctionIRQL", SAL_FUNCTION_MAX, TAKES_LEVEL, 0, NULL},
    {"__drv_maxIRQL", SAL_MAX, TAKES_LEVEL, 0, NULL},
    {"__drv_minFunctionIRQL", SAL_FUNCTION_MIN, TAKES_LEVEL, 0, NULL},
    {"__drv_minIRQL", SAL_MIN, TAKES_LEVEL, 0, NULL},
    {"__drv_mustHold", SAL_HELD, TAKES_RESOURCE, 0, NULL},
    {"__drv_mustHoldCancelSpinLock", SAL_HELD, TAKES_NOTHING, 0, "CancelSpinLock"},
    {"__drv_mustHoldCriticalRegion", SAL_HELD, TAKES_NOTHING, 0, "CriticalRegion"},
    {"__drv_mustHoldGlobal", SAL_HELD, TAKES_RESOURCES, 0, NULL},
    {"__drv_mustHoldPriorityRegion", SAL_HELD, TAKES_NOTHING, 0, "PriorityRegion"},
    {"__drv_neverHold", SAL_NOT_HELD, TAKES_RESOURCE, 0, NULL},
    {"__drv_neverHoldCancelSpinLock", SAL_NOT_HELD, TAKES_NOTHING, 0, "CancelSpinLock"},
    {"__drv_neverHoldCriticalRegion", SAL_NOT_HELD, TAKES_NOTHING, 0, "CriticalRegion"},
    {"__drv_neverHoldGlobal", SAL_NOT_HELD, TAKES_RESOURCES, 0, NULL},
    {"__drv_neverHoldPriorityRegion", SAL_NOT_HELD, TAKES_NOTHING, 0, "PriorityRegion"},
    {"__drv_out", 0, TAKES_LIST, 0, NULL},
    {"__drv_out_deref", 0, TAKES_LIST, 0, NULL},
    {"__drv_raisesIRQL", SAL_RAISES, TAKES_LEVEL, 0, NULL},
    {"__drv_releasesCancelSpinLock", SAL_RELEASES, TAKES_NOTHING, 0, "CancelSpinLock"},
    {"__drv_releasesCriticalRegion", SAL_RELEASES, TAKES_NOTHING, 0, "CriticalRegion"},
    {"__drv_releasesExclusiveResource", SAL_RELEASES, TAKES_RESOURCE, SAL_EXCLUSIVE, NULL},
    {"__drv_releasesExclusiveResourceGlobal", SAL_RELEASES, TAKES_RESOURCES, SAL_EXCLUSIVE, NULL},
    {"__drv_releasesPriorityRegion", SAL_RELEASES, TAKES_NOTHING, 0, "PriorityRegion"},
    {"__drv_releasesResource", SAL_RELEASES, TAKES_RESOURCE, 0, NULL},
    {"__drv_releasesResourceGlobal", SAL_RELEASES, TAKES_RESOURCES, 0, NULL},
    {"__drv_requiresIRQL", SAL_REQUIRES, TAKES_LEVEL, 0, NULL},
    {"__drv_restoresIRQL", SAL_RESTORES, TAKES_NOTHING, 0, NULL},
    {"__drv_restoresIRQLGlobal", SAL_RESTORES, TAKES_STATE, 0, NULL},
    {"__drv_ret", 0, TAKES_LIST, 0, NULL},
    {"__drv_sameIRQL", SAL_SAME, TAKES_NOTHING, 0, NULL},
    {"__drv_savesIRQL", SAL_SAVES, TAKES_NOTHING, 0, NULL},
    {"__drv_savesIRQLGlobal", SAL_SAVES, TAKES_STATE, 0, NULL},
    {"__drv_setsIRQL", SAL_RAISES, TAKES_LEVEL, 0, NULL},
    {"__drv_useCancelIRQL", SAL_USES_CANCEL, TAKES_NOTHING, 0, NULL},
    {"__drv_when", 0, TAKES_WHEN, 0, NULL},
    {"__success", SAL_SUCCESS, TAKES_CONDITION, 0, NULL},
};

/* Kinds of resources, as the annotations spell them. */
static const struct { const char *name; uint8_t lock_class; const char *global; } RESOURCES[] = {
    {"CancelSpinLock", LOCK_CANCEL, "cancel"},
    {"CriticalRegion", LOCK_NONE, "critical"},
    {"FastMutex", LOCK_FAST_MUTEX, NULL},
    {"InterruptSpinLock", LOCK_INTERRUPT, NULL},
    {"Mutex", LOCK_MUTEX, NULL},
    {"PriorityRegion", LOCK_NONE, "priority"},
    {"QueuedSpinLock", LOCK_QUEUED, NULL},
    {"Resource", LOCK_RESOURCE, NULL},
    {"ResourceLite", LOCK_RESOURCE, NULL},
    {"SpinLock", LOCK_SPIN, NULL},
};
/* clang-format on */

typedef struct SalParse {
    const SalSource *source; /* the annotation */
    SalFactArray *facts;     /* what it says */
    uint32_t first;          /* facts before it */
    uint32_t lists;          /* lists read so far, each alternative of a condition counted */
} SalParse;

/* Where an annotation stands and under which conditions. */
typedef struct Scope {
    const char *place; /* "" the function or its result; else an expression */
    CondArray conds;   /* conditions around it */
    unsigned depth;    /* containers around it */
} Scope;

static bool is_word(char c) {
    return isalnum((unsigned char)c) || c == '_';
}

static bool add_fact(SalParse *self, const Scope *scope, SalFact fact) {
    if (self->facts->len - self->first >= MAX_FACTS)
        return false;
    fact.name = fact.name == NULL ? "" : fact.name;
    fact.text = self->source->text;
    fact.file = self->source->file;
    fact.line = self->source->line;
    fact.conds = scope->conds.items;
    fact.cond_count = scope->conds.len;
    array_push(self->facts, self->source->arena, fact);
    return true;
}

static void add_malformed(SalParse *self, const Scope *scope) {
    add_fact(self, scope, (SalFact){.kind = SAL_MALFORMED, .level = IRQL_COUNT});
}

/* ---- operands ------------------------------------------------------------------------------- */

/* "(" expression ")" and blanks around an expression taken off. */
static const char *trim(Arena *arena, const char *text, size_t len) {
    for (;;) {
        while (len > 0 && isspace((unsigned char)*text))
            text++, len--;
        while (len > 0 && isspace((unsigned char)text[len - 1]))
            len--;
        bool wrapped = len >= 2 && text[0] == '(' && text[len - 1] == ')' &&
                       memchr(text + 1, '(', len - 2) == NULL;
        if (!wrapped)
            return arena_strndup(arena, text, len);
        text++;
        len -= 2;
    }
}

/* Where the operand that starts here ends: at a comma or parenthesis outside any parentheses. */
static const char *operand_end(const char *at) {
    int open = 0;
    for (; *at != '\0'; at++) {
        if (*at == '"') {
            at += 1 + strcspn(at + 1, "\"");
            if (*at == '\0')
                return at;
        } else if (*at == '(' || *at == '[' || *at == '{') {
            open++;
        } else if (*at == ')' || *at == ']' || *at == '}') {
            if (open-- == 0)
                return at;
        } else if (*at == ',' && open == 0) {
            return at;
        }
    }
    return at;
}

typedef struct OperandList {
    const char *items[MAX_OPERANDS]; /* trimmed; of containers the last one holds the rest */
    uint32_t len;                    /* how many there are, those beyond the limit too */
} OperandList;

/* Reads "(…)" if it is there and moves past it; false when it does not end. With `rest_at` the
 * operand of that number goes to the closing parenthesis, commas and all. */
static bool take_operands(Arena *arena, const char **at, uint32_t rest_at, OperandList *out) {
    *out = (OperandList){0};
    const char *text = *at + strspn(*at, " \t\r\n");
    if (*text != '(')
        return true;
    text++;
    for (;;) {
        const char *end = operand_end(text);
        while (*end == ',' && out->len == rest_at)
            end = operand_end(end + 1);
        if (*end != ',' && *end != ')')
            return false;
        const char *item = trim(arena, text, (size_t)(end - text));
        bool empty = item[0] == '\0' && *end == ')' && out->len == 0;
        if (!empty && out->len < MAX_OPERANDS)
            out->items[out->len] = item;
        out->len += !empty;
        text = end + 1;
        if (*end == ')')
            break;
    }
    *at = text;
    return true;
}

/* The place an expression names, through the parameter it begins with. */
static Place place_of(const SalSource *source, const char *text, PlaceKind plain,
                      const char **name) {
    const char *at = text + strspn(text, "*& (");
    size_t len = 0;
    while (is_word(at[len]))
        len++;
    *name = str_eq(text, "_Curr_") ? source->params[source->param] : text;
    if (text[0] == '\0')
        return (Place){.kind = plain == PLACE_OUT ? PLACE_RETURN : PLACE_NONE};
    if (len == strlen("return") && strncmp(at, "return", len) == 0)
        return (Place){.kind = PLACE_RETURN};
    int param = sal_param_index(source, at, len);
    if (param < 0)
        return (Place){.kind = PLACE_GLOBAL, .name = text};
    const char *rest = at + len + strspn(at + len, " )");
    return (Place){.kind = *rest == '\0' ? (uint8_t)plain : PLACE_HIDDEN, .arg = (uint8_t)param};
}

/* A level by name or number; what is neither may be a parameter or a macro of the driver. */
static void set_level(const SalSource *source, SalFact *fact, const char *text) {
    char *end;
    errno = 0;
    long number = strtol(text, &end, 0);
    int level = irql_from_name(text);
    fact->level = IRQL_COUNT;
    if (level >= 0) {
        fact->level = (uint8_t)level;
    } else if (end != text && *end == '\0') {
        bool legal = errno == 0 && number >= 0 && number <= 31;
        fact->level = legal ? (uint8_t)irql_from_number(number) : IRQL_COUNT;
        fact->flags |= legal ? 0 : SAL_BAD_VALUE;
    } else if (text[0] == '\0' || text[0] == '"' || text[0] == '-') {
        fact->flags |= SAL_BAD_VALUE;
    } else {
        int param = sal_param_index(source, text, strlen(text));
        if (param >= 0)
            fact->place = (Place){.kind = PLACE_ARG, .arg = (uint8_t)param};
    }
    fact->name = text;
}

static void set_resource(SalFact *fact, const char *kind) {
    for (unsigned i = 0; i < sizeof RESOURCES / sizeof *RESOURCES; i++) {
        if (!str_eq(kind, RESOURCES[i].name))
            continue;
        fact->lock_class = RESOURCES[i].lock_class;
        if (RESOURCES[i].global != NULL)
            fact->place = (Place){.kind = PLACE_GLOBAL, .name = RESOURCES[i].global};
        return;
    }
}

static bool is_name(const char *text) {
    size_t len = 0;
    while (is_word(text[len]) || text[len] == ':')
        len++;
    return len != 0 && text[len] == '\0';
}

static void set_name(SalFact *fact, const char *text) {
    bool legal = is_name(text);
    if (fact->kind == SAL_CLEARS_INIT) {
        const char *plain = str_starts_with(text, "__drv_") ? text + strlen("__drv_") : text;
        legal = str_icmp(plain, "yes") == 0 || str_icmp(plain, "no") == 0;
        text = !legal ? text : str_icmp(plain, "yes") == 0 ? "yes" : "no";
    }
    if (fact->kind == SAL_DISPATCH_TYPE)
        legal = legal && (str_starts_with(text, "IRP_MJ_") || isdigit((unsigned char)text[0]));
    fact->flags |= legal ? 0 : SAL_BAD_VALUE;
    fact->name = text;
}

/* ---- annotations ---------------------------------------------------------------------------- */

static void parse_list(SalParse *self, const Scope *scope, const char *text);

/* A fact about the place where the annotation stands. */
static void set_here(const SalParse *self, const Scope *scope, SalFact *fact) {
    static const PlaceKind PLAIN[SAL_KIND_COUNT] = {
        [SAL_SAVES] = PLACE_OUT,     [SAL_RESTORES] = PLACE_ARG, [SAL_USES_CANCEL] = PLACE_ARG,
        [SAL_IS_CANCEL] = PLACE_ARG, [SAL_ACQUIRES] = PLACE_ARG, [SAL_RELEASES] = PLACE_ARG,
        [SAL_HELD] = PLACE_ARG,      [SAL_NOT_HELD] = PLACE_ARG};
    if (PLAIN[fact->kind] != PLACE_NONE)
        fact->place = place_of(self->source, scope->place, PLAIN[fact->kind], &fact->name);
    if (fact->kind == SAL_RESTORES && fact->place.kind == PLACE_ARG && scope->place[0] == '*')
        fact->place.kind = PLACE_OUT;
}

static bool set_operands(const SalParse *self, const Scope *scope, const SalWord *word,
                         const OperandList *operands, SalFact *fact) {
    static const uint8_t WANTED[] = {
        [TAKES_NOTHING] = 0,  [TAKES_LEVEL] = 1,     [TAKES_STATE] = 2, [TAKES_LOCK] = 1,
        [TAKES_RESOURCE] = 1, [TAKES_RESOURCES] = 2, [TAKES_NAME] = 1};
    if (operands->len != WANTED[word->operands])
        return false;
    const char *const *items = operands->items;
    switch ((Operands)word->operands) {
    case TAKES_LEVEL:
        set_level(self->source, fact, items[0]);
        break;
    case TAKES_STATE: /* the state lies inside the object, wherever the author says it does */
        fact->place = place_of(self->source, items[1], PLACE_HIDDEN, &fact->name);
        break;
    case TAKES_LOCK:
        fact->place = place_of(self->source, items[0], PLACE_ARG, &fact->name);
        fact->flags |= items[0][0] == '\0' ? SAL_BAD_VALUE : 0;
        break;
    case TAKES_RESOURCE:
        set_here(self, scope, fact);
        set_resource(fact, items[0]);
        break;
    case TAKES_RESOURCES:
        fact->place = place_of(self->source, items[1], PLACE_ARG, &fact->name);
        set_resource(fact, items[0]);
        break;
    case TAKES_NAME:
        set_name(fact, items[0]);
        break;
    default:
        set_here(self, scope, fact);
        fact->name = fact->kind == SAL_CLEARS_INIT ? "yes" : fact->name;
        break;
    }
    if (word->resource != NULL)
        set_resource(fact, word->resource);
    return true;
}

/* The list under each alternative of the condition. */
static void parse_when(SalParse *self, const Scope *scope, const OperandList *operands) {
    CondListArray alternatives = {0};
    sal_parse_cond(self->source, operands->items[0], &alternatives);
    for (uint32_t i = 0; i < alternatives.len; i++) {
        Scope inner = {.place = scope->place, .depth = scope->depth + 1};
        for (uint32_t c = 0; c < scope->conds.len; c++)
            array_push(&inner.conds, self->source->arena, scope->conds.items[c]);
        for (uint32_t c = 0; c < alternatives.items[i].len; c++)
            array_push(&inner.conds, self->source->arena, alternatives.items[i].items[c]);
        parse_list(self, &inner, operands->items[1]);
    }
}

static void parse_success(SalParse *self, const Scope *scope, const char *condition) {
    CondListArray alternatives = {0};
    sal_parse_cond(self->source, condition, &alternatives);
    for (uint32_t i = 0; i < alternatives.len; i++) {
        Scope inner = *scope;
        inner.conds = alternatives.items[i];
        add_fact(self, &inner, (SalFact){.kind = SAL_SUCCESS, .level = IRQL_COUNT});
    }
}

/* Containers; false when they lack an operand. */
static bool parse_container(SalParse *self, const Scope *scope, const SalWord *word,
                            const OperandList *operands) {
    uint32_t wanted = word->operands == TAKES_WHEN || word->operands == TAKES_AT ? 2 : 1;
    Scope inner = *scope;
    inner.depth++;
    if (operands->len != wanted || operands->items[0][0] == '\0' || inner.depth > MAX_NESTING)
        return false;
    if (word->operands == TAKES_CONDITION) {
        parse_success(self, scope, operands->items[0]);
    } else if (word->operands == TAKES_WHEN) {
        parse_when(self, scope, operands);
    } else if (word->operands == TAKES_AT) {
        inner.place = operands->items[0];
        parse_list(self, &inner, operands->items[1]);
    } else {
        if (str_eq(word->name, "__drv_fun") || str_eq(word->name, "__drv_ret"))
            inner.place = "";
        parse_list(self, &inner, operands->items[0]);
    }
    return true;
}

static const SalWord *find_word(const char *name) {
    uint32_t low = 0, high = sizeof WORDS / sizeof *WORDS;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        int order = strcmp(WORDS[middle].name, name);
        if (order == 0)
            return &WORDS[middle];
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}

/* One annotation, moving past it; false when the text cannot be read on. */
static bool parse_annotation(SalParse *self, const Scope *scope, const char **at) {
    size_t len = 0;
    while (is_word((*at)[len]))
        len++;
    const char *name = arena_strndup(self->source->arena, *at, len);
    const SalWord *word = find_word(name);
    *at += len;
    uint32_t rest = UINT32_MAX;
    if (word != NULL && (word->operands == TAKES_WHEN || word->operands == TAKES_AT))
        rest = 1;
    else if (word != NULL && word->operands >= TAKES_CONDITION)
        rest = 0;
    OperandList operands;
    if (len == 0 || !take_operands(self->source->arena, at, rest, &operands))
        return false;
    if (word == NULL)
        return !str_starts_with(name, "_IRQL_");
    if (word->operands >= TAKES_CONDITION)
        return parse_container(self, scope, word, &operands);
    SalFact fact = {.kind = word->kind, .flags = word->flags, .level = IRQL_COUNT};
    if (!set_operands(self, scope, word, &operands, &fact))
        return false;
    return add_fact(self, scope, fact);
}

static void parse_list(SalParse *self, const Scope *scope, const char *text) {
    if (self->lists == MAX_LISTS)
        add_malformed(self, scope);
    if (self->lists++ >= MAX_LISTS)
        return;
    for (;;) {
        text += strspn(text, " \t\r\n,;");
        if (*text == '\0')
            return;
        if (*text == '(') { /* a list in parentheses */
            OperandList operands;
            Scope inner = *scope;
            inner.depth++;
            if (inner.depth > MAX_NESTING ||
                !take_operands(self->source->arena, &text, 0, &operands)) {
                add_malformed(self, scope);
                return;
            }
            if (operands.len != 0)
                parse_list(self, &inner, operands.items[0]);
        } else if (!parse_annotation(self, scope, &text)) {
            add_malformed(self, scope);
            return;
        }
    }
}

void sal_parse(const SalSource *source, SalFactArray *facts) {
    SalParse parse = {.source = source, .facts = facts, .first = facts->len};
    Scope scope = {.place = ""};
    if (source->param >= 0 && (uint32_t)source->param < source->param_count)
        scope.place = "_Curr_";
    parse_list(&parse, &scope, source->text);
}
