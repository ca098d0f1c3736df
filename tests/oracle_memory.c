/* oracle_memory: cells, words, and unknowns that are chosen when they are first looked at.
 *
 * Invariant: what was chosen stays chosen for the path, so tests of the same unknown agree.
 */
#include "tests/oracle.h"

static const int64_t ADDRESS_BASE = (int64_t)1 << 40;
static const int64_t CELL_SPAN = 1 << 16;

/* ---- chance --------------------------------------------------------------------------------- */

uint32_t machine_random(Machine *self, uint32_t count) {
    self->random ^= self->random >> 12;
    self->random ^= self->random << 25;
    self->random ^= self->random >> 27;
    return (uint32_t)((self->random * 0x2545f4914f6cdd1du) >> 33) % count;
}

bool machine_chance(Machine *self, uint32_t count) {
    return machine_random(self, count) == 0;
}

void machine_stop(Machine *self, Stop why) {
    if (self->stop == STOP_NOT)
        self->stop = why;
}

/* ---- cells ---------------------------------------------------------------------------------- */

void memory_reset(Machine *self) {
    arena_free(self->scratch);
    self->scratch = arena_new();
    self->cells.items = NULL;
    self->cells.len = self->cells.cap = 0;
    self->symbols.items = NULL;
    self->symbols.len = self->symbols.cap = 0;
    self->locks.items = NULL;
    self->locks.len = self->locks.cap = 0;
    self->events.items = NULL;
    self->events.len = self->events.cap = 0;
    self->cell_ids = map64_new(self->scratch);
    array_push(&self->cells, self->scratch, (Cell){0});
    array_push(&self->symbols, self->scratch, (Word){0});
}

CellId cell_new(Machine *self, uint32_t count) {
    CellId first = self->cells.len;
    for (uint32_t i = 0; i < count; i++)
        array_push(&self->cells, self->scratch, (Cell){.kind = CELL_OBJECT});
    return first;
}

CellId cell_get(Machine *self, CellKind kind, uint32_t a, uint32_t b) {
    bool created;
    uint32_t *id =
        map64_put(self->cell_ids, hash_bytes(&(uint32_t[]){(uint32_t)kind, a, b}, 12, 7), &created);
    if (!created)
        return *id;
    CellId cell = self->cells.len;
    *id = cell;
    array_push(&self->cells, self->scratch, (Cell){.kind = kind, .a = a, .b = b});
    if (kind >= CELL_FIELD) {
        self->cells.items[cell].next = self->cells.items[a].child;
        self->cells.items[a].child = cell;
    }
    return cell;
}

CellId cell_offset(Machine *self, CellId cell, int64_t distance) {
    if (distance == 0 || cell == 0)
        return cell;
    Cell at = self->cells.items[cell];
    if (at.kind == CELL_ELEMENT)
        return cell_get(self, CELL_ELEMENT, at.a, at.b + (uint32_t)distance);
    if (at.kind != CELL_OFFSET)
        return cell_get(self, CELL_OFFSET, cell, (uint32_t)distance);
    uint32_t there = at.b + (uint32_t)distance;
    return there == 0 ? at.a : cell_get(self, CELL_OFFSET, at.a, there);
}

Word cell_read(Machine *self, CellId cell) {
    if (cell == 0)
        return word_symbol(self);
    if (!self->cells.items[cell].written) {
        Word fresh = word_symbol(self);
        self->cells.items[cell].word = fresh;
        self->cells.items[cell].written = true;
    }
    return word_resolve(self, self->cells.items[cell].word);
}

void cell_clear(Machine *self, CellId cell) {
    if (cell == 0 || self->cells.items[cell].kind == CELL_HIDDEN)
        return;
    self->cells.items[cell].written = false;
    for (CellId part = self->cells.items[cell].child; part != 0;
         part = self->cells.items[part].next) {
        if (self->cells.items[part].kind != CELL_OFFSET)
            cell_clear(self, part);
    }
}

void cell_write(Machine *self, CellId cell, Word word) {
    if (cell == 0)
        return;
    cell_clear(self, cell);
    self->cells.items[cell].word = word;
    self->cells.items[cell].written = true;
}

void cell_copy(Machine *self, CellId to, CellId from) {
    if (to == 0 || from == 0 || to == from)
        return;
    for (CellId part = self->cells.items[from].child; part != 0;
         part = self->cells.items[part].next) {
        Cell source = self->cells.items[part];
        if (source.kind != CELL_FIELD && source.kind != CELL_ELEMENT)
            continue;
        CellId copy = cell_get(self, (CellKind)source.kind, to, source.b);
        self->cells.items[copy].word = source.word;
        self->cells.items[copy].written = source.written;
        cell_copy(self, copy, part);
    }
}

/* ---- words ---------------------------------------------------------------------------------- */

Word word_number(int64_t number) {
    return (Word){.number = number};
}

Word word_address(CellId cell) {
    return (Word){.number = ADDRESS_BASE + (int64_t)cell * CELL_SPAN, .target = cell};
}

Word word_symbol(Machine *self) {
    uint32_t symbol = self->symbols.len;
    Word word = {.symbol = symbol, .guessed = true};
    array_push(&self->symbols, self->scratch, word);
    return word;
}

Word word_resolve(const Machine *self, Word word) {
    while (word.symbol != 0) {
        Word chosen = self->symbols.items[word.symbol];
        if (chosen.symbol == word.symbol)
            return word; /* undecided */
        word = chosen;
        word.guessed = true;
    }
    return word;
}

void word_bind(Machine *self, Word word, Word other) {
    word = word_resolve(self, word);
    other = word_resolve(self, other);
    if (word.symbol == 0 || word.symbol == other.symbol)
        return;
    other.guessed = true;
    self->symbols.items[word.symbol] = other;
}

static int64_t some_number(Machine *self, int64_t hint) {
    static const int64_t USUAL[] = {0, 1, 1, 2, 3, 4, 8, 15, 16, 64, 255, 0x103, -1};
    switch (machine_random(self, 6)) {
    case 0:
        return hint;
    case 1:
        return (int64_t)((uint64_t)hint + 1);
    case 2:
        return (int64_t)((uint64_t)hint - 1);
    case 3:
        return hint & -hint;
    default:
        return USUAL[machine_random(self, sizeof USUAL / sizeof *USUAL)];
    }
}

static void bind_number(Machine *self, Word word, int64_t number) {
    Word chosen = word_number(number);
    if (number != 0)
        chosen.spare = cell_new(self, 1);
    word_bind(self, word, chosen);
}

Word word_decide(Machine *self, Word word, int64_t hint) {
    word = word_resolve(self, word);
    if (word.symbol == 0)
        return word;
    bind_number(self, word, some_number(self, hint));
    return word_resolve(self, word);
}

CellId word_target(Machine *self, Word word) {
    word = word_resolve(self, word);
    if (word.target != 0)
        return word.target;
    if (word.symbol != 0) {
        CellId object = cell_new(self, 1);
        word_bind(self, word, word_address(object));
        return object;
    }
    if (word.number != 0 && word.spare != 0)
        return word.spare;
    if (word.number > -4096 && word.number < 4096)
        return 0;
    uint64_t address = (uint64_t)word.number;
    return cell_get(self, CELL_ADDRESS, (uint32_t)address, (uint32_t)(address >> 32));
}

bool word_truth(Machine *self, Word word) {
    word = word_resolve(self, word);
    if (word.symbol == 0)
        return word.number != 0;
    bool truth = !machine_chance(self, 3);
    bind_number(self, word, truth);
    return truth;
}
