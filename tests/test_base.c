/* test_base: arena, arrays, interned strings, maps, text and paths. */
#include "analyzer/base/base.h"
#include "tests/suite.h"

#include <stdlib.h>
#include <unistd.h>

static Arena *arena;

static void set_up(void) {
    arena = arena_new();
}

static void tear_down(void) {
    arena_free(arena);
}

START_TEST(arena_gives_zeroed_aligned_memory) {
    static const unsigned char zeros[5000];
    for (size_t size = 0; size < sizeof zeros; size += 7) {
        unsigned char *bytes = arena_alloc(arena, size);
        ck_assert_ptr_nonnull(bytes);
        ck_assert_uint_eq((uintptr_t)bytes % _Alignof(max_align_t), 0);
        ck_assert_int_eq(memcmp(bytes, zeros, size), 0);
        memset(bytes, 0xAA, size);
    }
}
END_TEST

START_TEST(arena_serves_more_than_a_block) {
    size_t size = 3 << 20;
    char *big = arena_alloc(arena, size);
    big[0] = big[size - 1] = 'x';
    char *grown = arena_grow(arena, big, size, 2 * size);
    ck_assert_int_eq(grown[0], 'x');
    ck_assert_int_eq(grown[size - 1], 'x');
    ck_assert_int_eq(grown[2 * size - 1], 0);
    ck_assert_uint_ge(arena_used(arena), 3 * size);
}
END_TEST

START_TEST(arena_printf_formats_any_length) {
    char *text = arena_printf(arena, "%s %0*d", "a", 3000, 7);
    ck_assert_uint_eq(strlen(text), 3002);
    ck_assert_int_eq(text[3001], '7');
    ck_assert_str_eq(arena_strndup(arena, "abcdef", 3), "abc");
}
END_TEST

START_TEST(array_keeps_its_items_when_it_grows) {
    U32Array array = {0};
    for (uint32_t i = 0; i < 10000; i++)
        array_push(&array, arena, i * 3);
    ck_assert_uint_eq(array.len, 10000);
    for (uint32_t i = 0; i < array.len; i++)
        ck_assert_uint_eq(array.items[i], i * 3);
}
END_TEST

START_TEST(strtab_gives_equal_texts_one_id) {
    StrTab *tab = strtab_new(arena);
    ck_assert_uint_eq(strtab_add(tab, ""), 0);
    StrId first = strtab_add(tab, "IRP");
    ck_assert_uint_eq(strtab_add_len(tab, "IRPX", 3), first);
    ck_assert_uint_eq(strtab_find(tab, "IRP"), first);
    ck_assert_uint_eq(strtab_find(tab, "MDL"), UINT32_MAX);
    for (int i = 0; i < 5000; i++)
        strtab_add(tab, arena_printf(arena, "s%d", i));
    ck_assert_str_eq(strtab_get(tab, first), "IRP");
    ck_assert_uint_eq(strtab_count(tab), 5002);
    ck_assert_str_eq(strtab_get(tab, strtab_find(tab, "s4999")), "s4999");
}
END_TEST

START_TEST(map64_keeps_every_key) {
    Map64 *map = map64_new(arena);
    for (uint64_t key = 0; key < 20000; key++) {
        bool created = false;
        *map64_put(map, key * 0x10001, &created) = (uint32_t)key;
        ck_assert(created);
    }
    ck_assert_uint_eq(map64_count(map), 20000);
    for (uint64_t key = 0; key < 20000; key++)
        ck_assert_uint_eq(*map64_get(map, key * 0x10001), key);
    ck_assert_ptr_null(map64_get(map, 5));
    bool created = true;
    ck_assert_uint_eq(*map64_put(map, 0x10001, &created), 1);
    ck_assert(!created);
}
END_TEST

START_TEST(text_grows_and_ends) {
    Text text = {0};
    for (int i = 0; i < 1000; i++)
        text_printf(&text, arena, "%d,", i);
    text_printf(&text, arena, "%0*d", 2000, 1);
    ck_assert_uint_eq(strlen(text_cstr(&text, arena)), text.len);
    ck_assert_uint_eq(text.len, 3890 + 2000);
    Text empty = {0};
    ck_assert_str_eq(text_cstr(&empty, arena), "");
}
END_TEST

