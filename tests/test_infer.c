/* Laws of the small lattice, checked exhaustively over all intervals with bounds in [-3, 3]: every
 * abstract operation contains the concrete one; join is a least upper bound in the ways that the
 * fixpoint needs. */
#include "analyzer/infer/internal.h"
#include "tests/suite.h"

#include <stdlib.h>

enum { LEAST = -3, MOST = 3 };

typedef Array(AbsValue) Values;

static bool contains(AbsValue value, int64_t number) {
    return value.lo <= number && number <= value.hi && !(value.nonzero && number == 0);
}

static void all_values(Arena *arena, Values *values) {
    for (int64_t lo = LEAST; lo <= MOST; lo++) {
        for (int64_t hi = lo; hi <= MOST; hi++) {
            array_push(values, arena, (AbsValue){lo, hi, 0, 0, 0, 0});
            if (!(lo == 0 && hi == 0))
                array_push(values, arena, (AbsValue){lo, hi, 1, 0, 0, 0});
        }
    }
    array_push(values, arena, VALUE_TOP);
}

static bool concrete_compare(IrBinary op, int64_t a, int64_t b) {
    switch (op) {
    case IR_EQ:
        return a == b;
    case IR_NE:
        return a != b;
    case IR_LT:
        return a < b;
    case IR_LE:
        return a <= b;
    case IR_GT:
        return a > b;
    default:
        return a >= b;
    }
}

static int64_t concrete_binary(IrBinary op, int64_t a, int64_t b) {
    switch (op) {
    case IR_ADD:
        return a + b;
    case IR_SUB:
        return a - b;
    case IR_AND:
        return a & b;
    case IR_OR:
        return a | b;
    case IR_XOR:
        return a ^ b;
    default:
        return a * b;
    }
}

START_TEST(join_contains_both_and_is_stable) {
    Arena *arena = arena_new();
    Values values = {0};
    all_values(arena, &values);
    for (uint32_t i = 0; i < values.len; i++) {
        ck_assert(abs_equal(abs_join(values.items[i], values.items[i]), values.items[i]));
        for (uint32_t j = 0; j < values.len; j++) {
            AbsValue a = values.items[i], b = values.items[j], both = abs_join(a, b);
            ck_assert(abs_equal(both, abs_join(b, a)));
            ck_assert(abs_equal(abs_join(both, a), both));
            for (int64_t n = LEAST; n <= MOST; n++)
                ck_assert(!(contains(a, n) || contains(b, n)) || contains(both, n));
        }
    }
    arena_free(arena);
}
END_TEST

/* A pointer's origins, NULL among the values: joining again what was joined changes nothing. */
START_TEST(join_of_origins_is_stable) {
    static const uint8_t ORIGINS[] = {
        0, ORIGIN_USER, ORIGIN_USER | ORIGIN_MAYBE, ORIGIN_PAGED, ORIGIN_COPY, ORIGIN_OTHER};
    Arena *arena = arena_new();
    Values values = {0};
    for (unsigned o = 0; o < sizeof ORIGINS; o++) {
        for (int64_t number = 0; number < 3; number++) {
            AbsValue value = abs_const(number);
            value.origin = ORIGINS[o];
            array_push(&values, arena, value);
        }
        AbsValue top = VALUE_TOP;
        top.origin = ORIGINS[o];
        array_push(&values, arena, top);
    }
    for (uint32_t i = 0; i < values.len; i++) {
        ck_assert(abs_equal(abs_join(values.items[i], values.items[i]), values.items[i]));
        for (uint32_t j = 0; j < values.len; j++) {
            AbsValue both = abs_join(values.items[i], values.items[j]);
            ck_assert(abs_equal(both, abs_join(values.items[j], values.items[i])));
            ck_assert(abs_equal(abs_join(both, values.items[i]), both));
            ck_assert(abs_equal(abs_join(both, values.items[j]), both));
        }
    }
    arena_free(arena);
}
END_TEST

/* At the ends of the range nothing wraps around. */
START_TEST(arithmetic_is_sound_at_the_limits) {
    static const int64_t ENDS[] = {INT64_MIN, INT64_MIN + 1, -1, 0, 1, INT64_MAX - 1, INT64_MAX};
    enum { COUNT = sizeof ENDS / sizeof *ENDS };
    for (unsigned a = 0; a < COUNT; a++) {
        for (unsigned b = 0; b < COUNT; b++) {
            AbsValue left = abs_const(ENDS[a]), right = abs_const(ENDS[b]);
            int64_t number;
            if (!__builtin_add_overflow(ENDS[a], ENDS[b], &number))
                ck_assert(contains(abs_binary(IR_ADD, left, right), number));
            if (!__builtin_sub_overflow(ENDS[a], ENDS[b], &number))
                ck_assert(contains(abs_binary(IR_SUB, left, right), number));
            if (!__builtin_mul_overflow(ENDS[a], ENDS[b], &number))
                ck_assert(contains(abs_binary(IR_MUL, left, right), number));
            for (int op = IR_EQ; op <= IR_GE; op++) {
                bool holds = concrete_compare((IrBinary)op, ENDS[a], ENDS[b]), possible;
                Truth truth = abs_compare((IrBinary)op, left, right);
                ck_assert(truth == TRUTH_UNKNOWN || (truth == TRUTH_TRUE) == holds);
                AbsValue refined = abs_refine(VALUE_TOP, (IrBinary)op, right, &possible);
                ck_assert(!holds || (possible && contains(refined, ENDS[a])));
            }
        }
    }
}
END_TEST

