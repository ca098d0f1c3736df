/* link: all units of a driver -> Program: symbols, function pointers, registrations, call graph. */
#ifndef IRQLINT_LINK_H
#define IRQLINT_LINK_H

#include "analyzer/base/base.h"
#include "irqlint/program.h"

/* Links the units (in any order) of one driver. Never fails: what does not fit together is unknown.
 * The result is the same whatever the order of `units`. */
Program *link_units(Arena *arena, const char *name, const char *base_dir, const Model *model,
                    IrUnit *const *units, uint32_t unit_count);
/* The golden text form: functions, roots, calls. */
void link_dump(const Program *program, FILE *out);

#endif
