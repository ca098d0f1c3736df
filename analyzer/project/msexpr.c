/* msexpr: MSBuild's `$(Property)`, `%(Metadata)`, `@(Item)` and conditions.
 *
 * Invariant: values are expanded when they are set, so expansion never recurses through them, and a
 * value longer than 64 KiB becomes empty, and so does every value past 256 MiB in all: the work
 * that a file can ask for is bounded. Property functions are unknown, but for
 * GetDirectoryNameOfFileAbove, GetPathOfFileAbove and those of msfunc.c.
 */
#include "analyzer/project/msbuild.h"

#include <ctype.h>
#include <stdlib.h>

enum {
    MAX_VALUE_SIZE = 64 * 1024,
    MAX_EXPANDED_SIZE = 256 * 1024 * 1024,
    MAX_CONDITION_DEPTH = 64,
    MAX_METADATA = 500,
    MAX_WORK = 50 * 1000 * 1000
};

const char *ms_get(const MsValues *values, const char *name) {
    for (uint32_t i = 0; values != NULL && i < values->len; i++) {
        if (str_icmp(values->items[i].name, name) == 0)
            return values->items[i].value;
    }
    return NULL;
}

static uint64_t name_hash(const char *name) {
    uint64_t hash = 0;
    for (; *name != '\0'; name++)
        hash = (hash ^ (uint64_t)tolower((unsigned char)*name)) * 0x100000001b3u;
    return hash ^ hash >> 29;
}

static void set_property(Msbuild *self, MsValue value) {
    bool created;
    if (self->property_index == NULL)
        self->property_index = map64_new(self->arena);
    uint32_t *index = map64_put(self->property_index, name_hash(value.name), &created);
    if (created) {
        *index = self->properties.len;
        array_push(&self->properties, self->arena, value);
    } else {
        self->properties.items[*index] = value;
    }
}

static const char *property(const Msbuild *self, const char *name) {
    const uint32_t *index =
        self->property_index == NULL ? NULL : map64_get(self->property_index, name_hash(name));
    return index == NULL ? NULL : self->properties.items[*index].value;
}

bool ms_may_work(Msbuild *self, uint64_t steps) {
    self->work += steps;
    return self->work <= MAX_WORK;
}

void ms_set(Msbuild *self, MsValues *values, MsValue value) {
    if (values == &self->properties) {
        set_property(self, value);
        return;
    }
    for (uint32_t i = 0; i < values->len; i++) {
        if (str_icmp(values->items[i].name, value.name) == 0) {
            values->items[i] = value;
            return;
        }
    }
    if (values->len < MAX_METADATA)
        array_push(values, self->arena, value);
}

const char *ms_property(const Msbuild *self, const char *name) {
    const char *value = property(self, name);
    return value == NULL ? "" : value;
}

static const char *trimmed(Arena *arena, const char *at, size_t len) {
    while (len > 0 && isspace((unsigned char)*at))
        at++, len--;
    while (len > 0 && isspace((unsigned char)at[len - 1]))
        len--;
    return arena_strndup(arena, at, len);
}

void ms_split(Msbuild *self, const char *list, CStrArray *parts) {
    while (*list != '\0') {
        size_t len = strcspn(list, ";");
        const char *part = trimmed(self->arena, list, len);
        if (*part != '\0')
            array_push(parts, self->arena, part);
        list += len + (list[len] == ';');
    }
}

/* ---- references ----------------------------------------------------------------------------- */

/* What the running file says of itself: $(MSBuildThisFile…). */
static const char *this_file_property(Msbuild *self, const char *name) {
    if (str_icmp(name, "MSBuildThisFileDirectory") == 0)
        return arena_printf(self->arena, "%s/", path_dir(self->arena, self->file));
    if (str_icmp(name, "MSBuildThisFileFullPath") == 0)
        return self->file;
    return str_icmp(name, "MSBuildThisFile") == 0 ? path_base(self->file) : NULL;
}

static const char *file_above(Msbuild *self, const char *dir, const char *name) {
    for (const char *at = view_place(self->view, path_dir(self->arena, self->file), dir);;) {
        const char *found = view_find(self->view, at, name, PATH_FILE);
        if (found != NULL || str_eq(at, "/"))
            return found;
        at = path_dir(self->arena, at);
    }
}

/* [MSBuild]::GetDirectoryNameOfFileAbove(dir, name) and GetPathOfFileAbove(name, dir). */
static const char *call_function(Msbuild *self, const char *text, bool *partial) {
    const char *open = strchr(text, '('), *close = strrchr(text, ')');
    bool directory = strstr(text, "::GetDirectoryNameOfFileAbove(") != NULL;
    bool path = strstr(text, "::GetPathOfFileAbove(") != NULL;
    if (!(directory || path) || close == NULL || open >= close)
        return NULL;
    const char *at = open + 1;
    const char *first = ms_argument(self, &at, close, partial);
    const char *second = ms_argument(self, &at, close, partial);
    const char *name = directory ? second : first, *dir = directory ? first : second;
    const char *found =
        file_above(self, *dir == '\0' ? "." : dir, path_base(slashes(self->arena, name)));
    if (found == NULL)
        return "";
    return directory ? path_dir(self->arena, found) : found;
}

