/* role_row: roles, registrations and field facts: what has a form of its own, and their order.
 *
 * Invariant: rows of one key are adjacent in the orders defined here, which the look-ups search.
 */
#include "analyzer/model/rows.h"

void role_check(Reader *self, uint32_t line, const Role *role) {
    if ((role->certain & role->possible) != 0)
        reader_error(self, line, "a level is certain or possible, not both");
}

/* "Field{Other=CONSTANT}": the part in braces; what stands before it. */
static const char *set_sibling(Reader *self, Registration *reg, Cell member) {
    const char *brace = strchr(member.text, '{');
    if (brace == NULL)
        return member.text;
    const char *equals = strchr(brace, '='), *end = strchr(brace, '}');
    if (equals == NULL || end == NULL || end < equals || end[1] != '\0') {
        reader_error(self, member.line, "not a field: %s", member.text);
        return member.text;
    }
    const char *value = arena_strndup(self->arena, equals + 1, (size_t)(end - equals - 1));
    reg->sibling = arena_strndup(self->arena, brace + 1, (size_t)(equals - brace - 1));
    constant_value(self, (Cell){value, member.line}, &reg->sibling_value);
    return arena_strndup(self->arena, member.text, (size_t)(brace - member.text));
}

void registration_set_field(Reader *self, Registration *reg, Cell member) {
    member.text = set_sibling(self, reg, member);
    const char *bracket = strchr(member.text, '[');
    int64_t index = 0;
    reg->field = member.text;
    reg->index = -1;
    if (bracket == NULL)
        return;
    size_t len = strlen(bracket);
    reg->field = arena_strndup(self->arena, member.text, (size_t)(bracket - member.text));
    if (bracket[len - 1] != ']' || len < 3) {
        reader_error(self, member.line, "not a field: %s", member.text);
        return;
    }
    const char *text = arena_strndup(self->arena, bracket + 1, len - 2);
    if (!constant_value(self, (Cell){text, member.line}, &index))
        return;
    if (index < 0 || index > INT32_MAX)
        reader_error(self, member.line, "not an index: %s", text);
    else
        reg->index = (int32_t)index;
}

/* The constant in "kind(CONSTANT)", 0 without one. */
static int64_t fact_value(Reader *self, Cell kind) {
    const char *open = strchr(kind.text, '(');
    int64_t value = 0;
    if (open == NULL)
        return 0;
    if (!str_ends_with(kind.text, ")"))
        reader_error(self, kind.line, "not a kind of field: %s", kind.text);
    else
        constant_value(self,
                       (Cell){arena_strndup(self->arena, open + 1, strlen(open) - 2), kind.line},
                       &value);
    return value;
}

void field_set_kind(Reader *self, FieldFact *fact, Cell kind) {
    const char *word = arena_strndup(self->arena, kind.text, strcspn(kind.text, "("));
    fact->kind = (uint8_t)word_value(self, &field_words, (Cell){word, kind.line});
    fact->value = fact_value(self, kind);
}

const char *field_key(Arena *arena, const FieldFact *fact) {
    if (fact->kind < FIELD_PASSIVE_SETTING)
        return arena_printf(arena, "%s.%s", fact->type, fact->field);
    return arena_printf(arena, "%s.%s %u(%lld)", fact->type, fact->field, fact->kind,
                        (long long)fact->value);
}

/* ---- orders -------------------------------------------------------------------------------- */

int compare_by_ddi(const Registration *a, const Registration *b) {
    int order = strcmp(a->ddi, b->ddi);
    if (order == 0)
        order = (int)a->arg - (int)b->arg;
    return order != 0 ? order : strcmp(a->role, b->role);
}

int compare_siblings(const Registration *a, const Registration *b) {
    if (a->sibling == NULL || b->sibling == NULL)
        return (a->sibling != NULL) - (b->sibling != NULL);
    int order = strcmp(a->sibling, b->sibling);
    return order != 0
               ? order
               : (a->sibling_value > b->sibling_value) - (a->sibling_value < b->sibling_value);
}

int compare_by_field(const Registration *a, const Registration *b) {
    int order = strcmp(a->type, b->type);
    if (order == 0)
        order = strcmp(a->field, b->field);
    if (order == 0)
        order = (a->index > b->index) - (a->index < b->index);
    if (order == 0)
        order = compare_siblings(a, b);
    return order != 0 ? order : strcmp(a->role, b->role);
}
