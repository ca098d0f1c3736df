/* arena: memory in blocks, freed all at once.
 *
 * Invariant: every pointer handed out stays valid and in place until arena_free. Out of memory ends
 * the program: a linter that runs out of memory has nothing useful left to say.
 */
#include "analyzer/base/base.h"

#include <stdlib.h>

enum { BLOCK_SIZE = 256 * 1024, ALIGNMENT = 16 };

typedef struct Block {
    struct Block *next; /* the block filled before this one */
    size_t used;        /* bytes handed out from data */
    size_t size;        /* bytes in data */
    _Alignas(ALIGNMENT) unsigned char data[];
} Block;

struct Arena {
    Block *blocks; /* newest first */
    size_t used;   /* bytes handed out in all */
};

static void *checked_alloc(size_t size) {
    void *memory = calloc(1, size);
    if (memory == NULL) {
        fputs("irqlint: out of memory\n", stderr);
        exit(2);
    }
    return memory;
}

Arena *arena_new(void) {
    return checked_alloc(sizeof(Arena));
}

void arena_free(Arena *self) {
    if (self == NULL)
        return;
    for (Block *block = self->blocks; block != NULL;) {
        Block *next = block->next;
        free(block);
        block = next;
    }
    free(self);
}

void arena_reset(Arena *self) {
    Block *kept = NULL;
    for (Block *block = self->blocks; block != NULL;) {
        Block *next = block->next;
        if (kept == NULL && block->size == BLOCK_SIZE)
            kept = block;
        else
            free(block);
        block = next;
    }
    self->blocks = kept;
    self->used = 0;
    if (kept == NULL)
        return;
    memset(kept->data, 0, kept->used);
    kept->next = NULL;
    kept->used = 0;
}

static Block *add_block(Arena *self, size_t size) {
    Block *block = checked_alloc(sizeof(Block) + size);
    block->size = size;
    block->next = self->blocks;
    self->blocks = block;
    return block;
}

void *arena_alloc(Arena *self, size_t size) {
    size_t need = (size + ALIGNMENT - 1) & ~(size_t)(ALIGNMENT - 1);
    self->used += need;
#ifdef IRQLINT_ARENA_DEBUG
    Block *block = add_block(self, size == 0 ? 1 : size);
    return block->data;
#else
    Block *block = self->blocks;
    if (block == NULL || block->size - block->used < need) {
        if (need > BLOCK_SIZE / 4 && block != NULL) {
            /* a large item gets a block behind the current one, which stays open */
            Block *big = checked_alloc(sizeof(Block) + need);
            big->size = big->used = need;
            big->next = block->next;
            block->next = big;
            return big->data;
        }
        block = add_block(self, need > BLOCK_SIZE ? need : BLOCK_SIZE);
    }
    void *result = block->data + block->used;
    block->used += need;
    return result;
#endif
}

void *arena_grow(Arena *self, void *old, size_t old_size, size_t new_size) {
    void *result = arena_alloc(self, new_size);
    if (old_size != 0)
        memcpy(result, old, old_size);
    return result;
}

size_t arena_used(const Arena *self) {
    return self->used;
}

char *arena_strndup(Arena *self, const char *text, size_t len) {
    char *copy = arena_alloc(self, len + 1);
    memcpy(copy, text, len);
    return copy;
}

char *arena_strdup(Arena *self, const char *text) {
    return arena_strndup(self, text, strlen(text));
}

char *arena_vprintf(Arena *self, const char *format, va_list args) {
    va_list again;
    va_copy(again, args);
    int len = vsnprintf(NULL, 0, format, args);
    char *text = arena_alloc(self, (size_t)len + 1);
    vsnprintf(text, (size_t)len + 1, format, again);
    va_end(again);
    return text;
}

char *arena_printf(Arena *self, const char *format, ...) {
    va_list args;
    va_start(args, format);
    char *text = arena_vprintf(self, format, args);
    va_end(args);
    return text;
}

void array_reserve_bytes(void **items, uint32_t *cap, uint32_t need, size_t item_size,
                         Arena *arena) {
    uint32_t new_cap = *cap == 0 ? 8 : *cap * 2;
    if (new_cap < need)
        new_cap = need;
    *items = arena_grow(arena, *items, (size_t)*cap * item_size, (size_t)new_cap * item_size);
    *cap = new_cap;
}