static const char *property_reference(Msbuild *self, const char *name, bool *partial) {
    const char *value = this_file_property(self, name);
    if (value == NULL)
        value = property(self, name);
    if (value == NULL && name[0] == '[')
        value = call_function(self, name, partial);
    if (value == NULL)
        value = ms_call(self, name, partial);
    if (value == NULL)
        *partial = true;
    return value == NULL ? "" : value;
}

/* Of an item itself: known when there is one. */
static bool is_well_known(const char *name) {
    static const char *const names[] = {"Filename",  "Extension",   "FullPath", "Identity",
                                        "Directory", "RelativeDir", NULL};
    uint32_t i = 0;
    while (names[i] != NULL && str_icmp(names[i], name) != 0)
        i++;
    return names[i] != NULL;
}

static const char *metadata_reference(Msbuild *self, const MsValues *inherited, const char *name,
                                      bool *partial) {
    const char *dot = strrchr(name, '.');
    name = dot == NULL ? name : dot + 1;
    const char *value = ms_get(inherited, name);
    if (value == NULL && inherited != NULL && is_well_known(name))
        return arena_printf(self->arena, "%%(%s)", name); /* for ms_expand_item */
    if (value == NULL && inherited == NULL)
        *partial = true;
    return value == NULL ? "" : value;
}

static const char *item_reference(Msbuild *self, const char *type) {
    Text list = {0};
    if (!ms_may_work(self, self->items.len))
        return "";
    for (uint32_t i = 0; i < self->items.len && list.len < MAX_VALUE_SIZE; i++) {
        if (str_icmp(self->items.items[i].type, type) == 0)
            text_printf(&list, self->arena, "%s;", self->items.items[i].include);
    }
    return text_cstr(&list, self->arena);
}

/* The byte behind the parenthesis that closes the one at `open`, NULL when none does. */
static const char *behind_parenthesis(const char *open) {
    uint32_t depth = 0;
    for (const char *at = open; *at != '\0'; at++) {
        depth += *at == '(';
        depth -= *at == ')';
        if (depth == 0)
            return at + 1;
    }
    return NULL;
}

const char *ms_expand(Msbuild *self, const char *text, const MsValues *inherited, bool *partial) {
    if (strpbrk(text, "$%@") == NULL)
        return text;
    if (self->expanded_size > MAX_EXPANDED_SIZE)
        return "";
    Text out = {0};
    while (*text != '\0' && out.len <= MAX_VALUE_SIZE) {
        size_t plain = strcspn(text, "$%@");
        text_append_len(&out, self->arena, text, plain);
        text += plain;
        const char *end = text[0] != '\0' && text[1] == '(' ? behind_parenthesis(text + 1) : NULL;
        if (end == NULL) {
            text_append_len(&out, self->arena, text, *text != '\0');
            text += *text != '\0';
            continue;
        }
        const char *name = trimmed(self->arena, text + 2, (size_t)(end - text - 3));
        text_append(&out, self->arena,
                    *text == '$'   ? property_reference(self, name, partial)
                    : *text == '%' ? metadata_reference(self, inherited, name, partial)
                                   : item_reference(self, name));
        text = end;
    }
    self->expanded_size += out.len;
    bool too_long = out.len > MAX_VALUE_SIZE || self->expanded_size > MAX_EXPANDED_SIZE;
    return too_long ? "" : text_cstr(&out, self->arena);
}

/* ---- conditions: or > and > ! > comparison > operand ---------------------------------------- */

typedef struct Condition {
    Msbuild *build;            /* for properties and exists() */
    const MsValues *inherited; /* for %(…) */
    const char *at;            /* what is left */
    uint32_t depth;            /* open parentheses and negations */
    bool broken;               /* not understood: the whole is false */
} Condition;

static bool parse_or(Condition *self);

static void skip_space(Condition *self) {
    while (isspace((unsigned char)*self->at))
        self->at++;
}

static bool accept(Condition *self, const char *token) {
    skip_space(self);
    size_t len = strlen(token);
    if (strncasecmp(self->at, token, len) != 0)
        return false;
    if (isalpha((unsigned char)token[0]) && isalnum((unsigned char)self->at[len]))
        return false;
    self->at += len;
    return true;
}

