/* address: the words for an address, as the source names the place that it comes from.
 *
 * A name is for the reader only: what an address is, inference decides.
 */
#include "analyzer/check/internal.h"

/* The pointer that an access to `path` goes through; 0 none. */
static IrValue pointer_of(const IrUnit *unit, IrPath path) {
    const IrPathRec *record = &unit->paths[path];
    while (record->kind == IR_PATH_FIELD || record->kind == IR_PATH_INDEX)
        record = &unit->paths[record->a];
    return record->kind == IR_PATH_DEREF ? record->a : 0;
}

static void name_place(AddressName *name, const Program *program, FuncId func, IrPath path) {
    const ProgUnit *unit = &program->units[program->funcs[func].unit];
    name->path = path;
    if (unit->ir->paths[path].kind == IR_PATH_INDEX)
        path = unit->ir->paths[path].a;
    const IrPathRec *place = &unit->ir->paths[path];
    name->lasting = place->kind != IR_PATH_LOCAL;
    if (place->kind == IR_PATH_LOCAL) {
        uint32_t first = program_ir(program, func)->first_local;
        name->text = ir_str(unit->ir, unit->ir->locals[first + place->a].name);
    } else if (place->kind == IR_PATH_GLOBAL) {
        name->text = ir_str(unit->ir, unit->ir->globals[place->a].name);
    } else if (place->kind == IR_PATH_FIELD) {
        name->field = unit->fields[path];
        name->text = program->field_names[name->field];
    }
}

/* A variable that lies in a section of its own. */
static bool name_variable(AddressName *name, const Program *program, FuncId func, IrPath path) {
    const ProgUnit *unit = &program->units[program->funcs[func].unit];
    const IrPathRec *record = &unit->ir->paths[path];
    while (record->kind == IR_PATH_FIELD || record->kind == IR_PATH_INDEX)
        record = &unit->ir->paths[record->a];
    if (record->kind != IR_PATH_GLOBAL)
        return false;
    uint32_t global = unit->globals[record->a];
    if (program->global_segments[global][0] == '\0')
        return false;
    *name = (AddressName){.path = path,
                          .text = program->global_names[global],
                          .lasting = true,
                          .section = program->global_segments[global]};
    return true;
}

AddressName address_of_value(const Program *program, FuncId func, IrValue value) {
    const IrUnit *unit = program_unit(program, func);
    const IrValueRec *record = &unit->values[value];
    AddressName name = {.text = "", .section = ""};
    while (record->kind == IR_VALUE_BINARY || record->kind == IR_VALUE_ADDR) {
        IrValue whole = record->kind == IR_VALUE_BINARY ? record->b : pointer_of(unit, record->a);
        if (whole == 0)
            break;
        record = &unit->values[whole];
    }
    if (record->kind == IR_VALUE_ADDR && name_variable(&name, program, func, record->a))
        return name;
    if (record->kind == IR_VALUE_PATH || record->kind == IR_VALUE_ADDR)
        name_place(&name, program, func, record->a);
    return name;
}

AddressName address_of_access(const Program *program, FuncId func, IrPath path) {
    AddressName name = {.text = "", .section = ""};
    IrValue pointer = pointer_of(program_unit(program, func), path);
    if (pointer != 0)
        return address_of_value(program, func, pointer);
    name_variable(&name, program, func, path);
    return name;
}
