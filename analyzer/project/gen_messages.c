/* gen_messages: what the message compiler makes of a .mc file.
 *
 * A message's value is severity << 30 | facility << 16 | number; a message without a facility or a
 * severity has that of the message before, at first 0. The numbers of a facility go up by one where
 * none is given. Errs: the customer bit of the command line is not known.
 */
#include "analyzer/project/generate.h"

#include <ctype.h>
#include <stdlib.h>

enum { MAX_FACILITIES = 1024 };

typedef struct Named {
    const char *name; /* as messages refer to it */
    uint32_t value;   /* what goes into the message's value */
    uint32_t last;    /* of a facility: the number of its last message */
} Named;

typedef Array(Named) NamedArray;

typedef struct Messages {
    Arena *arena;          /* owns everything */
    Text *out;             /* the header */
    const char *at;        /* what is left */
    NamedArray severities; /* SeverityNames */
    NamedArray facilities; /* FacilityNames */
    const char *type;      /* MessageIdTypedef, "" without */
    uint32_t severity;     /* index of the message's */
    uint32_t facility;     /* index of the message's */
    bool has_number;       /* MessageId says a value */
    uint32_t number;       /* … this one */
    const char *symbol;    /* SymbolicName of the message being read, NULL without */
    bool any;              /* some statement was understood */
} Messages;

static uint32_t number_of(const char *text) {
    return (uint32_t)strtoul(text, NULL, 0);
}

static uint32_t find_named(const NamedArray *self, const char *name) {
    for (uint32_t i = 0; i < self->len; i++) {
        if (str_icmp(self->items[i].name, name) == 0)
            return i;
    }
    return UINT32_MAX;
}

static void set_named(Arena *arena, NamedArray *self, const char *name, uint32_t value) {
    uint32_t index = find_named(self, name);
    if (index != UINT32_MAX)
        self->items[index].value = value;
    else if (self->len < MAX_FACILITIES)
        array_push(self, arena, (Named){name, value, 0});
}

/* ---- values ------------------------------------------------------------------------------- */

/* `name = 0x1:SYMBOL` … inside the parentheses of SeverityNames or FacilityNames. */
static void read_names(Messages *self, char *list, NamedArray *names) {
    char *at = list;
    while (*at != '\0') {
        at += strspn(at, " \t\r\n");
        size_t len = strcspn(at, " \t\r\n=");
        const char *name = arena_strndup(self->arena, at, len);
        at += len;
        at += strspn(at, " \t\r\n");
        if (*at != '=')
            continue;
        at += 1 + strspn(at + 1, " \t\r\n");
        len = strcspn(at, " \t\r\n");
        char *value = arena_strndup(self->arena, at, len), *colon = strchr(value, ':');
        at += len;
        set_named(self->arena, names, name, number_of(value));
        if (colon != NULL && generate_is_name(colon + 1))
            text_printf(self->out, self->arena, "#define %s 0x%X\n", colon + 1, number_of(value));
    }
}

/* A word, or what stands in parentheses, over several lines. */
static char *read_value(Messages *self) {
    self->at += strspn(self->at, " \t");
    const char *start = self->at;
    if (*start == '(') {
        size_t len = strcspn(++start, ")");
        self->at = start + len + (start[len] == ')');
        return arena_strndup(self->arena, start, len);
    }
    size_t len = strcspn(start, " \t\r\n");
    self->at += len;
    return arena_strndup(self->arena, start, len);
}

/* ---- messages ----------------------------------------------------------------------------- */

