/* test_cache: entries are kept, found, dropped, trimmed and cleared; nothing else is touched. */
#include "analyzer/cache/cache.h"
#include "tests/suite.h"

#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

static Arena *arena;
static char folder[64];
static Error err;

static void set_up(void) {
    arena = arena_new();
    strcpy(folder, "/tmp/irqlint-cache-XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(folder));
}

static void tear_down(void) {
    char command[128];
    snprintf(command, sizeof command, "rm -r '%s'", folder);
    ck_assert_int_eq(system(command), 0);
    arena_free(arena);
}

static const char *in_folder(const char *name) {
    return arena_printf(arena, "%s/%s", folder, name);
}

static Cache *open_cache(uint64_t limit) {
    Cache *cache = cache_open(arena, in_folder("a/b/cache"), limit, &err);
    ck_assert_msg(cache != NULL, "%s", err.message);
    return cache;
}

static Hash128 key_of(const char *text) {
    return hash128(text, strlen(text));
}

static void keep(Cache *cache, const char *kind, const char *key, const char *text) {
    const char *path = in_folder("given");
    ck_assert_int_eq(file_write(path, text, strlen(text), &err), 0);
    cache_keep(cache, kind, key_of(key), path);
    ck_assert_int_eq(unlink(path), 0);
}

/* What the entry holds; NULL when there is none. */
static const char *content(const Cache *cache, const char *kind, const char *key) {
    const char *path = in_folder("taken");
    char *data;
    size_t size;
    if (!cache_fetch(cache, kind, key_of(key), path))
        return NULL;
    ck_assert_int_eq(file_read(arena, path, 1000, &data, &size, &err), 0);
    ck_assert_int_eq(unlink(path), 0);
    return data;
}

START_TEST(what_is_kept_is_found_in_the_next_run) {
    Cache *cache = open_cache(1 << 20);
    ck_assert_ptr_null(content(cache, "facts", "one"));
    keep(cache, "facts", "one", "first");
    keep(cache, "facts", "two", "second");
    keep(cache, "facts", "one", "first again");
    cache = open_cache(1 << 20);
    ck_assert_str_eq(content(cache, "facts", "one"), "first again");
    ck_assert_str_eq(content(cache, "facts", "two"), "second");
    ck_assert_ptr_null(content(cache, "driver", "one"));
    ck_assert_uint_eq(cache_stats(cache_dir(cache)).entries, 2);
    ck_assert_uint_eq(cache_stats(cache_dir(cache)).bytes, 17);
    cache_drop(cache, "facts", key_of("one"));
    ck_assert_ptr_null(content(cache, "facts", "one"));
}
END_TEST

START_TEST(an_entry_that_was_taken_stays_when_it_is_removed) {
    Cache *cache = open_cache(1 << 20);
    const char *path = in_folder("mine");
    char *data;
    size_t size;
    keep(cache, "facts", "one", "first");
    ck_assert(cache_fetch(cache, "facts", key_of("one"), path));
    ck_assert_int_eq(cache_clear(cache_dir(cache), &err), 0);
    ck_assert_int_eq(file_read(arena, path, 1000, &data, &size, &err), 0);
    ck_assert_str_eq(data, "first");
}
END_TEST

START_TEST(without_a_cache_nothing_is_found) {
    keep(NULL, "facts", "one", "first");
    ck_assert_ptr_null(content(NULL, "facts", "one"));
    cache_drop(NULL, "facts", key_of("one"));
    cache_touch(NULL, "facts", key_of("one"));
    cache_trim(NULL);
}
END_TEST

static void set_age(const Cache *cache, const char *key, time_t seconds) {
    const char *path = cache_path(cache, arena, "facts", key_of(key));
    struct timespec times[2] = {{time(NULL) - seconds, 0}, {time(NULL) - seconds, 0}};
    ck_assert_int_eq(utimensat(-1, path, times, 0), 0);
}

/* A precompiled header on top of another knows when that one was made. */
START_TEST(use_does_not_change_the_time_of_the_last_change) {
    Cache *cache = open_cache(1 << 20);
    struct stat before, after;
    keep(cache, "facts", "one", "1");
    set_age(cache, "one", 1000);
    const char *path = cache_path(cache, arena, "facts", key_of("one"));
    ck_assert_int_eq(stat(path, &before), 0);
    cache_touch(cache, "facts", key_of("one"));
    ck_assert_int_eq(stat(path, &after), 0);
    ck_assert_int_eq(before.st_mtime, after.st_mtime);
    ck_assert_int_lt(before.st_atime, after.st_atime);
    ck_assert_str_eq(content(cache, "facts", "one"), "1");
    ck_assert_int_eq(stat(path, &after), 0);
    ck_assert_int_eq(before.st_mtime, after.st_mtime);
}
END_TEST

START_TEST(what_was_not_used_for_longest_goes_first) {
    Cache *cache = open_cache(100);
    char text[31];
    memset(text, 'x', 30);
    text[30] = '\0';
    const char *keys[] = {"a", "b", "c", "d"};
    for (int i = 0; i < 4; i++) {
        keep(cache, "facts", keys[i], text);
        set_age(cache, keys[i], 1000 - i * 100);
    }
    ck_assert_str_eq(content(cache, "facts", "a"), text); /* used now */
    cache_trim(cache);
    ck_assert_ptr_null(content(cache, "facts", "b"));
    ck_assert_ptr_null(content(cache, "facts", "c"));
    ck_assert_str_eq(content(cache, "facts", "a"), text);
    ck_assert_str_eq(content(cache, "facts", "d"), text);
}
END_TEST

START_TEST(clearing_removes_entries_only) {
    Cache *cache = open_cache(1 << 20);
    const char *dir = cache_dir(cache), *other = path_join(arena, dir, "notes.txt");
    keep(cache, "facts", "one", "first");
    ck_assert_int_eq(file_write(other, "x", 1, &err), 0);
    ck_assert_int_eq(symlink("/", path_join(arena, dir, "link")), 0);
    ck_assert_int_eq(cache_clear(dir, &err), 0);
    ck_assert_uint_eq(cache_stats(dir).entries, 0);
    ck_assert_int_eq(access(other, F_OK), 0);
    ck_assert_int_eq(cache_clear(in_folder("none"), &err), 0);
    ck_assert_int_eq(cache_clear(folder, &err), -1); /* has no tag */
    ck_assert_msg(strstr(err.message, "is no cache") != NULL, "%s", err.message);
}
END_TEST

START_TEST(a_folder_that_cannot_be_is_an_error) {
    ck_assert_int_eq(file_write(in_folder("file"), "x", 1, &err), 0);
    ck_assert_ptr_null(cache_open(arena, in_folder("file/cache"), 1, &err));
    ck_assert_msg(strstr(err.message, "file/cache") != NULL, "%s", err.message);
}
END_TEST

int main(void) {
    Suite *suite = suite_create("cache");
    TCase *tests = tcase_create("cache");
    tcase_add_checked_fixture(tests, set_up, tear_down);
    tcase_add_test(tests, what_is_kept_is_found_in_the_next_run);
    tcase_add_test(tests, an_entry_that_was_taken_stays_when_it_is_removed);
    tcase_add_test(tests, without_a_cache_nothing_is_found);
    tcase_add_test(tests, what_was_not_used_for_longest_goes_first);
    tcase_add_test(tests, use_does_not_change_the_time_of_the_last_change);
    tcase_add_test(tests, clearing_removes_entries_only);
    tcase_add_test(tests, a_folder_that_cannot_be_is_an_error);
    suite_add_tcase(suite, tests);
    return run_suite(suite);
}
