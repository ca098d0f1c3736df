/* ir: building, checking, writing, reading and printing the facts of a unit (irqlint/ir.h). */
#ifndef IRQLINT_IR_STAGE_H
#define IRQLINT_IR_STAGE_H

#include "analyzer/base/base.h"
#include "irqlint/ir.h"

/* ---- building ----------------------------------------------------------------------------- */

typedef struct IrBuilder IrBuilder;

IrBuilder *irb_new(Arena *arena);
IrStr irb_str(IrBuilder *self, const char *text);
IrFile irb_file(IrBuilder *self, const char *path);
/* Interned: equal records of one function give equal ids. Call irb_begin_function between bodies.
 */
IrPath irb_path(IrBuilder *self, IrPathKind kind, uint32_t a, uint32_t b, uint32_t c);
IrValue irb_value(IrBuilder *self, IrValueKind kind, uint32_t a, uint32_t b, uint32_t c);
IrValue irb_const(IrBuilder *self, int64_t value);
void irb_begin_function(IrBuilder *self);
/* The builder's tables, to be filled in place by the front end (same names as in IrUnit). */
typedef struct IrTables {
#define IR_TABLE_ARRAY(type, name) Array(type) name;
    IR_TABLES(IR_TABLE_ARRAY)
#undef IR_TABLE_ARRAY
} IrTables;
IrTables *irb_tables(IrBuilder *self);
/* The unit; the builder must not be used afterwards. */
IrUnit *irb_finish(IrBuilder *self, const char *path);

/* ---- checking, writing, reading, printing -------------------------------------------------- */

/* Checks every index, range and kind; 0 or -1 with the first thing wrong. */
int ir_verify(const IrUnit *unit, Error *err);
/* Appends the binary form. Byte-identical for equal units. */
void ir_write(const IrUnit *unit, Text *out, Arena *arena);
/* Reads the binary form in place: the unit points into `data`, which must stay. Untrusted bytes
 * give an error (ir_verify is applied), never a crash. */
IrUnit *ir_read(Arena *arena, const void *data, size_t size, Error *err);
/* A unit that could not be parsed: status IR_FAILED and one note. */
IrUnit *ir_failed(Arena *arena, const char *path, const char *message);
/* The golden text form: stable, one function after the other, paths and values as expressions. File
 * names are printed relative to base_dir. */
void ir_dump(const IrUnit *unit, const char *base_dir, FILE *out);

#endif
