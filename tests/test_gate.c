/* The marks of a source: which lines each is about, whatever stands around it. */
#include "analyzer/gate/marks.h"
#include "tests/suite.h"

static Arena *arena;

static void set_up(void) {
    arena = arena_new();
}

static void tear_down(void) {
    arena_free(arena);
}

static Marks *scan(const char *text) {
    Marks *marks = arena_new_of(arena, Marks);
    marks_scan(arena, text, strlen(text), marks);
    return marks;
}

/* One mark about these lines. */
static void expect_lines(const char *text, uint32_t first, uint32_t last) {
    const Marks *marks = scan(text);
    ck_assert_msg(marks->items.len == 1, "%u marks: %s", marks->items.len, text);
    ck_assert_msg(marks->items.items[0].first == first && marks->items.items[0].last == last,
                  "lines %u to %u: %s", marks->items.items[0].first, marks->items.items[0].last,
                  text);
}

START_TEST(a_comment_is_about_the_statement_it_stands_at) {
    expect_lines("a();\nb(); // irqlint: allow(r) why\nc();\n", 2, 2);
    expect_lines("a();\n// irqlint: allow(r) why\nb();\nc();\n", 3, 3);
    expect_lines("a();\n// irqlint: allow(r) why\n\n// more\nb(\n1,\n2);\nc();\n", 5, 7);
    expect_lines("a();\nb(1,\n  2); // irqlint: allow(r) why\nc();\n", 2, 3);
    expect_lines("b(1, // irqlint: allow(r) why\n  2);\nc();\n", 1, 2);
    expect_lines("b(1,\n  // irqlint: allow(r) why\n  2);\nc();\n", 1, 3);
    expect_lines("/* irqlint: allow(r) why */ b();\nc();\n", 1, 1);
    expect_lines("a();\n/* irqlint: allow(r) why */\nif (x) { b(); c(); }\nd();\n", 3, 3);
    expect_lines("// irqlint: allow(r) why\nfor (i = 0; i < 3; i++)\n    b();\nc();\n", 2, 3);
    expect_lines("a(); // irqlint: allow(r) why \\\n still the comment\nb();\n", 1, 1);
    expect_lines("a();\r\n// irqlint: allow(r) why\r\nb();\r\nc();\r\n", 3, 3);
    expect_lines("a();\n// irqlint: allow(r) at the end\n", 2, 2);
}
END_TEST

START_TEST(a_head_of_a_function_opens) {
    const Marks *marks =
        scan("// irqlint: allow(r) why\n_Use_decl_annotations_\nVOID\nFoo(\n    int a,"
             " // comment; with {\n    int b)\n{\n    bar();\n}\n");
    ck_assert_uint_eq(marks->items.len, 1);
    ck_assert(marks->items.items[0].opens);
    ck_assert_uint_eq(marks->items.items[0].first, 2);
    ck_assert_uint_eq(marks->items.items[0].last, 7);
    ck_assert(!scan("// irqlint: allow(r) why\nfoo();\n")->items.items[0].opens);
}
END_TEST

START_TEST(only_comments_hold_marks) {
    ck_assert_uint_eq(scan("char *s = \"// irqlint: allow(r) why\";\n")->items.len, 0);
    ck_assert_uint_eq(scan("char *s = R\"x(\n// irqlint: allow(r) why\n)x\";\n")->items.len, 0);
    ck_assert_uint_eq(scan("int irqlint: allow(r) why;\n")->items.len, 0);
    expect_lines("char c = '\"'; // irqlint: allow(r) why\n", 1, 1);
    expect_lines("int n = 1'000'000; // irqlint: allow(r) why\n", 1, 1);
    expect_lines("char *s = \"\\\"\"; // irqlint: allow(r) why\n", 1, 1);
    expect_lines("char *s = \"unterminated\n// irqlint: allow(r) why\nb();\n", 1, 3);
    expect_lines("#define X 1 // irqlint: allow(r) why\nb();\n", 2, 2);
    ck_assert_uint_eq(scan("// irqlint: allow(r) why")->items.len, 1);
    ck_assert_uint_eq(scan("/* irqlint: allow(r) why")->items.len, 1);
}
END_TEST

START_TEST(several_rules_and_the_reason_are_read) {
    const Marks *marks = scan("/* irqlint: allow( one , two-three ) -- because of it */ a();\n");
    ck_assert_uint_eq(marks->items.len, 2);
    ck_assert_str_eq(marks->items.items[0].rule, "one");
    ck_assert_str_eq(marks->items.items[1].rule, "two-three");
    ck_assert_str_eq(marks->items.items[1].reason, "because of it");
    ck_assert_uint_eq(marks->items.items[1].column, 4);
}
END_TEST

START_TEST(what_is_malformed_is_told) {
    static const char *const bad[] = {"// irqlint: allow(r)\na();\n",
                                      "// irqlint: allow() why\na();\n",
                                      "// irqlint: allow(r why\na();\n",
                                      "// irqlint: allow r why\na();\n",
                                      "// irqlint: ignore(r) why\na();\n",
                                      "/* irqlint: allow(r) */ a();\n",
                                      "// irqlint:\na();\n",
                                      "// irqlint: allow(r,) why\na();\n"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        const Marks *marks = scan(bad[i]);
        ck_assert_msg(marks->items.len == 0 && marks->problems.len == 1, "%s", bad[i]);
    }
}
END_TEST

START_TEST(pragmas_silence_numbers) {
    const Marks *marks = scan("#pragma warning(suppress: 28121 28118)\na();\nb();\n");
    ck_assert_uint_eq(marks->items.len, 2);
    ck_assert_uint_eq(marks->items.items[1].warning, 28118);
    ck_assert_uint_eq(marks->items.items[1].first, 2);
    ck_assert_uint_eq(marks->items.items[1].last, 2);
    marks = scan("#pragma prefast(suppress: 28121, \"said why\")\na();\n");
    ck_assert_uint_eq(marks->items.len, 1);
    ck_assert_str_eq(marks->items.items[0].reason, "said why");
    expect_lines("__pragma(warning(suppress: 28121)) a();\nb();\n", 1, 1);
    expect_lines("# pragma warning ( disable : 28121 )\na();\nb();\n", 1, UINT32_MAX);
    expect_lines("#pragma warning(disable: 28121)\na();\n#pragma warning(default: 28121)\nb();\n",
                 1, 3);
    expect_lines("#pragma warning(push)\n#pragma warning(disable: 28121)\na();\n"
                 "#pragma warning(pop)\nb();\n",
                 2, 4);
    expect_lines("#pragma warning(disable: 28121)\n#pragma warning(push)\n#pragma warning(pop)\n",
                 1, UINT32_MAX);
    ck_assert_uint_eq(scan("#pragma warning(4: 28121)\n#pragma once\n")->items.len, 0);
}
END_TEST

int main(void) {
    Suite *suite = suite_create("gate");
    TCase *tcase = tcase_create("marks");
    tcase_add_checked_fixture(tcase, set_up, tear_down);
    tcase_add_test(tcase, a_comment_is_about_the_statement_it_stands_at);
    tcase_add_test(tcase, a_head_of_a_function_opens);
    tcase_add_test(tcase, only_comments_hold_marks);
    tcase_add_test(tcase, several_rules_and_the_reason_are_read);
    tcase_add_test(tcase, what_is_malformed_is_told);
    tcase_add_test(tcase, pragmas_silence_numbers);
    suite_add_tcase(suite, tcase);
    return run_suite(suite);
}
