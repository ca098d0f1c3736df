// Memory, growing text and a string map. Nothing is freed: the program runs once and ends.
// Invariant: out of memory ends the program, no caller tests for it.
#include "wdkgen.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

void *mem_alloc(size_t size) {
    void *p = calloc(1, size ? size : 1);
    if (!p)
        die("out of memory");
    return p;
}

void *mem_grow(void *old, size_t item_size, int len, int *cap) {
    if (len < *cap)
        return old;
    int bigger = *cap ? *cap * 2 : 8;
    void *p = realloc(old, item_size * (size_t)bigger);
    if (!p)
        die("out of memory");
    memset((char *)p + item_size * (size_t)*cap, 0, item_size * (size_t)(bigger - *cap));
    *cap = bigger;
    return p;
}

char *str_dup_n(const char *s, size_t len) {
    char *copy = mem_alloc(len + 1);
    memcpy(copy, s, len);
    return copy;
}

char *str_printf(const char *format, ...) {
    va_list args;
    va_start(args, format);
    int len = vsnprintf(NULL, 0, format, args);
    va_end(args);
    char *s = mem_alloc((size_t)len + 1);
    va_start(args, format);
    vsnprintf(s, (size_t)len + 1, format, args);
    va_end(args);
    return s;
}

char *str_trim(char *s) {
    while (isspace((unsigned char)*s))
        s++;
    size_t len = strlen(s);
    while (len && isspace((unsigned char)s[len - 1]))
        s[--len] = 0;
    return s;
}

char *str_lower(const char *s) {
    char *copy = str_dup_n(s, strlen(s));
    for (char *p = copy; *p; p++)
        *p = (char)tolower((unsigned char)*p);
    return copy;
}

void buf_add_n(Buf *self, const char *s, size_t len) {
    if (self->len + len + 1 > self->cap) {
        size_t cap = (self->len + len + 1) * 2;
        char *data = realloc(self->data, cap);
        if (!data)
            die("out of memory");
        self->data = data;
        self->cap = cap;
    }
    memcpy(self->data + self->len, s, len);
    self->len += len;
    self->data[self->len] = 0;
}

void buf_add(Buf *self, const char *s) {
    buf_add_n(self, s, strlen(s));
}

void buf_printf(Buf *self, const char *format, ...) {
    va_list args;
    va_start(args, format);
    int len = vsnprintf(NULL, 0, format, args);
    va_end(args);
    char *s = mem_alloc((size_t)len + 1);
    va_start(args, format);
    vsnprintf(s, (size_t)len + 1, format, args);
    va_end(args);
    buf_add_n(self, s, (size_t)len);
    free(s);
}

char *buf_take(Buf *self) {
    char *data = self->data ? self->data : str_dup_n("", 0);
    *self = (Buf){0};
    return data;
}

static size_t hash(const char *s) {
    size_t h = 1469598103934665603u;
    for (; *s; s++)
        h = (h ^ (unsigned char)*s) * 1099511628211u;
    return h ^ (h >> 29);
}

static size_t find_slot(const Map *self, const char *key) {
    size_t i = hash(key) & (self->cap - 1);
    while (self->keys[i] && strcmp(self->keys[i], key) != 0)
        i = (i + 1) & (self->cap - 1);
    return i;
}

int map_get(const Map *self, const char *key) {
    if (!self->cap)
        return -1;
    size_t i = find_slot(self, key);
    return self->keys[i] ? self->values[i] : -1;
}

static void grow_map(Map *self) {
    Map old = *self;
    self->cap = old.cap ? old.cap * 2 : 64;
    self->keys = mem_alloc(self->cap * sizeof *self->keys);
    self->values = mem_alloc(self->cap * sizeof *self->values);
    for (size_t i = 0; i < old.cap; i++) {
        if (!old.keys[i])
            continue;
        size_t slot = find_slot(self, old.keys[i]);
        self->keys[slot] = old.keys[i];
        self->values[slot] = old.values[i];
    }
    free(old.keys);
    free(old.values);
}

void map_put(Map *self, const char *key, int value) {
    if (self->len * 2 >= self->cap)
        grow_map(self);
    size_t i = find_slot(self, key);
    if (!self->keys[i]) {
        self->keys[i] = key;
        self->len++;
    }
    self->values[i] = value;
}
