/* words: the vocabulary of the cells.
 *
 * Each word has one spelling, listed here beside the value it stands for; anything else is an
 * error. Invariant: a function that returns -1 has counted an error.
 */
#include "scripts/ddigen/ddigen.h"

typedef struct Word {
    const char *text; /* in the table */
    int value;        /* in model.h */
} Word;

static const Word effect_words[] = {
    {"acquire", EFFECT_ACQUIRE},
    {"acquire-if-mutex", EFFECT_ACQUIRE_IF_MUTEX},
    {"attach", EFFECT_ATTACH},
    {"call", EFFECT_CALL},
    {"claim", EFFECT_CLAIM},
    {"claim-max", EFFECT_CLAIM_MAX},
    {"detach", EFFECT_DETACH},
    {"enter-region", EFFECT_ENTER_REGION},
    {"holds-inside", EFFECT_HOLDS_INSIDE},
    {"leave-region", EFFECT_LEAVE_REGION},
    {"lock-section", EFFECT_LOCK_SECTION},
    {"lower", EFFECT_LOWER},
    {"noreturn", EFFECT_NORETURN},
    {"precedes-wait", EFFECT_PRECEDES_WAIT},
    {"queue", EFFECT_QUEUE},
    {"raise", EFFECT_RAISE},
    {"raises-exception", EFFECT_RAISES_EXCEPTION},
    {"read-irql", EFFECT_READ_IRQL},
    {"release", EFFECT_RELEASE},
    {"unlock-section", EFFECT_UNLOCK_SECTION},
    {NULL, 0},
};

static const Word lock_class_words[] = {
    {"", LOCK_NONE},
    {"cancel", LOCK_CANCEL},
    {"fast-mutex", LOCK_FAST_MUTEX},
    {"framework", LOCK_FRAMEWORK},
    {"interrupt", LOCK_INTERRUPT},
    {"mutex", LOCK_MUTEX},
    {"push", LOCK_PUSH},
    {"queued", LOCK_QUEUED},
    {"resource", LOCK_RESOURCE},
    {"rundown", LOCK_RUNDOWN},
    {"rw-spin", LOCK_RW_SPIN},
    {"spin", LOCK_SPIN},
    {NULL, 0},
};

static const Word blocking_words[] = {
    {"busy", BLOCK_BUSY},   {"drain", BLOCK_DRAIN},
    {"lock", BLOCK_LOCK},   {"paging", BLOCK_PAGING},
    {"sleep", BLOCK_SLEEP}, {"sync-io", BLOCK_SYNC_IO},
    {"wait", BLOCK_WAIT},   {NULL, 0},
};

static const Word memory_words[] = {
    {"alloc", MEM_ALLOC},
    {"alloc-paged", MEM_ALLOC_PAGED},
    {"capture-dst", MEM_CAPTURE_DST},
    {"capture-src", MEM_CAPTURE_SRC},
    {"free", MEM_FREE},
    {"kernel-result", MEM_KERNEL_RESULT},
    {"lock-user", MEM_LOCK_USER},
    {"needs-nonpaged", MEM_NEEDS_NONPAGED},
    {"pageable-input", MEM_PAGEABLE_INPUT},
    {"probe", MEM_PROBE},
    {"user-result", MEM_USER_RESULT},
    {NULL, 0},
};

static const Word field_words[] = {
    {"kernel-copy", FIELD_KERNEL_COPY},
    {"locked-mdl", FIELD_LOCKED_MDL},
    {"passive-setting", FIELD_PASSIVE_SETTING},
    {"requestor-mode", FIELD_REQUESTOR_MODE},
    {"user-pointer", FIELD_USER_POINTER},
    {NULL, 0},
};

static const Word ddi_flag_words[] = {
    {"creates-thread", DDI_CREATES_THREAD},
    {"exact-min", DDI_EXACT_MIN},
    {"weak", DDI_WEAK},
    {NULL, 0},
};

static const Word effect_flag_words[] = {
    {"at-dpc", EFFECT_AT_DPC}, {"passive-if-set", EFFECT_PASSIVE_IF_SET},
    {"shared", EFFECT_SHARED}, {"success-zero", EFFECT_SUCCESS_ZERO},
    {"try", EFFECT_TRY},       {NULL, 0},
};

static const Word role_flag_words[] = {
    {"caller", ROLE_CALLER},
    {"cancel-lock-held", ROLE_CANCEL_LOCK_HELD},
    {"interrupt-lock-held", ROLE_INTERRUPT_LOCK_HELD},
    {"passive-if-set", ROLE_PASSIVE_IF_SET},
    {"supplied", ROLE_SUPPLIED},
    {"weak", ROLE_WEAK},
    {NULL, 0},
};

