/* Units of the ir stage: interning, the verifier, the binary form, hostile bytes. */
#include "analyzer/ir/ir.h"
#include "tests/suite.h"

#include <stdlib.h>

/* func F(p) { t = *p; G(t, &p->Field); return %1 + 3; } */
static IrUnit *sample_unit(Arena *arena) {
    IrBuilder *b = irb_new(arena);
    IrTables *t = irb_tables(b);
    IrFile file = irb_file(b, "/src/a.c");
    IrLoc loc = {file, 3, 1};
    IrFuncRec f = {.name = irb_str(b, "F"), .flags = IR_FUNC_BODY, .loc = loc};
    f.first_local = 1;
    f.param_count = 1;
    f.local_count = 2;
    f.first_block = 1;
    f.block_count = 1;
    f.first_note = f.first_role = 1;
    f.first_region = 1;
    IrFuncRec g = {.name = irb_str(b, "G"), .flags = IR_FUNC_MODEL};
    array_push(&t->funcs, arena, f);
    array_push(&t->funcs, arena, g);
    IrLocalRec p = {irb_str(b, "p"), irb_str(b, "S *"), irb_str(b, "S"), IR_LOCAL_PARAM};
    IrLocalRec temp = {0, irb_str(b, "int"), 0, IR_LOCAL_TEMP};
    array_push(&t->locals, arena, p);
    array_push(&t->locals, arena, temp);
    irb_begin_function(b);
    IrPath path_p = irb_path(b, IR_PATH_LOCAL, 0, 0, 0);
    IrPath path_t = irb_path(b, IR_PATH_LOCAL, 1, 0, 0);
    IrPath target = irb_path(b, IR_PATH_DEREF, irb_value(b, IR_VALUE_PATH, path_p, 0, 0), 0, 0);
    IrPath field = irb_path(b, IR_PATH_FIELD, target, irb_str(b, "S"), irb_str(b, "Field"));
    IrOpRec load = {IR_OP_LOAD, target, 0, 0, loc, 0};
    IrOpRec store = {IR_OP_STORE, path_t, irb_value(b, IR_VALUE_PATH, target, 0, 0), 0, loc, 0};
    IrOpRec call = {IR_OP_CALL, irb_value(b, IR_VALUE_FUNC, 2, 0, 0), 1, 2, loc, 0};
    array_push(&t->ops, arena, load);
    array_push(&t->ops, arena, store);
    array_push(&t->ops, arena, call);
    array_push(&t->args, arena, irb_value(b, IR_VALUE_PATH, path_t, 0, 0));
    array_push(&t->args, arena, irb_value(b, IR_VALUE_ADDR, field, 0, 0));
    IrValue sum = irb_value(b, IR_VALUE_BINARY, IR_ADD, irb_value(b, IR_VALUE_CALL, 3, 0, 0),
                            irb_const(b, 3));
    IrBlockRec block = {.first_op = 1, .op_count = 3, .term = IR_TERM_RETURN, .cond = sum};
    array_push(&t->blocks, arena, block);
    return irb_finish(b, "/src/a.c");
}

START_TEST(interning_is_per_function) {
    Arena *arena = arena_new();
    IrBuilder *b = irb_new(arena);
    irb_begin_function(b);
    IrPath first = irb_path(b, IR_PATH_LOCAL, 4, 0, 0);
    ck_assert_uint_ne(first, 0);
    ck_assert_uint_eq(irb_path(b, IR_PATH_LOCAL, 4, 0, 0), first);
    ck_assert_uint_ne(irb_path(b, IR_PATH_LOCAL, 5, 0, 0), first);
    ck_assert_uint_eq(irb_const(b, -7), irb_const(b, -7));
    ck_assert_int_eq(ir_const(&irb_tables(b)->values.items[irb_const(b, -7)]), -7);
    ck_assert_uint_eq(irb_str(b, "text"), irb_str(b, "text"));
    ck_assert_uint_eq(irb_str(b, ""), 0);
    ck_assert_uint_eq(irb_file(b, "/x.c"), irb_file(b, "/x.c"));
    irb_begin_function(b);
    ck_assert_uint_ne(irb_path(b, IR_PATH_LOCAL, 4, 0, 0), first);
    arena_free(arena);
}
END_TEST

