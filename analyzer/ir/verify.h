/* verify: the inside of ir_verify. */
#ifndef IRQLINT_IR_VERIFY_H
#define IRQLINT_IR_VERIFY_H

#include "analyzer/base/base.h"
#include "irqlint/ir.h"

/* verify_graph.c; every index must be right already. 0, or -1 with the first thing wrong. */
int verify_graphs(const IrUnit *unit, Arena *scratch, Error *err);

#endif
