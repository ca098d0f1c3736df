/* overlay_json: the text of an overlay, its lines, and its members.
 *
 * cJSON keeps no positions, so the text is walked once more beside the tree: both list the values
 * in the same order. The line is kept in `valueint`; numbers are read from `valuedouble`.
 * Invariant: what goes to cJSON is UTF-8 without NUL and nested at most MAX_DEPTH deep, so its
 * recursion is bounded and no string ends early.
 */
#include "analyzer/model/overlay.h"

enum { MAX_OVERLAY_SIZE = 16 << 20, MAX_DEPTH = 64 };

/* ---- the text ------------------------------------------------------------------------------ */

static uint32_t line_at(const char *text, const char *at) {
    uint32_t line = 1;
    for (; text < at; text++)
        line += *text == '\n';
    return line;
}

/* Bytes of the UTF-8 character at `at`, 0 when it is none. */
static size_t character_size(const unsigned char *at) {
    size_t size = *at < 0x80 ? 1 : *at < 0xc2 ? 0 : *at < 0xe0 ? 2 : *at < 0xf0 ? 3 : 4;
    if (*at > 0xf4 || (*at == 0xe0 && at[1] < 0xa0) || (*at == 0xf0 && at[1] < 0x90) ||
        (*at == 0xed && at[1] > 0x9f) || (*at == 0xf4 && at[1] > 0x8f))
        return 0;
    for (size_t i = 1; i < size; i++)
        if ((at[i] & 0xc0) != 0x80)
            return 0;
    return size;
}

static bool check_characters(Overlay *self, const char *text, size_t size) {
    if (size >= 2 && ((unsigned char)text[0] >= 0xfe || text[0] == '\0' || text[1] == '\0')) {
        reader_error(&self->reader, 1, "not UTF-8 text: saved as UTF-16?");
        return false;
    }
    for (const char *at = text; at < text + size;) {
        size_t step = *at == '\0' ? 0 : character_size((const unsigned char *)at);
        if (step == 0) {
            reader_error(&self->reader, line_at(text, at), "not UTF-8 text");
            return false;
        }
        at += step;
    }
    return true;
}

static bool check_depth(Overlay *self, const char *text) {
    uint32_t depth = 0;
    bool in_string = false;
    for (const char *at = text; *at != '\0'; at++) {
        const char *problem = NULL;
        if (in_string && *at == '\\') {
            if (str_starts_with(at, "\\u0000"))
                problem = "\\u0000 stands in no name";
            at += at[1] != '\0';
        } else if (*at == '"') {
            in_string = !in_string;
        } else if (!in_string && (*at == '[' || *at == '{')) {
            if (++depth > MAX_DEPTH)
                problem = "nested too deeply";
        } else if (!in_string && (*at == ']' || *at == '}') && depth > 0) {
            depth--;
        }
        if (problem != NULL) {
            reader_error(&self->reader, line_at(text, at), "%s", problem);
            return false;
        }
    }
    return true;
}

/* ---- lines --------------------------------------------------------------------------------- */

/* A cursor over text that cJSON has accepted. */
typedef struct Scan {
    const char *at; /* next character */
    uint32_t line;  /* its line */
} Scan;

static void skip(Scan *self) {
    self->line += *self->at == '\n';
    self->at++;
}

/* What cJSON takes for blanks, and what stands between values. */
static void skip_between(Scan *self) {
    while (*self->at != '\0' && ((unsigned char)*self->at <= ' ' || strchr(",:]}", *self->at)))
        skip(self);
}

static void skip_string(Scan *self) {
    for (skip(self); *self->at != '\0' && *self->at != '"'; skip(self))
        if (*self->at == '\\' && self->at[1] != '\0')
            skip(self);
    if (*self->at == '"')
        skip(self);
}

/* The line of the next value; moves past a scalar, or into an object or array. */
static uint32_t next_value(Scan *self) {
    for (;;) {
        skip_between(self);
        uint32_t line = self->line;
        if (*self->at == '"') {
            skip_string(self);
            while (*self->at != '\0' && (unsigned char)*self->at <= ' ')
                skip(self);
            if (*self->at == ':')
                continue; /* the name of a member */
        } else if (*self->at == '{' || *self->at == '[') {
            skip(self);
        } else {
            while ((unsigned char)*self->at > ' ' && strchr(",:]}", *self->at) == NULL)
                skip(self);
        }
        return line;
    }
}

static void note_lines(cJSON *node, Scan *scan) {
    node->valueint = (int)next_value(scan);
    for (cJSON *child = node->child; child != NULL; child = child->next)
        note_lines(child, scan);
}

uint32_t json_line(const cJSON *node) {
    return (uint32_t)node->valueint;
}

/* cJSON stops at what it cannot read or one character after it: the whole line is shown. */
static void complain_of_syntax(Overlay *self, const char *text, const char *at) {
    if (at[strspn(at, " \t\r\n")] == '\0') {
        reader_error(&self->reader, line_at(text, at), "not JSON: the text ends too early");
        return;
    }
    const char *start = at;
    while (start > text && start[-1] != '\n')
        start--;
    const char *shown = start + strspn(start, " \t\r");
    reader_error(&self->reader, line_at(text, at), "not JSON: %.*s", (int)strcspn(shown, "\r\n"),
                 shown);
}