/* Records of both tables and of many functions must never be taken for each other. */
START_TEST(interning_many_records) {
    Arena *arena = arena_new();
    IrBuilder *b = irb_new(arena);
    for (uint32_t function = 0; function < 300; function++) {
        irb_begin_function(b);
        for (uint32_t i = 0; i < 20; i++) {
            IrPath path = irb_path(b, IR_PATH_LOCAL, i, 0, 0);
            ck_assert_uint_eq(irb_tables(b)->paths.items[path].a, i);
            IrValue value = irb_value(b, IR_VALUE_PATH, path, 0, 0);
            ck_assert_uint_eq(irb_tables(b)->values.items[value].kind, IR_VALUE_PATH);
            ck_assert_uint_eq(irb_tables(b)->values.items[value].a, path);
        }
    }
    ck_assert_uint_eq(irb_tables(b)->paths.len, 1 + 300 * 20);
    arena_free(arena);
}
END_TEST

START_TEST(unknown_places_are_distinct) {
    Arena *arena = arena_new();
    IrBuilder *b = irb_new(arena);
    irb_begin_function(b);
    IrPath one = irb_path(b, IR_PATH_UNKNOWN, 0, 0, 0);
    IrPath two = irb_path(b, IR_PATH_UNKNOWN, 0, 0, 0);
    ck_assert_uint_ne(one, two);
    arena_free(arena);
}
END_TEST

START_TEST(deep_chains_become_unknown) {
    Arena *arena = arena_new();
    IrBuilder *b = irb_new(arena);
    Error err = {""};
    irb_begin_function(b);
    IrValue value = irb_const(b, 1);
    for (int i = 0; i < 10000; i++)
        value = irb_value(b, IR_VALUE_UNARY, IR_NOT, value, 0);
    IrPath path = irb_path(b, IR_PATH_LOCAL, 0, 0, 0);
    for (int i = 0; i < 10000; i++)
        path = irb_path(b, IR_PATH_DEREF, irb_value(b, IR_VALUE_PATH, path, 0, 0), 0, 0);
    ck_assert_int_eq(ir_verify(irb_finish(b, "/a.c"), &err), 0);
    arena_free(arena);
}
END_TEST

START_TEST(sample_verifies) {
    Arena *arena = arena_new();
    Error err = {""};
    ck_assert_msg(ir_verify(sample_unit(arena), &err) == 0, "%s", err.message);
    ck_assert_int_eq(ir_verify(ir_failed(arena, "/src/a.c", "no"), &err), 0);
    arena_free(arena);
}
END_TEST

typedef void Spoil(IrUnit *unit);

static void spoil_op_kind(IrUnit *unit) {
    unit->ops[2].kind = 99;
}
static void spoil_path_cycle(IrUnit *unit) {
    unit->paths[4].a = 4;
}
static void spoil_cross_cycle(IrUnit *unit) {
    unit->values[1].a = 3; /* the value in *p is *p itself */
}
static void spoil_local(IrUnit *unit) {
    unit->paths[1].a = 2;
}
static void spoil_call_target(IrUnit *unit) {
    for (uint32_t i = 1; i < unit->values_len; i++) {
        if (unit->values[i].kind == IR_VALUE_CALL)
            unit->values[i].a = 1;
    }
}
static void spoil_args(IrUnit *unit) {
    unit->ops[3].c = 3;
}
static void spoil_blocks(IrUnit *unit) {
    unit->funcs[1].block_count = UINT32_MAX;
}
static void spoil_term(IrUnit *unit) {
    unit->blocks[1].term = IR_TERM_GOTO;
    unit->blocks[1].a = 7;
}
static void spoil_string(IrUnit *unit) {
    unit->funcs[1].name = unit->strings_len;
}
static void spoil_string_end(IrUnit *unit) {
    unit->strings[unit->strings_len - 1] = 'x';
}
static void spoil_region(IrUnit *unit) {
    unit->blocks[1].region = 1;
}
static void spoil_note_param(IrUnit *unit) {
    unit->funcs[1].note_count = 1;
}
static void spoil_status(IrUnit *unit) {
    unit->status = 3;
}