static int find_word(Gen *self, const Table *table, uint32_t line, const Word *words,
                     const char *what, const char *text) {
    for (; words->text != NULL; words++) {
        if (str_eq(words->text, text))
            return words->value;
    }
    gen_error(self, table, line, "unknown %s: %s", what, text);
    return -1;
}

int word_effect(Gen *self, const Table *table, uint32_t line, const char *word) {
    return find_word(self, table, line, effect_words, "effect", word);
}

int word_lock_class(Gen *self, const Table *table, uint32_t line, const char *word) {
    return find_word(self, table, line, lock_class_words, "lock class", word);
}

int word_blocking(Gen *self, const Table *table, uint32_t line, const char *word) {
    return find_word(self, table, line, blocking_words, "kind of blocking", word);
}

int word_memory(Gen *self, const Table *table, uint32_t line, const char *word) {
    return find_word(self, table, line, memory_words, "memory role", word);
}

int word_field(Gen *self, const Table *table, uint32_t line, const char *word) {
    return find_word(self, table, line, field_words, "kind of field", word);
}

int word_level(Gen *self, const Table *table, uint32_t line, const char *word) {
    int level = irql_from_name(word);
    /* One spelling a level: the aliases that drivers use are not for tables. */
    if (level >= 0 && str_eq(irql_name((Irql)level), word))
        return level;
    gen_error(self, table, line, "unknown level: %s", word);
    return -1;
}

const char *next_item(Gen *self, const char **rest, char separator) {
    const char *at = *rest + strspn(*rest, " ");
    if (*at == '\0')
        return NULL;
    const char *end = strchr(at, separator);
    *rest = end == NULL ? at + strlen(at) : end + 1;
    size_t len = end == NULL ? strlen(at) : (size_t)(end - at);
    while (len > 0 && at[len - 1] == ' ')
        len--;
    return arena_strndup(self->arena, at, len);
}

static int flag_set(Gen *self, const Table *table, uint32_t line, const Word *words,
                    const char *text) {
    int set = 0;
    for (const char *item; (item = next_item(self, &text, ',')) != NULL;) {
        int value = find_word(self, table, line, words, "flag", item);
        if (value >= 0)
            set |= value;
    }
    return set;
}

int words_ddi_flags(Gen *self, const Table *table, uint32_t line, const char *words) {
    return flag_set(self, table, line, ddi_flag_words, words);
}

int words_effect_flags(Gen *self, const Table *table, uint32_t line, const char *words) {
    return flag_set(self, table, line, effect_flag_words, words);
}

int words_role_flags(Gen *self, const Table *table, uint32_t line, const char *words) {
    return flag_set(self, table, line, role_flag_words, words);
}

int words_levels(Gen *self, const Table *table, uint32_t line, const char *words) {
    int set = 0;
    for (const char *item; (item = next_item(self, &words, ',')) != NULL;) {
        int level = word_level(self, table, line, item);
        if (level >= 0)
            set |= irql_bit(level);
    }
    return set;
}

/* The number after "arg" when the text is exactly that, or -1. */
static int parse_arg(const char *text, size_t len) {
    if (len < 4 || len > 5 || strncmp(text, "arg", 3) != 0)
        return -1;
    int number = 0;
    for (size_t i = 3; i < len; i++) {
        if (text[i] < '0' || text[i] > '9')
            return -1;
        number = number * 10 + (text[i] - '0');
    }
    return number < 32 ? number : -1;
}

int word_arg(Gen *self, const Table *table, uint32_t line, const char *word) {
    int arg = parse_arg(word, strlen(word));
    if (arg < 0)
        gen_error(self, table, line, "not an argument: %s", word);
    return arg;
}

static Place arg_place(PlaceKind kind, int arg) {
    return (Place){.kind = arg < 0 ? PLACE_NONE : (uint8_t)kind, .arg = arg < 0 ? 0 : (uint8_t)arg};
}

Place word_place(Gen *self, const Table *table, uint32_t line, const char *word) {
    size_t len = strlen(word);
    Place place = {.kind = PLACE_NONE};
    if (len == 0)
        return place;
    if (str_eq(word, "ret"))
        place.kind = PLACE_RETURN;
    else if (word[0] == '*')
        place = arg_place(PLACE_OUT, parse_arg(word + 1, len - 1));
    else if (str_starts_with(word, "in(") && word[len - 1] == ')')
        place = arg_place(PLACE_HIDDEN, parse_arg(word + 3, len - 4));
    else if (str_starts_with(word, "global(") && word[len - 1] == ')')
        place =
            (Place){.kind = PLACE_GLOBAL, .name = arena_strndup(self->arena, word + 7, len - 8)};
    else
        place = arg_place(PLACE_ARG, parse_arg(word, len));
    if (place.kind == PLACE_NONE)
        gen_error(self, table, line, "not a place: %s", word);
    return place;
}