/* A quoted string, or a run of bytes up to a space, operator or parenthesis; expanded. */
static const char *parse_operand(Condition *self) {
    skip_space(self);
    const char *start = self->at, *end;
    if (*start == '\'') {
        end = strchr(++start, '\'');
        self->broken |= end == NULL;
        self->at = end == NULL ? start + strlen(start) : end + 1;
    } else {
        while (*self->at != '\0' && strchr(" \t\r\n=!<>)", *self->at) == NULL) {
            const char *behind = *self->at == '(' ? behind_parenthesis(self->at) : self->at + 1;
            self->at = behind == NULL ? self->at + strlen(self->at) : behind;
        }
        end = self->at;
        self->broken |= end == start;
    }
    if (self->broken || end == NULL)
        return "";
    bool partial = false;
    const char *text = arena_strndup(self->build->arena, start, (size_t)(end - start));
    return ms_expand(self->build, text, self->inherited, &partial);
}

static bool parse_exists(Condition *self) {
    accept(self, "(");
    const char *path = parse_operand(self);
    self->broken |= !accept(self, ")");
    const char *dir = path_dir(self->build->arena, self->build->file);
    return view_find(self->build->view, dir, path, PATH_FILE) != NULL ||
           view_find(self->build->view, dir, path, PATH_DIR) != NULL;
}

static bool parse_trailing_slash(Condition *self) {
    accept(self, "(");
    const char *path = parse_operand(self);
    self->broken |= !accept(self, ")");
    size_t len = strlen(path);
    return len > 0 && (path[len - 1] == '/' || path[len - 1] == '\\');
}

static bool compare_numbers(Condition *self, const char *left, bool less, bool or_equal) {
    const char *right = parse_operand(self);
    char *left_end, *right_end;
    double a = strtod(left, &left_end), b = strtod(right, &right_end);
    if (*left == '\0' || *right == '\0' || *left_end != '\0' || *right_end != '\0')
        return false; /* an unknown property: no order */
    return (or_equal && a == b) || (less ? a < b : a > b);
}

static bool parse_comparison(Condition *self) {
    const char *left = parse_operand(self);
    if (accept(self, "=="))
        return str_icmp(left, parse_operand(self)) == 0;
    if (accept(self, "!="))
        return str_icmp(left, parse_operand(self)) != 0;
    if (accept(self, "<="))
        return compare_numbers(self, left, true, true);
    if (accept(self, ">="))
        return compare_numbers(self, left, false, true);
    if (accept(self, "<"))
        return compare_numbers(self, left, true, false);
    if (accept(self, ">"))
        return compare_numbers(self, left, false, false);
    return str_icmp(left, "true") == 0;
}

static bool parse_unary(Condition *self) {
    if (self->depth >= MAX_CONDITION_DEPTH) {
        self->broken = true;
        return false;
    }
    bool value;
    self->depth++;
    if (accept(self, "!")) {
        value = !parse_unary(self);
    } else if (accept(self, "(")) {
        value = parse_or(self);
        self->broken |= !accept(self, ")");
    } else {
        value = accept(self, "exists")             ? parse_exists(self)
                : accept(self, "HasTrailingSlash") ? parse_trailing_slash(self)
                                                   : parse_comparison(self);
    }
    self->depth--;
    return value;
}

static bool parse_and(Condition *self) {
    bool value = parse_unary(self);
    while (!self->broken && accept(self, "and"))
        value = parse_unary(self) && value;
    return value;
}

static bool parse_or(Condition *self) {
    bool value = parse_and(self);
    while (!self->broken && accept(self, "or"))
        value = parse_and(self) || value;
    return value;
}

bool ms_condition(Msbuild *self, const char *text, const MsValues *inherited) {
    if (text == NULL || *trimmed(self->arena, text, strlen(text)) == '\0')
        return true;
    Condition condition = {.build = self, .inherited = inherited, .at = text};
    bool value = parse_or(&condition);
    skip_space(&condition);
    return value && !condition.broken && *condition.at == '\0';
}

/* ---- items ---------------------------------------------------------------------------------- */

void ms_expand_item(Msbuild *self, MsItem *item) {
    const char *path = slashes(self->arena, item->include), *base = path_base(path);
    const char *dot = strrchr(base, '.'), *full = view_place(self->view, item->dir, path);
    size_t stem = dot == NULL ? strlen(base) : (size_t)(dot - base);
    MsValues own = {0};
    ms_set(self, &own, (MsValue){"Filename", arena_strndup(self->arena, base, stem), false});
    ms_set(self, &own, (MsValue){"Extension", base + stem, false});
    ms_set(self, &own, (MsValue){"Identity", item->include, false});
    ms_set(self, &own, (MsValue){"FullPath", full, false});
    ms_set(self, &own, (MsValue){"Directory", path_dir(self->arena, full), false});
    size_t dir_len = (size_t)(base - path);
    ms_set(self, &own, (MsValue){"RelativeDir", arena_strndup(self->arena, path, dir_len), false});
    MsValues metadata = {0};
    for (uint32_t i = 0; i < item->metadata.len; i++) {
        MsValue value = item->metadata.items[i];
        if (strstr(value.value, "%(") != NULL)
            value.value = ms_expand(self, value.value, &own, &value.partial);
        array_push(&metadata, self->arena, value);
    }
    item->metadata = metadata;
}
