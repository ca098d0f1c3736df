/* test_extract: worker processes, the temporary folder, facts of a driver. */
#include "analyzer/frontend/extract.h"
#include "analyzer/ir/ir.h"
#include "tests/suite.h"

#include <dirent.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static Arena *arena;

static void set_up(void) {
    arena = arena_new();
}

static void tear_down(void) {
    arena_free(arena);
}

/* ---- the pool ------------------------------------------------------------------------------- */

enum { TASKS = 12 };

/* Task 3 crashes, 5 hangs, 7 exits, 9 wants too much memory. */
static int misbehave(void *context, uint32_t task) {
    printf("a worker must not be heard\n");
    fflush(stdout);
    switch (task) {
    case 3:
        raise(SIGKILL);
        break;
    case 5:
        for (;;)
            pause();
    case 7:
        _exit(1);
    case 9: {
        size_t size = (size_t)4 << 30;
        void *much = mmap(NULL, size, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        return much == MAP_FAILED ? -1 : 0;
    }
    }
    return (int)task * *(int *)context;
}

START_TEST(a_task_costs_only_itself) {
    int factor = 10;
    for (uint32_t jobs = 1; jobs <= 4; jobs *= 2) {
        Pool pool = {.jobs = jobs,
                     .timeout_s = 1,
                     .memory_bytes = (uint64_t)1 << 30,
                     .run = misbehave,
                     .context = &factor};
        PoolOutcome outcomes[TASKS];
        pool_run(&pool, TASKS, outcomes);
        for (uint32_t i = 0; i < TASKS; i++) {
            PoolStatus status = i == 3 || i == 7 ? POOL_CRASHED
                                : i == 5         ? POOL_TIMED_OUT
                                                 : POOL_DONE;
            ck_assert_int_eq(outcomes[i].status, status);
            if (status == POOL_DONE && i != 9)
                ck_assert_int_eq(outcomes[i].value, (int)i * factor);
        }
        ck_assert_int_eq(outcomes[3].value, SIGKILL);
        ck_assert_int_eq(outcomes[7].value, 0);
        ck_assert_int_eq(outcomes[9].value, -1);
    }
    ck_assert_int_eq(waitpid(-1, NULL, WNOHANG), -1);
}
END_TEST

START_TEST(no_tasks_no_workers) {
    Pool pool = {.jobs = 4, .timeout_s = 1, .run = misbehave};
    pool_run(&pool, 0, NULL);
    ck_assert_int_eq(waitpid(-1, NULL, WNOHANG), -1);
}
END_TEST

/* ---- the temporary folder ------------------------------------------------------------------- */

static bool exists(const char *path) {
    struct stat info;
    return stat(path, &info) == 0;
}

START_TEST(temporary_folder_is_removed) {
    TempDir dir;
    Error err;
    ck_assert_int_eq(temp_dir_open(&dir, arena, &err), 0);
    ck_assert_int_eq(file_write(arena_printf(arena, "%s/file", dir.path), "x", 1, &err), 0);
    temp_dir_close(&dir);
    ck_assert(!exists(dir.path));
}
END_TEST

START_TEST(temporary_folder_is_removed_after_a_kill) {
    int ends[2];
    char path[4096] = "";
    ck_assert_int_eq(pipe(ends), 0);
    pid_t pid = fork();
    if (pid == 0) {
        TempDir dir;
        Error err;
        if (temp_dir_open(&dir, arena, &err) != 0 || write(ends[1], dir.path, strlen(dir.path)) < 0)
            _exit(1);
        for (;;)
            pause();
    }
    ck_assert_int_gt(read(ends[0], path, sizeof path - 1), 0);
    ck_assert(exists(path));
    kill(pid, SIGKILL);
    waitpid(pid, NULL, 0);
    for (int i = 0; i < 500 && exists(path); i++)
        usleep(10000);
    ck_assert(!exists(path));
}
END_TEST

/* ---- facts ---------------------------------------------------------------------------------- */

static const char *facts_of(const char *folder, uint32_t jobs) {
    const char *paths[] = {path_join(arena, IRQLINT_TESTDATA, folder)};
    Project *project = project_load(
        arena, &(ProjectOptions){.paths = paths, .path_count = 1, .model_dir = IRQLINT_MODEL_DIR});
    Text text = {0};
    for (uint32_t d = 0; d < project->drivers.len; d++) {
        ExtractResult result;
        ExtractOptions options = {.model_dir = IRQLINT_MODEL_DIR, .jobs = jobs};
        Facts *facts =
            frontend_parse_all(arena, project->view, &project->drivers.items[d], 1, &options);
        frontend_facts(facts, 0, arena, &result);
        frontend_close(facts);
        ck_assert_uint_eq(result.unit_count, project->drivers.items[d].units.len);
        for (uint32_t i = 0; i < result.unit_count; i++) {
            const IrUnit *unit = result.units[i];
            ck_assert_str_eq(ir_str(unit, unit->path),
                             project->drivers.items[d].units.items[i].path);
            ck_assert_uint_ne(unit->status, IR_FAILED);
            ir_write(unit, &text, arena);
        }
    }
    return arena_printf(arena, "%u bytes, hash %llx", text.len,
                        (unsigned long long)hash_bytes(text.items, text.len, 0));
}

static const char *dump_of(const IrUnit *unit) {
    char *text = NULL;
    size_t size;
    FILE *file = open_memstream(&text, &size);
    ir_dump(unit, "/", file);
    fclose(file);
    const char *copy = arena_strndup(arena, text, size);
    free(text);
    return copy;
}

START_TEST(drivers_can_share_the_workers) {
    const char *paths[] = {IRQLINT_TESTDATA "/drivers"};
    Project *project = project_load(
        arena, &(ProjectOptions){.paths = paths, .path_count = 1, .model_dir = IRQLINT_MODEL_DIR});
    ExtractOptions options = {.model_dir = IRQLINT_MODEL_DIR, .jobs = 2};
    uint32_t count = project->drivers.len;
    Facts *shared =
        frontend_parse_all(arena, project->view, project->drivers.items, count, &options);
    for (uint32_t d = 0; d < count; d++) {
        ExtractResult all, alone;
        Facts *own =
            frontend_parse_all(arena, project->view, &project->drivers.items[d], 1, &options);
        frontend_facts(own, 0, arena, &alone);
        frontend_facts(shared, d, arena, &all);
        ck_assert_uint_eq(all.unit_count, alone.unit_count);
        for (uint32_t i = 0; i < alone.unit_count; i++)
            ck_assert_str_eq(dump_of(all.units[i]), dump_of(alone.units[i]));
        frontend_close(own);
    }
    frontend_close(shared);
}
END_TEST

START_TEST(facts_do_not_depend_on_the_number_of_workers) {
    const char *facts = facts_of("drivers", 1);
    ck_assert_str_eq(facts_of("drivers", 2), facts);
    ck_assert_str_eq(facts_of("drivers", 5), facts);
}
END_TEST

/* ---- preludes ------------------------------------------------------------------------------- */

static ProjectClosure *closure_with(const char *const *headers, bool configures) {
    ProjectClosure *closure = arena_new_of(arena, ProjectClosure);
    for (; *headers != NULL; headers++)
        array_push(&closure->prelude, arena, *headers);
    closure->configures = configures;
    return closure;
}

START_TEST(prelude_serves_units_that_include_all_of_it) {
    const char *const both[] = {"ntddk.h", "wdf.h", NULL}, *const one[] = {"ntddk.h", NULL};
    const char *const more[] = {"wdf.h", "ntddk.h", "rare.h", NULL};
    enum { COUNT = 10 };
    ProjectUnit units[COUNT];
    PreludeUnit planned[COUNT];
    for (uint32_t i = 0; i < COUNT; i++) {
        units[i] = (ProjectUnit){.path = "x.c", .cxx = i == 7};
        array_push(&units[i].args, arena, "-DINITGUID");
        array_push(&units[i].args, arena, i % 2 == 0 ? "-I/a" : "-I/b");
        if (i == 6)
            array_push(&units[i].args, arena, "-DDBG=1");
        if (i == 2)
            array_push(&units[i].args, arena, "-DNO_MODEL_HEADER_HAS_THIS_NAME=1");
        planned[i] = (PreludeUnit){&units[i], closure_with(i == 4 || i == 9 ? one
                                                           : i == 3         ? more
                                                                            : both,
                                                           i == 5)};
    }
    PreludeArray preludes = {0};
    uint32_t choice[COUNT];
    const ModelWords *words = model_words_new(arena, IRQLINT_MODEL_DIR);
    prelude_plan(arena, words, planned, COUNT, &preludes, choice);
    const uint32_t none = NO_PRELUDE;
    const uint32_t expected[] = {0, 0, 0, 0, none, none, none, none, 0, none};
    for (uint32_t i = 0; i < COUNT; i++)
        ck_assert_uint_eq(choice[i], expected[i]);
    ck_assert_uint_eq(preludes.len, 1); /* the others are two */
    ck_assert_uint_eq(preludes.items[0].unit_count, 5);
    ck_assert_uint_eq(preludes.items[0].headers.len, 2);
    ck_assert_str_eq(preludes.items[0].headers.items[0], "ntddk.h");
    ck_assert_str_eq(preludes.items[0].headers.items[1], "wdf.h");
    ck_assert_uint_eq(preludes.items[0].options.len, 1);
}
END_TEST

START_TEST(too_few_units_fall_back_to_the_common_headers) {
    const char *const with_usb[] = {"usb.h", "ntddk.h", "wdf.h", NULL};
    const char *const with_spb[] = {"ntddk.h", "wdf.h", "spb.h", NULL};
    ProjectUnit unit = {.path = "x.c"};
    PreludeUnit planned[4];
    for (uint32_t i = 0; i < 4; i++)
        planned[i] = (PreludeUnit){&unit, closure_with(i < 2 ? with_usb : with_spb, false)};
    PreludeArray preludes = {0};
    uint32_t choice[4];
    const ModelWords *words = model_words_new(arena, "/no/such/folder");
    prelude_plan(arena, words, planned, 4, &preludes, choice);
    ck_assert_uint_eq(preludes.len, 1);
    ck_assert_uint_eq(preludes.items[0].headers.len, 2);
    for (uint32_t i = 0; i < 4; i++)
        ck_assert_uint_eq(choice[i], 0);
}
END_TEST

START_TEST(preludes_share_what_is_common_to_them) {
    const char *const with_usb[] = {"ntddk.h", "usb.h", NULL};
    const char *const with_spb[] = {"ntddk.h", "spb.h", NULL};
    ProjectUnit unit = {.path = "x.c"};
    PreludeUnit planned[8];
    for (uint32_t i = 0; i < 8; i++)
        planned[i] = (PreludeUnit){&unit, closure_with(i < 4 ? with_usb : with_spb, false)};
    PreludeArray preludes = {0};
    uint32_t choice[8];
    const ModelWords *words = model_words_new(arena, IRQLINT_MODEL_DIR);
    prelude_plan(arena, words, planned, 8, &preludes, choice);
    ck_assert_uint_eq(preludes.len, 3);
    for (uint32_t i = 0; i < 8; i++) {
        const Prelude *own = &preludes.items[choice[i]], *base = &preludes.items[own->parent];
        ck_assert_uint_eq(own->headers.len, 1);
        ck_assert_str_eq(own->headers.items[0], i < 4 ? "usb.h" : "spb.h");
        ck_assert_uint_eq(base->parent, NO_PRELUDE);
        ck_assert_uint_gt(own->parent, choice[i]);
        ck_assert_str_eq(base->headers.items[0], "ntddk.h");
    }
}
END_TEST

int main(void) {
    Suite *suite = suite_create("extract");
    TCase *tests = tcase_create("extract");
    tcase_add_checked_fixture(tests, set_up, tear_down);
    tcase_set_timeout(tests, 60);
    tcase_add_test(tests, a_task_costs_only_itself);
    tcase_add_test(tests, no_tasks_no_workers);
    tcase_add_test(tests, temporary_folder_is_removed);
    tcase_add_test(tests, temporary_folder_is_removed_after_a_kill);
    tcase_add_test(tests, drivers_can_share_the_workers);
    tcase_add_test(tests, facts_do_not_depend_on_the_number_of_workers);
    tcase_add_test(tests, prelude_serves_units_that_include_all_of_it);
    tcase_add_test(tests, too_few_units_fall_back_to_the_common_headers);
    tcase_add_test(tests, preludes_share_what_is_common_to_them);
    suite_add_tcase(suite, tests);
    return run_suite(suite);
}
