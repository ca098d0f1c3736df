/* table: interned strings and the integer map.
 *
 * Invariant: ids are dense and given in the order of first addition, so equal input gives equal
 * ids.
 */
#include "analyzer/base/base.h"

#include <xxhash.h>

typedef struct StrEntry {
    const char *text; /* NUL-terminated, in the arena */
    uint32_t len;     /* without the NUL */
    uint32_t hash;    /* of the text; seen nowhere outside */
} StrEntry;

struct StrTab {
    Arena *arena;            /* owns everything */
    Array(StrEntry) entries; /* by id */
    uint32_t *buckets;       /* id + 1, or 0 */
    uint32_t bucket_mask;    /* bucket count - 1 */
};

uint64_t hash_bytes(const void *data, size_t size, uint64_t seed) {
    const unsigned char *bytes = data;
    uint64_t hash = seed ^ 0xcbf29ce484222325u;
    for (size_t i = 0; i < size; i++)
        hash = (hash ^ bytes[i]) * 0x100000001b3u;
    hash ^= hash >> 32;
    return hash * 0x9e3779b97f4a7c15u;
}

static uint32_t hash_text(const char *text, size_t len) {
    return (uint32_t)XXH3_64bits(text, len);
}

StrTab *strtab_new(Arena *arena) {
    StrTab *self = arena_new_of(arena, StrTab);
    self->arena = arena;
    self->bucket_mask = 255;
    self->buckets = arena_array_of(arena, uint32_t, self->bucket_mask + 1);
    strtab_add(self, "");
    return self;
}

static void rehash(StrTab *self) {
    self->bucket_mask = self->bucket_mask * 2 + 1;
    self->buckets = arena_array_of(self->arena, uint32_t, self->bucket_mask + 1);
    for (uint32_t id = 0; id < self->entries.len; id++) {
        uint32_t slot = self->entries.items[id].hash & self->bucket_mask;
        while (self->buckets[slot] != 0)
            slot = (slot + 1) & self->bucket_mask;
        self->buckets[slot] = id + 1;
    }
}

/* The bucket that holds the text, or the free one where it belongs. */
static uint32_t find_bucket(const StrTab *self, const char *text, size_t len, uint32_t hash) {
    uint32_t slot = hash & self->bucket_mask;
    for (; self->buckets[slot] != 0; slot = (slot + 1) & self->bucket_mask) {
        const StrEntry *entry = &self->entries.items[self->buckets[slot] - 1];
        if (entry->hash == hash && entry->len == len && memcmp(entry->text, text, len) == 0)
            break;
    }
    return slot;
}

StrId strtab_add_len(StrTab *self, const char *text, size_t len) {
    uint32_t hash = hash_text(text, len);
    uint32_t slot = find_bucket(self, text, len, hash);
    if (self->buckets[slot] != 0)
        return self->buckets[slot] - 1;
    StrEntry entry = {arena_strndup(self->arena, text, len), (uint32_t)len, hash};
    array_push(&self->entries, self->arena, entry);
    self->buckets[slot] = self->entries.len;
    if (self->entries.len * 2 > self->bucket_mask)
        rehash(self);
    return self->entries.len - 1;
}

StrId strtab_add(StrTab *self, const char *text) {
    return strtab_add_len(self, text, strlen(text));
}

StrId strtab_find(const StrTab *self, const char *text) {
    return strtab_find_len(self, text, strlen(text));
}

StrId strtab_find_len(const StrTab *self, const char *text, size_t len) {
    uint32_t slot = find_bucket(self, text, len, hash_text(text, len));
    return self->buckets[slot] == 0 ? UINT32_MAX : self->buckets[slot] - 1;
}

const char *strtab_get(const StrTab *self, StrId id) {
    return self->entries.items[id].text;
}

uint32_t strtab_count(const StrTab *self) {
    return self->entries.len;
}

typedef struct MapEntry {
    uint64_t key;   /* meaningful when used */
    uint32_t value; /* the caller's */
    uint32_t used;  /* 0 free, 1 taken */
} MapEntry;

struct Map64 {
    Arena *arena;      /* owns the entries */
    MapEntry *entries; /* mask + 1 of them */
    uint32_t mask;     /* entry count - 1 */
    uint32_t count;    /* taken entries */
};

Map64 *map64_new(Arena *arena) {
    Map64 *self = arena_new_of(arena, Map64);
    self->arena = arena;
    self->mask = 63;
    self->entries = arena_array_of(arena, MapEntry, self->mask + 1);
    return self;
}

static MapEntry *map_slot(const Map64 *self, uint64_t key) {
    uint64_t mixed = (key ^ (key >> 29)) * 0x9e3779b97f4a7c15u;
    uint32_t slot = (uint32_t)(mixed >> 32) & self->mask;
    while (self->entries[slot].used != 0 && self->entries[slot].key != key)
        slot = (slot + 1) & self->mask;
    return &self->entries[slot];
}

static void map_grow(Map64 *self) {
    MapEntry *old = self->entries;
    uint32_t old_count = self->mask + 1;
    self->mask = self->mask * 2 + 1;
    self->entries = arena_array_of(self->arena, MapEntry, self->mask + 1);
    for (uint32_t i = 0; i < old_count; i++) {
        if (old[i].used != 0)
            *map_slot(self, old[i].key) = old[i];
    }
}

uint32_t *map64_put(Map64 *self, uint64_t key, bool *created) {
    if ((self->count + 1) * 2 > self->mask)
        map_grow(self);
    MapEntry *entry = map_slot(self, key);
    if (created != NULL)
        *created = entry->used == 0;
    if (entry->used == 0) {
        entry->used = 1;
        entry->key = key;
        self->count++;
    }
    return &entry->value;
}

const uint32_t *map64_get(const Map64 *self, uint64_t key) {
    const MapEntry *entry = map_slot(self, key);
    return entry->used != 0 ? &entry->value : NULL;
}

uint32_t map64_count(const Map64 *self) {
    return self->count;
}
