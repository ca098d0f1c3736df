// COM-style interfaces of interfaces.tsv: abstract classes in C++, opaque structures in C.
//
// For IFoo it declares the class, IID_IFoo and the macro IMP_IFoo, which lists the methods (with
// those of IMiniport and IPort) the way an implementing class declares them.
// Invariant: a method without a known signature is left out, so a class may still declare it.
#include "wdkgen.h"

#include <string.h>

typedef struct {
    const char *name;
    const char *base;
    const char *header;
    int first; // its rows: [first, end)
    int end;
} Interface;

static int is_known(Row row) {
    return row.cells[3][0] != '?' && row.cells[4][0] != '?';
}

static const char *base_of(const Table *bases, const char *name) {
    for (int i = 0; i < bases->rows_len; i++)
        if (!strcmp(bases->rows[i].cells[0], name))
            return bases->rows[i].cells[1];
    return "IUnknown";
}

// Appends "RET __stdcall NAME(params)" of every method, each between before and after.
static void write_methods(Model *self, int decl, const Table *table, const Interface *it,
                          const char *before, const char *after, Buf *out) {
    for (int i = it->first; i < it->end; i++) {
        Row row = table->rows[i];
        if (!is_known(row))
            continue;
        Buf params = {0};
        note_refs(self, decl, row.cells[3], 0);
        params_write(self, decl, row.cells[4], &params);
        buf_printf(out, "%s%s __stdcall %s(%s)%s", before, row.cells[3], row.cells[2], params.data,
                   after);
    }
}

static void add_interface(Model *self, const Table *table, const Interface *it) {
    if (map_get(&self->names, it->name) >= 0 || map_get(&self->hand, it->name) >= 0)
        return;
    int decl = model_add(self, DECL_INTERFACE, it->name, it->header, "");
    map_put(&self->names, it->name, decl);
    map_put(&self->names, str_printf("struct %s", it->name), decl);
    if (map_get(&self->hand, it->base) < 0)
        model_ref(self, decl, it->base, REF_NAME);
    model_ref(self, decl, "GUID", REF_NAME);
    Buf text = {0};
    const char *n = it->name;
    buf_printf(&text, "#ifdef __cplusplus\nextern \"C++\" {\nstruct %s : public %s {\n", n,
               it->base);
    write_methods(self, decl, table, it, " virtual ", " = 0;\n", &text);
    buf_printf(&text, "};\n}\n#else\ntypedef struct %s %s;\n#endif\n", n, n);
    buf_printf(&text, "extern const GUID IID_%s;\n#define IMP_%s", n, n);
    if (!strcmp(it->base, "IMiniport") || !strcmp(it->base, "IPort"))
        buf_printf(&text, " IMP_%s;", it->base);
    write_methods(self, decl, table, it, " ", ";", &text);
    buf_add(&text, "\n");
    self->decls[decl].text = buf_take(&text);
    map_put(&self->objects, str_printf("IID_%s", n), decl);
}

void build_interfaces(Model *self, const char *dir) {
    Table table = table_read(dir, "interfaces.tsv", 6), bases = table_read(dir, "bases.tsv", 2);
    for (int i = 0; i < table.rows_len;) {
        Interface it = {
            .name = table.rows[i].cells[1], .header = table.rows[i].cells[0], .first = i};
        while (i < table.rows_len && !strcmp(table.rows[i].cells[1], it.name))
            i++;
        it.end = i;
        it.base = base_of(&bases, it.name);
        add_interface(self, &table, &it);
    }
}
