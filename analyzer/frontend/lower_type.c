/* lower_type: what lowering asks about types, fields, files and places, each answered once.
 *
 * Invariant: a struct is known by one name in every TU: its tag without leading underscores, or the
 * typedef's name; fields of unnamed structs and unions belong to the nearest named one around
 * them. Errs: two structs of one name in different files count as one.
 */
#include "analyzer/frontend/lower.h"

IrStr intern_cx(Lower *self, CXString text) {
    IrStr result = irb_str(self->builder, clang_getCString(text));
    clang_disposeString(text);
    return result;
}

IrStr cursor_name(Lower *self, CXCursor cursor) {
    return intern_cx(self, clang_getCursorSpelling(cursor));
}

/* ---- types ---------------------------------------------------------------------------------- */

static void set_int(TypeInfo *info, uint32_t width, bool is_signed) {
    info->kind = TYPE_INT;
    info->width = width;
    info->is_signed = is_signed;
}

static bool classify_integer(TypeInfo *info, enum CXTypeKind kind) {
    switch (kind) {
    case CXType_Bool:
        set_int(info, 1, false);
        return true;
    case CXType_Char_U:
    case CXType_UChar:
        set_int(info, 8, false);
        return true;
    case CXType_Char_S:
    case CXType_SChar:
        set_int(info, 8, true);
        return true;
    case CXType_UShort:
    case CXType_WChar:
    case CXType_Char16:
        set_int(info, 16, false);
        return true;
    case CXType_Short:
        set_int(info, 16, true);
        return true;
    case CXType_UInt:
    case CXType_ULong:
    case CXType_Char32:
        set_int(info, 32, false);
        return true;
    case CXType_Int:
    case CXType_Long:
        set_int(info, 32, true);
        return true;
    case CXType_ULongLong:
        set_int(info, 64, false);
        return true;
    case CXType_LongLong:
        set_int(info, 64, true);
        return true;
    default:
        return false;
    }
}

static void classify(TypeInfo *info) {
    enum CXTypeKind kind = info->canonical.kind;
    if (kind == CXType_Enum) {
        CXType base = clang_getEnumDeclIntegerType(clang_getTypeDeclaration(info->canonical));
        if (!classify_integer(info, clang_getCanonicalType(base).kind))
            set_int(info, 32, true);
        return;
    }
    if (classify_integer(info, kind))
        return;
    switch (kind) {
    case CXType_Void:
        info->kind = TYPE_VOID;
        break;
    case CXType_Pointer:
    case CXType_NullPtr:
    case CXType_MemberPointer:
        info->kind = TYPE_POINTER;
        break;
    case CXType_LValueReference:
    case CXType_RValueReference:
        info->kind = TYPE_REFERENCE;
        break;
    case CXType_ConstantArray:
    case CXType_IncompleteArray:
    case CXType_VariableArray:
    case CXType_DependentSizedArray:
        info->kind = TYPE_ARRAY;
        break;
    case CXType_Record:
        info->kind = TYPE_RECORD;
        break;
    case CXType_FunctionProto:
    case CXType_FunctionNoProto:
        info->kind = TYPE_FUNCTION;
        break;
    case CXType_Dependent:
        info->kind = TYPE_DEPENDENT;
        break;
    default:
        info->kind = TYPE_OTHER;
    }
}

TypeId type_of(Lower *self, CXType type) {
    if (type.kind == CXType_Invalid)
        return 0;
    bool created;
    uint32_t *slot = map64_put(self->type_ids, (uint64_t)(uintptr_t)type.data[0], &created);
    if (!created)
        return *slot;
    *slot = self->types.len;
    TypeInfo info = {.type = type, .canonical = clang_getCanonicalType(type)};
    info.is_const = clang_isConstQualifiedType(info.canonical);
    classify(&info);
    array_push(&self->types, self->scratch, info);
    return self->types.len - 1;
}

/* "struct (unnamed struct at /a/b.c:2:58)" without the place, which differs between machines. */
static IrStr spelling_without_place(Lower *self, const char *text) {
    const char *at = strstr(text, " at ");
    const char *end = at == NULL || strchr(text, '(') == NULL ? NULL : strchr(at, ')');
    if (end == NULL)
        return irb_str(self->builder, text);
    int len = (int)(at - text);
    return irb_str(self->builder, arena_printf(self->scratch, "%.*s%s", len, text, end));
}

IrStr type_spelling(Lower *self, TypeId type) {
    TypeInfo *info = &self->types.items[type];
    if (type == 0 || info->spelling != 0)
        return info->spelling;
    CXString spelling = clang_getTypeSpelling(info->type);
    const char *text = clang_getCString(spelling);
    info->spelling = spelling_without_place(self, text == NULL ? "" : text);
    clang_disposeString(spelling);
    return info->spelling;
}

int64_t type_convert(const TypeInfo *type, int64_t value) {
    if (type->kind != TYPE_INT || type->width == 64)
        return value;
    if (type->width == 1)
        return value != 0;
    uint64_t bits = (uint64_t)value & ((UINT64_C(1) << type->width) - 1);
    if (type->is_signed && (bits >> (type->width - 1)) != 0)
        bits |= ~UINT64_C(0) << type->width;
    return (int64_t)bits;
}

/* ---- struct type names ---------------------------------------------------------------------- */

static bool is_record(CXCursor cursor) {
    return cursor.kind == CXCursor_StructDecl || cursor.kind == CXCursor_UnionDecl ||
           cursor.kind == CXCursor_ClassDecl || cursor.kind == CXCursor_ClassTemplate ||
           cursor.kind == CXCursor_ClassTemplatePartialSpecialization;
}

