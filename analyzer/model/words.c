/* words: the vocabulary of the tables and of overlays.
 *
 * Each word has one spelling, listed here beside the value it stands for; anything else is an
 * error, with the word that was probably meant. Invariant: a function that returns -1 has
 * complained.
 */
#include "analyzer/model/rows.h"

#include <errno.h>
#include <stdlib.h>

static const Word effect_list[] = {
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

static const Word lock_class_list[] = {
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

static const Word blocking_list[] = {
    {"busy", BLOCK_BUSY},   {"drain", BLOCK_DRAIN},
    {"lock", BLOCK_LOCK},   {"paging", BLOCK_PAGING},
    {"sleep", BLOCK_SLEEP}, {"sync-io", BLOCK_SYNC_IO},
    {"wait", BLOCK_WAIT},   {NULL, 0},
};

static const Word memory_list[] = {
    {"alloc", MEM_ALLOC},
    {"alloc-paged", MEM_ALLOC_PAGED},
    {"capture-dst", MEM_CAPTURE_DST},
    {"capture-src", MEM_CAPTURE_SRC},
    {"completion-of", MEM_COMPLETION_OF},
    {"counter", MEM_COUNTER},
    {"described", MEM_DESCRIBED},
    {"device-result", MEM_DEVICE_RESULT},
    {"free", MEM_FREE},
    {"kernel-result", MEM_KERNEL_RESULT},
    {"lock-user", MEM_LOCK_USER},
    {"mode-result", MEM_MODE_RESULT},
    {"needs-nonpaged", MEM_NEEDS_NONPAGED},
    {"not-on-stack", MEM_NOT_ON_STACK},
    {"of-requester", MEM_OF_REQUESTER},
    {"own-request", MEM_OWN_REQUEST},
    {"pageable-input", MEM_PAGEABLE_INPUT},
    {"probe", MEM_PROBE},
    {"relinks", MEM_RELINKS},
    {"trusted-handle", MEM_TRUSTED_HANDLE},
    {"user-result", MEM_USER_RESULT},
    {NULL, 0},
};

static const Word field_list[] = {
    {"device-state", FIELD_DEVICE_STATE},
    {"dispatch-setting", FIELD_DISPATCH_SETTING},
    {"dump-mode", FIELD_DUMP_MODE},
    {"kernel-copy", FIELD_KERNEL_COPY},
    {"locked-mdl", FIELD_LOCKED_MDL},
    {"parallel-setting", FIELD_PARALLEL_SETTING},
    {"passive-bit", FIELD_PASSIVE_BIT},
    {"passive-setting", FIELD_PASSIVE_SETTING},
    {"probed-user-pointer", FIELD_PROBED_POINTER},
    {"raw-user-pointer", FIELD_RAW_POINTER},
    {"requestor-mode", FIELD_REQUESTOR_MODE},
    {"serial-setting", FIELD_SERIAL_SETTING},
    {"user-pointer", FIELD_USER_POINTER},
    {NULL, 0},
};

static const Word ddi_flag_list[] = {
    {"creates-thread", DDI_CREATES_THREAD},
    {"exact-min", DDI_EXACT_MIN},
    {"intrinsic", DDI_INTRINSIC},
    {"weak", DDI_WEAK},
    {NULL, 0},
};

static const Word effect_flag_list[] = {
    {"at-dpc", EFFECT_AT_DPC},
    {"passive-if-set", EFFECT_PASSIVE_IF_SET},
    {"recursive", EFFECT_RECURSIVE},
    {"shared", EFFECT_SHARED},
    {"success-zero", EFFECT_SUCCESS_ZERO},
    {"try", EFFECT_TRY},
    {NULL, 0},
};

static const Word role_flag_list[] = {
    {"caller", ROLE_CALLER},
    {"cancel-lock-held", ROLE_CANCEL_LOCK_HELD},
    {"interrupt-lock-held", ROLE_INTERRUPT_LOCK_HELD},
    {"kernel-requests", ROLE_KERNEL_REQUESTS},
    {"lifecycle", ROLE_LIFECYCLE},
    {"passive-if-set", ROLE_PASSIVE_IF_SET},
    {"rarely", ROLE_RARELY},
    {"raw-buffers", ROLE_RAW_BUFFERS},
    {"request-context", ROLE_REQUEST_CONTEXT},
    {"at-once", ROLE_AT_ONCE},
    {"startio-lock-held", ROLE_STARTIO_LOCK_HELD},
    {"supplied", ROLE_SUPPLIED},
    {"weak", ROLE_WEAK},
    {NULL, 0},
};

const Vocabulary effect_words = {"effect", effect_list};
const Vocabulary lock_class_words = {"lock class", lock_class_list};
const Vocabulary blocking_words = {"kind of blocking", blocking_list};
const Vocabulary memory_words = {"memory role", memory_list};
const Vocabulary field_words = {"kind of field", field_list};
const Vocabulary ddi_flag_words = {"flag", ddi_flag_list};
const Vocabulary effect_flag_words = {"flag", effect_flag_list};
const Vocabulary role_flag_words = {"flag", role_flag_list};

void reader_error(Reader *self, uint32_t line, const char *format, ...) {
    va_list args;
    va_start(args, format);
    const char *message = arena_vprintf(self->arena, format, args);
    va_end(args);
    self->complain(self, line, message);
}

/* ---- nearest word -------------------------------------------------------------------------- */

/* Errs towards silence: at most a third of what was written may change, or it is the beginning. */
const char *nearest_word(const char *const *words, const char *text) {
    const char *nearest = NULL;
    unsigned len = (unsigned)strlen(text), best = len / 3 + 1;
    for (; *words != NULL; words++) {
        bool begins = len >= 3 && str_starts_with(*words, text);
        unsigned distance = begins ? 1 : edit_distance(text, *words);
        if (**words != '\0' && distance < best) {
            best = distance;
            nearest = *words;
        }
    }
    return nearest;
}

void complain_of_word(Reader *self, const char *what, Cell word, const char *const *words) {
    const char *meant = nearest_word(words, word.text);
    if (meant == NULL)
        reader_error(self, word.line, "unknown %s: %s", what, word.text);
    else
        reader_error(self, word.line, "unknown %s: %s, did you mean %s?", what, word.text, meant);
}

/* ---- words --------------------------------------------------------------------------------- */

int word_value(Reader *self, const Vocabulary *vocabulary, Cell word) {
    CStrArray words = {0};
    for (const Word *at = vocabulary->words; at->text != NULL; at++) {
        if (str_eq(at->text, word.text))
            return at->value;
        array_push(&words, self->arena, at->text);
    }
    array_push(&words, self->arena, NULL);
    complain_of_word(self, vocabulary->what, word, words.items);
    return -1;
}

/* One spelling a level: the aliases that drivers use are not for tables. */
int word_level(Reader *self, Cell word) {
    const char *words[IRQL_COUNT + 1] = {0};
    for (int level = 0; level < IRQL_COUNT; level++) {
        words[level] = irql_name((Irql)level);
        if (str_eq(words[level], word.text))
            return level;
    }
    int alias = irql_from_name(word.text);
    if (alias >= 0)
        reader_error(self, word.line, "unknown level: %s, did you mean %s?", word.text,
                     words[alias]);
    else
        complain_of_word(self, "level", word, words);
    return -1;
}

uint8_t word_context(Reader *self, Cell word) {
    const char *words[CONTEXT_COUNT + 2] = {0};
    for (int context = 0; context < CONTEXT_COUNT; context++) {
        words[context] = context_name((Context)context);
        if (str_eq(words[context], word.text))
            return (uint8_t)context;
    }
    words[CONTEXT_COUNT] = "unknown";
    if (!str_eq(word.text, "unknown"))
        complain_of_word(self, "context", word, words);
    return CONTEXT_COUNT;
}

const char *next_item(Arena *arena, const char **rest, char separator) {
    const char *at = *rest + strspn(*rest, " ");
    if (*at == '\0')
        return NULL;
    const char *end = strchr(at, separator);
    *rest = end == NULL ? at + strlen(at) : end + 1;
    size_t len = end == NULL ? strlen(at) : (size_t)(end - at);
    while (len > 0 && at[len - 1] == ' ')
        len--;
    return arena_strndup(arena, at, len);
}

uint16_t words_flags(Reader *self, const Vocabulary *vocabulary, Cell words) {
    int set = 0;
    for (const char *item; (item = next_item(self->arena, &words.text, ',')) != NULL;) {
        int value = word_value(self, vocabulary, (Cell){item, words.line});
        if (value >= 0)
            set |= value;
    }
    return (uint16_t)set;
}

IrqlSet words_levels(Reader *self, Cell words) {
    IrqlSet set = IRQL_SET_NONE;
    for (const char *item; (item = next_item(self->arena, &words.text, ',')) != NULL;) {
        int level = word_level(self, (Cell){item, words.line});
        if (level >= 0)
            set |= irql_bit(level);
    }
    return set;
}

/* ---- numbers ------------------------------------------------------------------------------- */

bool number_value(const char *text, int64_t *value) {
    char *end;
    bool digit = text[text[0] == '-'] >= '0' && text[text[0] == '-'] <= '9';
    errno = 0;
    *value = (int64_t)strtoll(text, &end, 0);
    return digit && *end == '\0' && errno == 0;
}

bool constant_value(Reader *self, Cell text, int64_t *value) {
    if (self->constant(self, text.text, value) || number_value(text.text, value))
        return true;
    static const char *const none[] = {NULL};
    complain_of_word(self, "constant", text,
                     self->constant_names == NULL ? none : self->constant_names);
    return false;
}

/* ---- places -------------------------------------------------------------------------------- */

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

int word_arg(Reader *self, Cell word) {
    int arg = parse_arg(word.text, strlen(word.text));
    if (arg < 0)
        reader_error(self, word.line, "not an argument: %s", word.text);
    return arg;
}

static Place arg_place(PlaceKind kind, int arg) {
    return (Place){.kind = arg < 0 ? PLACE_NONE : (uint8_t)kind, .arg = arg < 0 ? 0 : (uint8_t)arg};
}

/* "in(arg1)", "in(arg1, TYPE.Field)": inside the object, in a member that sources name if given. */
static Place hidden_place(Reader *self, const char *word) {
    size_t arg_len = strcspn(word + 3, ",)");
    Place place = arg_place(PLACE_HIDDEN, parse_arg(word + 3, arg_len));
    const char *member = word + 3 + arg_len;
    if (*member != ',')
        return place;
    member += 1 + strspn(member + 1, " ");
    size_t len = strlen(member) - 1;
    const char *dot = memchr(member, '.', len);
    if (dot == NULL || dot == member || dot + 1 == member + len)
        place.kind = PLACE_NONE;
    else
        place.name = arena_strndup(self->arena, member, len);
    return place;
}

Place word_place(Reader *self, Cell cell) {
    const char *word = cell.text;
    size_t len = strlen(word);
    Place place = {.kind = PLACE_NONE};
    if (len == 0)
        return place;
    if (str_eq(word, "ret"))
        place.kind = PLACE_RETURN;
    else if (word[0] == '*')
        place = arg_place(PLACE_OUT, parse_arg(word + 1, len - 1));
    else if (str_starts_with(word, "in(") && word[len - 1] == ')')
        place = hidden_place(self, word);
    else if (str_starts_with(word, "global(") && word[len - 1] == ')' && len > 8)
        place =
            (Place){.kind = PLACE_GLOBAL, .name = arena_strndup(self->arena, word + 7, len - 8)};
    else
        place = arg_place(PLACE_ARG, parse_arg(word, len));
    if (place.kind == PLACE_NONE)
        reader_error(self, cell.line, "not a place: %s", word);
    return place;
}
