/* overlay_json: the text of an overlay, and its members. */
#include "analyzer/model/overlay.h"

enum { MAX_OVERLAY_SIZE = 16 << 20 };

/* ---- the file ------------------------------------------------------------------------------ */

cJSON *json_load(Overlay *self) {
    Error err = {0};
    JsonFault fault;
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
    cJSON *root = json_parse(self->reader.arena, text, size, &fault);
    if (root == NULL)
        reader_error(&self->reader, fault.line, "%s", fault.text);
    return root;
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