START_TEST(strings_compare) {
    ck_assert(str_starts_with("WdfRequest", "Wdf"));
    ck_assert(!str_starts_with("Wd", "Wdf"));
    ck_assert(str_ends_with("driver.vcxproj", ".vcxproj"));
    ck_assert(!str_ends_with("x", ".c"));
    ck_assert_int_eq(str_icmp("Precomp.H", "precomp.h"), 0);
    ck_assert_int_ne(str_icmp("a", "b"), 0);
}
END_TEST

START_TEST(paths_are_normalised) {
    ck_assert_str_eq(path_join(arena, "/a/b", "../c.h"), "/a/c.h");
    ck_assert_str_eq(path_join(arena, "/a", "/b//c/./d"), "/b/c/d");
    ck_assert_str_eq(path_join(arena, "/", "../.."), "/");
    ck_assert_str_eq(path_join(arena, "../x", "../../y"), "../../y");
    ck_assert_str_eq(path_join(arena, ".", "."), ".");
    ck_assert_str_eq(path_dir(arena, "/a/b.c"), "/a");
    ck_assert_str_eq(path_dir(arena, "/b.c"), "/");
    ck_assert_str_eq(path_dir(arena, "b.c"), ".");
    ck_assert_str_eq(path_base("/a/b.c"), "b.c");
    ck_assert_str_eq(path_relative(arena, "/a", "/a/b/c"), "b/c");
    ck_assert_str_eq(path_relative(arena, "/a", "/ab/c"), "/ab/c");
}
END_TEST

START_TEST(only_regular_files_are_read) {
    char *data;
    size_t size;
    Error err = {0};
    ck_assert_int_eq(file_read(arena, "/dev/zero", 100, &data, &size, &err), -1);
    ck_assert_ptr_nonnull(strstr(err.message, "not a regular file"));
    ck_assert_int_eq(file_read(arena, "/", 100, &data, &size, &err), -1);
    ck_assert_int_eq(file_read(arena, "/no/such/file", 100, &data, &size, &err), -1);
    ck_assert_ptr_nonnull(strstr(err.message, "/no/such/file"));
}
END_TEST

START_TEST(files_are_written_whole) {
    char dir[] = "/tmp/irqlint-base-XXXXXX", *data;
    size_t size;
    Error err = {0};
    ck_assert_ptr_nonnull(mkdtemp(dir));
    const char *path = path_join(arena, dir, "f");
    ck_assert_int_eq(file_write(path, "abc", 3, &err), 0);
    ck_assert_int_eq(file_write(path, "defg", 4, &err), 0);
    ck_assert_int_eq(file_read(arena, path, 4, &data, &size, &err), 0);
    ck_assert_str_eq(data, "defg");
    ck_assert_int_eq(file_read(arena, path, 3, &data, &size, &err), -1);
    ck_assert_int_eq(file_write(path_join(arena, path, "g"), "x", 1, &err), -1);
    ck_assert_int_eq(unlink(path), 0);
    ck_assert_int_eq(rmdir(dir), 0); /* no temporary file is left */
}
END_TEST

int main(void) {
    Suite *suite = suite_create("base");
    TCase *cases = tcase_create("base");
    tcase_set_timeout(cases, 60); /* a hang, not a measure of speed */
    tcase_add_checked_fixture(cases, set_up, tear_down);
    tcase_add_test(cases, arena_gives_zeroed_aligned_memory);
    tcase_add_test(cases, arena_serves_more_than_a_block);
    tcase_add_test(cases, arena_printf_formats_any_length);
    tcase_add_test(cases, array_keeps_its_items_when_it_grows);
    tcase_add_test(cases, strtab_gives_equal_texts_one_id);
    tcase_add_test(cases, map64_keeps_every_key);
    tcase_add_test(cases, text_grows_and_ends);
    tcase_add_test(cases, strings_compare);
    tcase_add_test(cases, paths_are_normalised);
    tcase_add_test(cases, only_regular_files_are_read);
    tcase_add_test(cases, files_are_written_whole);
    suite_add_tcase(suite, cases);
    return run_suite(suite);
}