static void define_message(Messages *self) {
    Named none = {"", 0, 0};
    Named *facility = self->facility < self->facilities.len
                          ? &self->facilities.items[self->facility]
                          : &self->facilities.items[0];
    const Named *severity =
        self->severity < self->severities.len ? &self->severities.items[self->severity] : &none;
    uint32_t number = self->has_number ? self->number : facility->last + 1;
    facility->last = number;
    uint32_t value = (severity->value & 3) << 30 | (facility->value & 0xfff) << 16 | number % 65536;
    self->has_number = false;
    if (self->symbol == NULL || !generate_is_name(self->symbol))
        return;
    if (self->type[0] != '\0')
        text_printf(self->out, self->arena, "#define %s ((%s)0x%08XL)\n", self->symbol, self->type,
                    value);
    else
        text_printf(self->out, self->arena, "#define %s 0x%08XL\n", self->symbol, value);
    self->symbol = NULL;
}

static void read_number(Messages *self, const char *value) {
    uint32_t base =
        self->facility < self->facilities.len ? self->facilities.items[self->facility].last : 0;
    self->has_number = value[0] != '\0';
    self->number = value[0] == '+' ? base + number_of(value + 1) : number_of(value);
}

/* Skips the message's text: up to a line that is a single full stop. */
static void skip_text(Messages *self) {
    while (*self->at != '\0') {
        const char *end = strchr(self->at, '\n');
        size_t len = end == NULL ? strlen(self->at) : (size_t)(end - self->at);
        bool last = self->at[0] == '.' && (len == 1 || (len == 2 && self->at[1] == '\r'));
        self->at += len + (end != NULL);
        if (last)
            return;
    }
}

/* The first Language of a message ends what is said of it; each has its text. */
static void read_language(Messages *self) {
    if (self->symbol != NULL || self->has_number)
        define_message(self);
    self->at += strcspn(self->at, "\n");
    self->at += *self->at == '\n';
    skip_text(self);
}

static void read_statement(Messages *self, const char *name, char *value) {
    self->any = true;
    if (str_icmp(name, "MessageIdTypedef") == 0)
        self->type = generate_is_name(value) ? value : "";
    else if (str_icmp(name, "SeverityNames") == 0)
        read_names(self, value, &self->severities);
    else if (str_icmp(name, "FacilityNames") == 0)
        read_names(self, value, &self->facilities);
    else if (str_icmp(name, "MessageId") == 0)
        read_number(self, value);
    else if (str_icmp(name, "Severity") == 0)
        self->severity = find_named(&self->severities, value);
    else if (str_icmp(name, "Facility") == 0)
        self->facility = find_named(&self->facilities, value);
    else if (str_icmp(name, "SymbolicName") == 0)
        self->symbol = value;
    else if (str_icmp(name, "Language") == 0)
        read_language(self);
}

/* ---- the file ----------------------------------------------------------------------------- */

static void copy_line(Messages *self) {
    size_t len = strcspn(self->at, "\n");
    text_append_len(self->out, self->arena, self->at, len);
    text_append(self->out, self->arena, "\n");
    self->at += len;
}

static void read_item(Messages *self) {
    size_t len = 0;
    while (isalnum((unsigned char)self->at[len]) || self->at[len] == '_')
        len++;
    if (len == 0) {
        self->at++;
        return;
    }
    const char *name = arena_strndup(self->arena, self->at, len);
    self->at += len + strspn(self->at + len, " \t");
    if (*self->at != '=')
        return;
    self->at++;
    read_statement(self, name, read_value(self));
}

bool generate_messages(Arena *arena, const char *text, Text *out) {
    Messages self = {.arena = arena, .out = out, .at = text, .type = ""};
    static const char *const severities[] = {"Success", "Informational", "Warning", "Error"};
    for (uint32_t i = 0; i < 4; i++)
        set_named(arena, &self.severities, severities[i], i);
    set_named(arena, &self.facilities, "", 0);
    set_named(arena, &self.facilities, "System", 0xff);
    set_named(arena, &self.facilities, "Application", 0xfff);
    while (*self.at != '\0') {
        self.at += strspn(self.at, " \t\r\n");
        if (*self.at == ';') {
            self.at++;
            copy_line(&self);
        } else if (*self.at != '\0') {
            read_item(&self);
        }
    }
    return self.any;
}
