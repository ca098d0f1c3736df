/* test_ddigen: what the generator of the model refuses, and that it repeats itself.
 *
 * testdata/model/<case>/ holds the tables that differ from testdata/model/base/ and, in
 * expected.txt, what ddigen says about them; base itself is sound.
 */
#include "analyzer/base/base.h"
#include "tests/suite.h"

#include <dirent.h>
#include <stdlib.h>
#include <unistd.h>

#ifndef IRQLINT_DDIGEN
#define IRQLINT_DDIGEN IRQLINT_MODEL_DIR "/../scripts/ddigen/ddigen"
#endif

static void run_command(const char *command) {
    ck_assert_msg(system(command) == 0, "%s", command);
}

/* What ddigen says about base + case, without the folder in front of the names. */
static char *generator_says(Arena *arena, const char *name) {
    char dir[] = "/tmp/irqlint-ddigen-XXXXXX";
    ck_assert_ptr_nonnull(mkdtemp(dir));
    const char *from = arena_printf(arena, "%s/model/%s", IRQLINT_TESTDATA, name);
    run_command(arena_printf(arena,
                             "cp %s/model/base/*.tsv %s && (cp %s/*.tsv %s 2>&1 || true)"
                             " > /dev/null",
                             IRQLINT_TESTDATA, dir, from, dir));
    const char *decls = arena_printf(arena, "%s/declarations.txt", from);
    FILE *pipe = popen(arena_printf(arena, "%s %s %s/out.c %s 2>&1", IRQLINT_DDIGEN, dir, dir,
                                    access(decls, R_OK) == 0 ? decls : ""),
                       "r");
    ck_assert_ptr_nonnull(pipe);
    Text text = {0};
    char line[1024];
    while (fgets(line, sizeof(line), pipe) != NULL)
        text_append(&text, arena, str_starts_with(line, dir) ? line + strlen(dir) + 1 : line);
    int status = pclose(pipe);
    ck_assert_msg((status == 0) == (text.len == 0), "%s: exit code against messages", name);
    ck_assert_msg((access(arena_printf(arena, "%s/out.c", dir), R_OK) == 0) == (status == 0), "%s",
                  name);
    run_command(arena_printf(arena, "rm -r %s", dir));
    return (char *)text_cstr(&text, arena);
}

START_TEST(generator_refuses_broken_tables) {
    Arena *arena = arena_new();
    DIR *cases = opendir(IRQLINT_TESTDATA "/model");
    ck_assert_ptr_nonnull(cases);
    int seen = 0;
    for (struct dirent *entry; (entry = readdir(cases)) != NULL;) {
        Error error = {{0}};
        char *expected = "";
        size_t size;
        if (entry->d_name[0] == '.')
            continue;
        const char *path =
            arena_printf(arena, "%s/model/%s/expected.txt", IRQLINT_TESTDATA, entry->d_name);
        if (!str_eq(entry->d_name, "base"))
            ck_assert_msg(file_read(arena, path, 1 << 20, &expected, &size, &error) == 0, "%s",
                          error.message);
        ck_assert_str_eq(generator_says(arena, entry->d_name), expected);
        seen++;
    }
    closedir(cases);
    ck_assert_int_ge(seen, 18);
    arena_free(arena);
}
END_TEST

START_TEST(generator_repeats_itself) {
    static const char *const names[] = {"/tmp/irqlint-ddigen-1.c", "/tmp/irqlint-ddigen-2.c"};
    Arena *arena = arena_new();
    char *text[2];
    size_t size[2];
    for (int i = 0; i < 2; i++) {
        Error error = {{0}};
        char *name = arena_printf(arena, "%s.%ld", names[i], (long)getpid());
        run_command(
            arena_printf(arena, "%s %s/../rules/ddi %s", IRQLINT_DDIGEN, IRQLINT_TESTDATA, name));
        ck_assert_int_eq(file_read(arena, name, 64 << 20, &text[i], &size[i], &error), 0);
        unlink(name);
    }
    ck_assert_uint_eq(size[0], size[1]);
    ck_assert_int_eq(memcmp(text[0], text[1], size[0]), 0);
    arena_free(arena);
}
END_TEST

int main(void) {
    Suite *suite = suite_create("ddigen");
    TCase *tests = tcase_create("tables");
    tcase_set_timeout(tests, 60);
    tcase_add_test(tests, generator_refuses_broken_tables);
    tcase_add_test(tests, generator_repeats_itself);
    suite_add_tcase(suite, tests);
    return run_suite(suite);
}
