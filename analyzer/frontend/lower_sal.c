/* lower_sal: SAL annotations as text.
 *
 * The model headers turn those that concern IRQL, locks and roles into annotate attributes whose
 * text begins with "sal:". Invariant: an annotation is recorded once per function, parameter and
 * text: clang hands attributes on from one declaration to the next. Errs: of a function typedef
 * only the driver's own are taken; what the kernel's say is the model's business.
 */
#include "analyzer/frontend/lower.h"

static bool has_annotation(const Lower *self, uint32_t first, IrStr text, int32_t param) {
    for (uint32_t i = first; i < self->tables->sal.len; i++) {
        const IrSalRec *sal = &self->tables->sal.items[i];
        if (sal->text == text && sal->param == param)
            return true;
    }
    return false;
}

void sal_add(Lower *self, uint32_t first, CXCursor attribute, int32_t param) {
    if (attribute.kind != CXCursor_AnnotateAttr)
        return;
    CXString spelling = clang_getCursorSpelling(attribute);
    const char *text = clang_getCString(spelling);
    if (text != NULL && str_starts_with(text, "sal:")) {
        IrSalRec sal = {irb_str(self->builder, text + strlen("sal:")), param, {0, 0, 0}};
        sal.loc = loc_of(self, clang_getCursorLocation(attribute));
        if (!has_annotation(self, first, sal.text, param))
            array_push(&self->tables->sal, self->arena, sal);
    }
    clang_disposeString(spelling);
}

typedef struct TypedefVisit {
    Lower *lower;   /* the TU */
    uint32_t first; /* first annotation of the function */
    int32_t param;  /* parameters met so far - 1; -1: none yet */
} TypedefVisit;

static enum CXChildVisitResult visit_param(CXCursor cursor, CXCursor parent, CXClientData data) {
    TypedefVisit *self = data;
    (void)parent;
    sal_add(self->lower, self->first, cursor, self->param);
    return CXChildVisit_Continue;
}

static enum CXChildVisitResult visit_typedef(CXCursor cursor, CXCursor parent, CXClientData data) {
    TypedefVisit *self = data;
    (void)parent;
    sal_add(self->lower, self->first, cursor, -1);
    if (cursor.kind == CXCursor_ParmDecl) {
        self->param++;
        clang_visitChildren(cursor, visit_param, self);
    }
    return CXChildVisit_Continue;
}

void sal_add_typedef(Lower *self, uint32_t first, CXCursor typedef_decl) {
    TypedefVisit visit = {self, first, -1};
    clang_visitChildren(typedef_decl, visit_typedef, &visit);
}