START_TEST(comparison_is_sound) {
    Arena *arena = arena_new();
    Values values = {0};
    all_values(arena, &values);
    for (uint32_t i = 0; i < values.len; i++) {
        for (uint32_t j = 0; j < values.len; j++) {
            for (int op = IR_EQ; op <= IR_GE; op++) {
                Truth truth = abs_compare((IrBinary)op, values.items[i], values.items[j]);
                for (int64_t a = LEAST; a <= MOST; a++) {
                    for (int64_t b = LEAST; b <= MOST; b++) {
                        if (!contains(values.items[i], a) || !contains(values.items[j], b))
                            continue;
                        bool holds = concrete_compare((IrBinary)op, a, b);
                        ck_assert(truth == TRUTH_UNKNOWN || (truth == TRUTH_TRUE) == holds);
                    }
                }
            }
        }
    }
    arena_free(arena);
}
END_TEST

START_TEST(arithmetic_is_sound) {
    static const IrBinary OPS[] = {IR_ADD, IR_SUB, IR_MUL, IR_AND, IR_OR, IR_XOR};
    Arena *arena = arena_new();
    Values values = {0};
    all_values(arena, &values);
    for (uint32_t i = 0; i < values.len; i++) {
        for (uint32_t j = 0; j < values.len; j++) {
            for (unsigned op = 0; op < sizeof OPS / sizeof *OPS; op++) {
                AbsValue result = abs_binary(OPS[op], values.items[i], values.items[j]);
                for (int64_t a = LEAST; a <= MOST; a++) {
                    for (int64_t b = LEAST; b <= MOST; b++) {
                        if (contains(values.items[i], a) && contains(values.items[j], b))
                            ck_assert(contains(result, concrete_binary(OPS[op], a, b)));
                    }
                }
            }
        }
    }
    arena_free(arena);
}
END_TEST

START_TEST(refinement_keeps_what_satisfies_the_test) {
    Arena *arena = arena_new();
    Values values = {0};
    all_values(arena, &values);
    for (uint32_t i = 0; i < values.len; i++) {
        for (uint32_t j = 0; j < values.len; j++) {
            for (int op = IR_EQ; op <= IR_GE; op++) {
                bool possible;
                AbsValue refined =
                    abs_refine(values.items[i], (IrBinary)op, values.items[j], &possible);
                for (int64_t a = LEAST; a <= MOST; a++) {
                    for (int64_t b = LEAST; b <= MOST; b++) {
                        if (!contains(values.items[i], a) || !contains(values.items[j], b) ||
                            !concrete_compare((IrBinary)op, a, b))
                            continue;
                        ck_assert(possible);
                        ck_assert(contains(refined, a));
                    }
                }
            }
        }
    }
    arena_free(arena);
}
END_TEST

START_TEST(levels_survive_being_saved_in_a_variable) {
    for (unsigned level = 0; level < IRQL_COUNT; level++)
        ck_assert_uint_eq(abs_levels(abs_of_levels(irql_bit(level))), irql_bit(level));
    for (unsigned set = 1; set < IRQL_SET_ALL; set++)
        ck_assert_uint_eq(abs_levels(abs_of_levels((IrqlSet)set)) & set, set);
    ck_assert_uint_eq(abs_levels(VALUE_TOP), IRQL_SET_ALL);
}
END_TEST

START_TEST(merged_worlds_know_no_more_than_either) {
    World a = {.level = 1}, b = {.level = 1};
    world_set(&a, 5, abs_const(1));
    world_set(&a, 3, abs_const(7));
    world_set(&b, 5, abs_const(2));
    ck_assert(world_same_state(&a, &b));
    ck_assert(world_merge(&a, &b, false));
    ck_assert(contains(*world_var(&a, 5), 1) && contains(*world_var(&a, 5), 2));
    ck_assert_ptr_null(world_var(&a, 3));
    ck_assert(!world_merge(&a, &b, false));
}
END_TEST

START_TEST(worlds_with_other_locks_stay_apart) {
    World a = {.level = 4}, b = {.level = 4};
    a.lock_len = 1;
    a.locks[0].lock_class = LOCK_SPIN;
    ck_assert(!world_same_state(&a, &b));
    b = a;
    b.locks[0].place = 9;
    ck_assert(!world_same_state(&a, &b));
}
END_TEST

int main(void) {
    Suite *suite = suite_create("infer");
    TCase *laws = tcase_create("laws");
    tcase_set_timeout(laws, 60);
    tcase_add_test(laws, join_contains_both_and_is_stable);
    tcase_add_test(laws, join_of_origins_is_stable);
    tcase_add_test(laws, arithmetic_is_sound_at_the_limits);
    tcase_add_test(laws, comparison_is_sound);
    tcase_add_test(laws, arithmetic_is_sound);
    tcase_add_test(laws, refinement_keeps_what_satisfies_the_test);
    tcase_add_test(laws, levels_survive_being_saved_in_a_variable);
    tcase_add_test(laws, merged_worlds_know_no_more_than_either);
    tcase_add_test(laws, worlds_with_other_locks_stay_apart);
    suite_add_tcase(suite, laws);
    return run_suite(suite);
}