static void spoil_param(IrUnit *unit) {
    unit->locals[2].flags |= IR_LOCAL_PARAM;
}
static void spoil_scope(IrUnit *unit) {
    unit->ops[1].kind = IR_OP_SCOPE;
    unit->ops[1].a = 0;
}
static void spoil_shared_body(IrUnit *unit) {
    unit->funcs[2] = unit->funcs[1];
}
static void spoil_call_outside(IrUnit *unit) {
    unit->blocks[1].op_count = 2;
}

static void spoil_unused_path(IrUnit *unit) {
    unit->paths[0] = (IrPathRec){.kind = IR_PATH_FIELD, .b = unit->strings_len};
}

static Spoil *const spoils[] = {
    spoil_unused_path, spoil_op_kind,     spoil_path_cycle,  spoil_cross_cycle, spoil_local,
    spoil_call_target, spoil_args,        spoil_blocks,      spoil_term,        spoil_string,
    spoil_string_end,  spoil_region,      spoil_note_param,  spoil_status,      spoil_param,
    spoil_scope,       spoil_shared_body, spoil_call_outside};

START_TEST(verify_refuses) {
    Arena *arena = arena_new();
    Error err = {""};
    IrUnit *unit = sample_unit(arena);
    spoils[_i](unit);
    ck_assert_int_eq(ir_verify(unit, &err), -1);
    ck_assert_str_ne(err.message, "");
    arena_free(arena);
}
END_TEST

/* Two blocks: with an edge between them, without one, and with the second guarding itself. */
static int verify_two_blocks(Arena *arena, bool edge, bool guards, Error *err) {
    IrBuilder *b = irb_new(arena);
    IrTables *t = irb_tables(b);
    IrFuncRec f = {.name = irb_str(b, "F"), .flags = IR_FUNC_BODY, .first_local = 1};
    f.first_block = f.first_note = f.first_role = f.first_region = 1;
    f.block_count = 2;
    f.region_count = 1;
    array_push(&t->funcs, arena, f);
    IrRegionRec region = {IR_REGION_FINALLY, 0, 2, 0};
    array_push(&t->regions, arena, region);
    IrBlockRec first = {.first_op = 1, .term = edge ? IR_TERM_GOTO : IR_TERM_RETURN, .a = 2};
    IrBlockRec second = {.first_op = 1, .term = IR_TERM_RETURN, .region = guards ? 1 : 0};
    array_push(&t->blocks, arena, first);
    array_push(&t->blocks, arena, second);
    return ir_verify(irb_finish(b, "/a.c"), err);
}

START_TEST(verify_graph) {
    Arena *arena = arena_new();
    Error err = {""};
    ck_assert_msg(verify_two_blocks(arena, true, false, &err) == 0, "%s", err.message);
    ck_assert_int_eq(verify_two_blocks(arena, false, false, &err), -1);
    ck_assert_ptr_nonnull(strstr(err.message, "nothing leads to"));
    ck_assert_int_eq(verify_two_blocks(arena, true, true, &err), -1);
    ck_assert_ptr_nonnull(strstr(err.message, "what it guards"));
    arena_free(arena);
}
END_TEST

static char *dumped(const IrUnit *unit) {
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    ir_dump(unit, "/src", out);
    fclose(out);
    return text;
}