static const char *without_underscores(const char *name) {
    const char *rest = name + strspn(name, "_");
    return *rest != '\0' ? rest : name;
}

/* The name of an unnamed struct without a named one around it: its place in the file. */
static IrStr place_name(Lower *self, CXCursor record) {
    CXFile file;
    unsigned line;
    clang_getExpansionLocation(clang_getCursorLocation(record), &file, &line, NULL, NULL);
    CXString path = clang_getFileName(file);
    const char *text = clang_getCString(path);
    char *name = arena_printf(self->scratch, "(%s:%u)", text == NULL ? "" : path_base(text), line);
    clang_disposeString(path);
    return irb_str(self->builder, name);
}

IrStr record_key(Lower *self, CXCursor record) {
    CXCursor canonical = clang_getCanonicalCursor(record);
    bool created;
    uint32_t *slot = map64_put(self->record_keys, cursor_id(canonical), &created);
    if (!created)
        return *slot;
    CXString name = clang_getCursorSpelling(record);
    const char *text = clang_getCString(name);
    IrStr key;
    CXCursor parent = clang_getCursorSemanticParent(record);
    if (text != NULL && text[0] != '\0' && strchr(text, '(') == NULL)
        key = irb_str(self->builder, without_underscores(text));
    else if (is_record(parent))
        key = record_key(self, parent);
    else
        key = place_name(self, record);
    clang_disposeString(name);
    *map64_put(self->record_keys, cursor_id(canonical), NULL) = key;
    if (is_model_cursor(self, canonical))
        array_push(&self->tables->model_types, self->arena, key);
    return key;
}

/* Down through pointers, references and arrays; at most as many as people write. */
static CXType innermost(CXType type) {
    for (int i = 0; i < 8; i++) {
        CXType inner = clang_getPointeeType(type);
        if (inner.kind == CXType_Invalid)
            inner = clang_getArrayElementType(type);
        if (inner.kind == CXType_Invalid)
            return type;
        type = clang_getCanonicalType(inner);
    }
    return type;
}

IrStr type_key(Lower *self, TypeId type) {
    TypeInfo *info = &self->types.items[type];
    if (type == 0 || info->has_key)
        return info->key;
    info->has_key = true;
    CXType inner = innermost(info->canonical);
    if (inner.kind == CXType_Record)
        info->key = record_key(self, clang_getTypeDeclaration(inner));
    return self->types.items[type].key;
}

const FieldItem *field_item(Lower *self, CXCursor field) {
    bool created;
    uint32_t *slot = map64_put(self->field_ids, cursor_id(field), &created);
    if (created) {
        *slot = self->fields.len;
        FieldItem item = {0, 0};
        item.owner = record_key(self, clang_getCursorSemanticParent(field));
        if (!clang_Cursor_isAnonymous(field))
            item.name = cursor_name(self, field);
        if (item.name != 0 && strchr(self->tables->strings.items + item.name, '(') != NULL)
            item.name = 0;
        array_push(&self->fields, self->scratch, item);
        return &self->fields.items[self->fields.len - 1];
    }
    return &self->fields.items[*slot];
}

/* ---- files and places ----------------------------------------------------------------------- */

static const char *real_name(Lower *self, CXFile file) {
    CXString real = clang_File_tryGetRealPathName(file);
    const char *text = clang_getCString(real);
    char *result = NULL;
    if (text != NULL && text[0] != '\0')
        result = arena_strdup(self->scratch, text);
    clang_disposeString(real);
    if (result != NULL)
        return result;
    CXString name = clang_getFileName(file);
    text = clang_getCString(name);
    result = path_absolute(self->scratch, text == NULL ? "" : text);
    clang_disposeString(name);
    return result;
}

static bool is_inside(const char *path, const char *dir) {
    size_t len = dir == NULL ? 0 : strlen(dir);
    return len > 0 && strncmp(path, dir, len) == 0 && (path[len] == '/' || dir[len - 1] == '/');
}

const FileInfo *file_info(Lower *self, CXFile file) {
    bool created;
    uint32_t *slot = map64_put(self->file_ids, (uint64_t)(uintptr_t)file, &created);
    if (created) {
        *slot = self->files.len;
        FileInfo info = {.file = file, .is_model = true};
        if (file != NULL) {
            const char *path = real_name(self, file);
            info.is_model =
                is_inside(path, self->job->model_dir) || is_inside(path, self->job->kit_dir);
            info.ir = irb_file(self->builder, path);
        }
        array_push(&self->files, self->scratch, info);
        return &self->files.items[self->files.len - 1];
    }
    return &self->files.items[*slot];
}

IrLoc loc_of(Lower *self, CXSourceLocation location) {
    CXFile file;
    unsigned line, column;
    clang_getExpansionLocation(location, &file, &line, &column, NULL);
    if (file == NULL || (self->stand_ins != NULL && clang_File_isEqual(file, self->stand_ins)))
        return (IrLoc){0, 0, 0};
    return (IrLoc){file_info(self, file)->ir, line, column};
}

bool is_stand_in(const Lower *self, CXCursor cursor) {
    CXFile file;
    if (self->stand_ins == NULL)
        return false;
    clang_getExpansionLocation(clang_getCursorLocation(cursor), &file, NULL, NULL, NULL);
    return file != NULL && clang_File_isEqual(file, self->stand_ins);
}

bool is_model_cursor(Lower *self, CXCursor cursor) {
    CXFile file;
    clang_getExpansionLocation(clang_getCursorLocation(cursor), &file, NULL, NULL, NULL);
    return file_info(self, file)->is_model;
}