cJSON *json_load(Overlay *self) {
    Error err = {0};
    char *text;
    size_t size;
    if (file_read(self->reader.arena, self->path, MAX_OVERLAY_SIZE, &text, &size, &err) != 0) {
        size_t len = strlen(self->path);
        bool repeats =
            strncmp(err.message, self->path, len) == 0 && str_starts_with(err.message + len, ": ");
        reader_error(&self->reader, 0, "%s", repeats ? err.message + len + 2 : err.message);
        return NULL;
    }
    self->merge->version = hash_bytes(text, size, self->merge->version);
    if (!check_characters(self, text, size) || !check_depth(self, text))
        return NULL;
    if (str_starts_with(text, "\xef\xbb\xbf"))
        text += 3, size -= 3;
    const char *end = text;
    cJSON *root = cJSON_ParseWithLengthOpts(text, size + 1, &end, 1);
    if (root != NULL) {
        note_lines(root, &(Scan){text, 1});
        return root;
    }
    complain_of_syntax(self, text, end);
    return NULL;
}

/* ---- members ------------------------------------------------------------------------------- */

static const cJSON *member(const cJSON *object, const char *key) {
    return cJSON_GetObjectItemCaseSensitive(object, key);
}

bool json_has(const cJSON *object, const char *key) {
    return member(object, key) != NULL;
}

bool json_check_object(Overlay *self, const cJSON *node, const char *what,
                       const char *const *keys) {
    uint32_t errors = self->error_count, seen = 0;
    if (!cJSON_IsObject(node)) {
        reader_error(&self->reader, json_line(node), "%s must be an object: {…}", what);
        return false;
    }
    const cJSON *child;
    cJSON_ArrayForEach(child, node) {
        uint32_t i = 0;
        while (keys[i] != NULL && !str_eq(keys[i], child->string))
            i++;
        if (keys[i] == NULL && !str_eq(child->string, "comment"))
            complain_of_word(&self->reader, "member", (Cell){child->string, json_line(child)},
                             keys);
        else if (keys[i] != NULL && (seen >> i & 1) != 0)
            reader_error(&self->reader, json_line(child), "member twice: %s", child->string);
        seen |= keys[i] == NULL ? 0 : 1u << i;
    }
    return self->error_count == errors;
}

static Cell string_of(Overlay *self, const cJSON *node, const char *key, const char *otherwise) {
    const char *text = cJSON_GetStringValue(node);
    if (text == NULL)
        reader_error(&self->reader, json_line(node), "%s must be a string", key);
    text = text == NULL ? otherwise : arena_strdup(self->reader.arena, text);
    return (Cell){text, json_line(node)};
}

Cell json_text(Overlay *self, const cJSON *object, const char *key, const char *otherwise) {
    const cJSON *node = member(object, key);
    return node == NULL ? (Cell){otherwise, json_line(object)}
                        : string_of(self, node, key, otherwise);
}

Cell json_need_text(Overlay *self, const cJSON *object, const char *key) {
    const cJSON *node = member(object, key);
    uint32_t line = json_line(node == NULL ? object : node);
    if (node == NULL)
        reader_error(&self->reader, line, "%s is missing", key);
    else if (cJSON_IsString(node) && node->valuestring[0] == '\0')
        reader_error(&self->reader, line, "%s is empty", key);
    return json_text(self, object, key, "");
}

/* Letters, digits, `_`, `$`, any character beyond ASCII; `::` and `~` of C++, `:` of variants. */
bool json_check_name(Overlay *self, Cell name) {
    size_t len = strlen(name.text);
    bool sound = len > 0 && len <= MAX_NAME_LEN && !(name.text[0] >= '0' && name.text[0] <= '9');
    for (size_t i = 0; i < len && sound; i++) {
        unsigned char c = (unsigned char)name.text[i];
        sound = c >= 0x80 || (c >= '0' && c <= ':') || (c >= 'A' && c <= 'Z') ||
                (c >= 'a' && c <= 'z') || c == '_' || c == '$' || c == '~';
    }
    if (!sound)
        reader_error(&self->reader, name.line, "not a name: %s", name.text);
    return sound;
}

Cell json_need_name(Overlay *self, const cJSON *object, const char *key) {
    Cell name = json_need_text(self, object, key);
    if (name.text[0] == '\0' || json_check_name(self, name))
        return name;
    return (Cell){"", name.line};
}

const cJSON *json_list(Overlay *self, const cJSON *object, const char *key) {
    const cJSON *node = member(object, key);
    if (node != NULL && !cJSON_IsArray(node)) {
        reader_error(&self->reader, json_line(node), "%s must be a list: […]", key);
        return NULL;
    }
    return node == NULL ? NULL : node->child;
}

Cell json_item_text(Overlay *self, const cJSON *item, const char *key) {
    if (cJSON_IsString(item))
        return string_of(self, item, key, "");
    reader_error(&self->reader, json_line(item), "%s must be a list of strings", key);
    return (Cell){"", json_line(item)};
}

int json_arg_number(Overlay *self, const cJSON *number, const char *key) {
    double value = cJSON_IsNumber(number) ? number->valuedouble : -1;
    if (value >= 0 && value <= 31 && value == (double)(int)value)
        return (int)value;
    reader_error(&self->reader, json_line(number), "%s must be a number from 0 to 31", key);
    return -1;
}

uint8_t json_flags(Overlay *self, const cJSON *object, const char *key,
                   const Vocabulary *vocabulary) {
    int set = 0;
    for (const cJSON *item = json_list(self, object, key); item != NULL; item = item->next) {
        Cell word = json_item_text(self, item, key);
        int value = cJSON_IsString(item) ? word_value(&self->reader, vocabulary, word) : -1;
        set |= value < 0 ? 0 : value;
    }
    return (uint8_t)set;
}
