/* binary: a unit as bytes, for the cache and for other machines.
 *
 * Layout: a Header, then the tables in the order of IR_TABLES, each at a multiple of 8 bytes, gaps
 * zero. Invariant: equal units give equal bytes, and what ir_read accepts is what was written and
 * passes ir_verify. Byte
 * order is the machine's; a file from the other kind is refused, as is another version. Errs
 * towards refusing: the cache then parses again.
 */
#include "analyzer/ir/ir.h"

#define IR_MAGIC UINT32_C(0x46515249) /* "IRQF" */
/* Raise when any record changes its size or its meaning. */
#define IR_VERSION UINT32_C(3)

#define IR_COUNT_TABLE(type, name) +1
enum { TABLE_COUNT = 0 IR_TABLES(IR_COUNT_TABLE), TABLE_ALIGN = 8 };
#undef IR_COUNT_TABLE

typedef struct Header {
    uint32_t magic;             /* IR_MAGIC: also the byte order */
    uint32_t version;           /* IR_VERSION */
    uint64_t size;              /* bytes in all */
    uint32_t path;              /* IrUnit.path */
    uint32_t status;            /* IrUnit.status */
    uint32_t error_count;       /* IrUnit.error_count */
    uint32_t warning_count;     /* IrUnit.warning_count */
    uint32_t lens[TABLE_COUNT]; /* records in each table */
    uint32_t pad;               /* 0; keeps the tables at a multiple of 8 */
    uint64_t checksum;          /* of what follows the header */
} Header;

_Static_assert(sizeof(Header) % TABLE_ALIGN == 0, "the first table follows the header");
_Static_assert(sizeof(IrOpRec) == 32 && sizeof(IrCaseRec) == 24, "records have no padding");

static uint64_t align_up(uint64_t size) {
    return (size + TABLE_ALIGN - 1) & ~(uint64_t)(TABLE_ALIGN - 1);
}

static void append_table(Text *out, Arena *arena, const void *records, size_t size) {
    static const char zeros[TABLE_ALIGN];
    if (size > 0)
        text_append_len(out, arena, records, size);
    text_append_len(out, arena, zeros, (size_t)align_up(size) - size);
}

void ir_write(const IrUnit *unit, Text *out, Arena *arena) {
    Header header = {.magic = IR_MAGIC, .version = IR_VERSION, .size = sizeof(Header)};
    header.path = unit->path;
    header.status = unit->status;
    header.error_count = unit->error_count;
    header.warning_count = unit->warning_count;
    uint32_t table = 0;
#define IR_MEASURE(type, name)                                                                     \
    header.lens[table++] = unit->name##_len;                                                       \
    header.size += align_up(sizeof(type) * (uint64_t)unit->name##_len);
    IR_TABLES(IR_MEASURE)
#undef IR_MEASURE
    uint32_t begin = out->len;
    text_append_len(out, arena, (const char *)&header, sizeof header);
#define IR_APPEND(type, name)                                                                      \
    append_table(out, arena, unit->name, sizeof(type) * (size_t)unit->name##_len);
    IR_TABLES(IR_APPEND)
#undef IR_APPEND
    const char *tables = out->items + begin + sizeof header;
    header.checksum = hash128(tables, out->len - begin - sizeof header).low;
    memcpy(out->items + begin, &header, sizeof header);
}

/* The table that begins at *at, which is moved behind it; NULL when it does not fit. */
static const void *take_table(const unsigned char *data, uint64_t size, uint64_t *at,
                              uint64_t table_size) {
    uint64_t begin = *at;
    if (table_size > size - begin || align_up(table_size) > size - begin)
        return NULL;
    *at = begin + align_up(table_size);
    return data + begin;
}

static int take_tables(IrUnit *unit, const Header *header, const unsigned char *data,
                       uint64_t size) {
    uint64_t at = sizeof(Header);
    uint32_t table = 0;
#define IR_TAKE(type, name)                                                                        \
    unit->name##_len = header->lens[table++];                                                      \
    unit->name =                                                                                   \
        (type *)(uintptr_t)take_table(data, size, &at, sizeof(type) * (uint64_t)unit->name##_len); \
    if (unit->name == NULL)                                                                        \
        return -1;
    IR_TABLES(IR_TAKE)
#undef IR_TAKE
    return at == size ? 0 : -1;
}

/* Database blobs may lie anywhere: the records need 8-byte alignment. */
static const void *aligned(Arena *arena, const void *data, size_t size) {
    if ((uintptr_t)data % TABLE_ALIGN == 0)
        return data;
    return memcpy(arena_alloc(arena, size), data, size);
}

IrUnit *ir_read(Arena *arena, const void *data, size_t size, Error *err) {
    Header header;
    if (size < sizeof header) {
        error_set(err, "malformed facts: %zu bytes are too few", size);
        return NULL;
    }
    memcpy(&header, data, sizeof header);
    if (header.magic != IR_MAGIC || header.version != IR_VERSION) {
        error_set(err, "malformed facts: not facts of version %u", IR_VERSION);
        return NULL;
    }
    IrUnit *unit = arena_new_of(arena, IrUnit);
    unit->path = header.path;
    unit->status = header.status;
    unit->error_count = header.error_count;
    unit->warning_count = header.warning_count;
    data = aligned(arena, data, size);
    if (header.size != size || take_tables(unit, &header, data, size) != 0) {
        error_set(err, "malformed facts: tables do not fit into %zu bytes", size);
        return NULL;
    }
    if (hash128((const char *)data + sizeof header, size - sizeof header).low != header.checksum) {
        error_set(err, "malformed facts: they are not as they were written");
        return NULL;
    }
    return ir_verify(unit, err) == 0 ? unit : NULL;
}
