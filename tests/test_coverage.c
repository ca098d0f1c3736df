/* Coverage of a run: files of several drivers, names out of clang's messages, shares. */
#include "analyzer/report/coverage.h"
#include "tests/suite.h"

static Arena *arena;

static void set_up(void) {
    arena = arena_new();
}

static void tear_down(void) {
    arena_free(arena);
}

START_TEST(shares_reach_the_whole_only_when_it_is_whole) {
    ck_assert_uint_eq(coverage_permille(1999, 2000), 999);
    ck_assert_uint_eq(coverage_permille(2000, 2000), 1000);
    ck_assert_uint_eq(coverage_permille(1, 2000), 0);
    ck_assert_uint_eq(coverage_permille(4000000000u, 4000000000u), 1000);
}
END_TEST

static StoredUnit unit_of(const char *driver, IrStatus status, uint32_t incomplete) {
    return (StoredUnit){.driver = driver,
                        .file = "a.cpp",
                        .status = status,
                        .errors = status == IR_OK ? 0 : 1,
                        .functions = 4,
                        .incomplete_functions = incomplete};
}

START_TEST(a_file_of_two_drivers_counts_once_by_the_worse) {
    StoredRun run = {0};
    array_push(&run.units, arena, unit_of("first", IR_PARTIAL, 1));
    array_push(&run.units, arena, unit_of("second", IR_OK, 2));
    Coverage coverage;
    coverage_count(arena, &run, &coverage);
    ck_assert_uint_eq(coverage.files.len, 1);
    ck_assert_uint_eq(coverage.cxx.files, 1);
    ck_assert_uint_eq(coverage.cxx.clean_files, 0);
    ck_assert_uint_eq(coverage.cxx.understood, 2);
    ck_assert_str_eq(coverage_driver_names(arena, &coverage.files.items[0]), "first, second");
}
END_TEST

static StoredMessage message_of(IrNoteKind kind, const char *what) {
    return (StoredMessage){.kind = kind, .what = what};
}

START_TEST(errors_name_what_is_missing) {
    StoredMessage messages[] = {
        message_of(IR_NOTE_ERROR, "unknown type name 'GONE'"),
        message_of(IR_NOTE_ERROR, "unknown type name 'GONE'; did you mean 'LONG'?"),
        message_of(IR_NOTE_ERROR, "expected ';' after expression"),
        message_of(IR_NOTE_ERROR, "no member named 'Gone' in 'struct _THERE'"),
        message_of(IR_NOTE_MISSING, "gone.h"),
    };
    StoredRun run = {0};
    array_push(&run.units, arena, unit_of("first", IR_PARTIAL, 0));
    run.units.items[0].messages = messages;
    run.units.items[0].message_count = sizeof messages / sizeof messages[0];
    Coverage coverage;
    coverage_count(arena, &run, &coverage);
    static const MissingKind kinds[] = {MISSING_HEADER, MISSING_TYPE, MISSING_MEMBER};
    static const char *const names[] = {"gone.h", "GONE", "Gone"};
    ck_assert_uint_eq(coverage.missing.len, 3);
    for (int i = 0; i < 3; i++) {
        ck_assert_uint_eq(coverage.missing.items[i].kind, kinds[i]);
        ck_assert_str_eq(coverage.missing.items[i].name, names[i]);
        ck_assert_uint_eq(coverage.missing.items[i].files, 1);
    }
    ck_assert_uint_eq(coverage.other_errors, 1);
}
END_TEST

int main(void) {
    Suite *suite = suite_create("coverage");
    TCase *tcase = tcase_create("coverage");
    tcase_add_checked_fixture(tcase, set_up, tear_down);
    tcase_add_test(tcase, shares_reach_the_whole_only_when_it_is_whole);
    tcase_add_test(tcase, a_file_of_two_drivers_counts_once_by_the_worse);
    tcase_add_test(tcase, errors_name_what_is_missing);
    suite_add_tcase(suite, tcase);
    return run_suite(suite);
}