START_TEST(round_trip) {
    Arena *arena = arena_new();
    Error err = {""};
    Text first = {0}, second = {0};
    IrUnit *unit = sample_unit(arena);
    ir_write(unit, &first, arena);
    IrUnit *copy = ir_read(arena, first.items, first.len, &err);
    ck_assert_msg(copy != NULL, "%s", err.message);
    ir_write(copy, &second, arena);
    ck_assert_uint_eq(first.len, second.len);
    ck_assert_mem_eq(first.items, second.items, first.len);
    char *text = dumped(unit), *text_of_copy = dumped(copy);
    ck_assert_str_eq(text, text_of_copy);
    ck_assert_ptr_nonnull(strstr(text, "%1 = call G(t1, &p->Field)  @a.c:3"));
    ck_assert_ptr_nonnull(strstr(text, "return (%1 + 3)"));
    free(text);
    free(text_of_copy);
    arena_free(arena);
}
END_TEST

START_TEST(reads_from_any_address) {
    Arena *arena = arena_new();
    Error err = {""};
    Text bytes = {0};
    ir_write(sample_unit(arena), &bytes, arena);
    char *moved = arena_alloc(arena, bytes.len + 8);
    for (size_t shift = 1; shift < 8; shift++) {
        memcpy(moved + shift, bytes.items, bytes.len);
        ck_assert_ptr_nonnull(ir_read(arena, moved + shift, bytes.len, &err));
    }
    arena_free(arena);
}
END_TEST

START_TEST(truncation_is_an_error) {
    Arena *arena = arena_new();
    Text bytes = {0};
    ir_write(sample_unit(arena), &bytes, arena);
    for (uint32_t size = 0; size < bytes.len; size++) {
        Error err = {""};
        ck_assert_ptr_null(ir_read(arena, bytes.items, size, &err));
        ck_assert_str_ne(err.message, "");
    }
    arena_free(arena);
}
END_TEST

/* Whatever a changed word makes of the facts: refused, or fit to be printed. */
START_TEST(hostile_bytes) {
    static const uint32_t patterns[] = {0, 1, 2, 5, 7, 255, 0x7fffffff, 0x80000000, UINT32_MAX};
    Arena *arena = arena_new();
    Text bytes = {0};
    ir_write(sample_unit(arena), &bytes, arena);
    char *changed = arena_alloc(arena, bytes.len);
    for (uint32_t at = 0; at + 4 <= bytes.len; at += 4) {
        for (size_t i = 0; i < sizeof patterns / sizeof patterns[0]; i++) {
            Error err = {""};
            Arena *scratch = arena_new();
            memcpy(changed, bytes.items, bytes.len);
            memcpy(changed + at, &patterns[i], 4);
            IrUnit *unit = ir_read(scratch, changed, bytes.len, &err);
            if (unit != NULL)
                free(dumped(unit));
            arena_free(scratch);
        }
    }
    arena_free(arena);
}
END_TEST

int main(void) {
    Suite *suite = suite_create("ir");
    TCase *build = tcase_create("build");
    tcase_add_test(build, interning_is_per_function);
    tcase_add_test(build, interning_many_records);
    tcase_add_test(build, unknown_places_are_distinct);
    tcase_add_test(build, deep_chains_become_unknown);
    suite_add_tcase(suite, build);
    TCase *verify = tcase_create("verify");
    tcase_add_test(verify, sample_verifies);
    tcase_add_loop_test(verify, verify_refuses, 0, sizeof spoils / sizeof spoils[0]);
    tcase_add_test(verify, verify_graph);
    suite_add_tcase(suite, verify);
    TCase *binary = tcase_create("binary");
    tcase_set_timeout(binary, 120);
    tcase_add_test(binary, round_trip);
    tcase_add_test(binary, reads_from_any_address);
    tcase_add_test(binary, truncation_is_an_error);
    tcase_add_test(binary, hostile_bytes);
    suite_add_tcase(suite, binary);
    return run_suite(suite);
}
