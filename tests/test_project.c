/* test_project: what is found to analyse, and how headers are found. */
#include "analyzer/project/project.h"
#include "analyzer/project/view.h"
#include "tests/suite.h"

#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#define DATA IRQLINT_TESTDATA "/project"

static Arena *arena;

static void set_up(void) {
    arena = arena_new();
}

static void tear_down(void) {
    arena_free(arena);
}

/* ---- loading -------------------------------------------------------------------------------- */

static void print_units(Text *text, const ProjectDriver *driver) {
    for (uint32_t i = 0; i < driver->units.len; i++) {
        const ProjectUnit *unit = &driver->units.items[i];
        text_printf(text, arena, "  %s%s", path_relative(arena, DATA, unit->path),
                    unit->cxx ? " [C++]" : "");
        for (uint32_t a = 0; a < unit->args.len; a++) {
            const char *arg = unit->args.items[a];
            const char *data = strstr(arg, DATA);
            text_printf(text, arena, " %.*s%s", data == NULL ? 0 : (int)(data - arg), arg,
                        data == NULL ? arg : data + strlen(DATA));
        }
        text_append(text, arena, "\n");
    }
}

/* The drivers and problems as text, paths relative to the test data. */
static const char *loaded(const ProjectOptions *options) {
    Text text = {0};
    const Project *project = project_load(arena, options);
    for (uint32_t i = 0; i < project->drivers.len; i++) {
        const ProjectDriver *driver = &project->drivers.items[i];
        text_printf(&text, arena, "%s in %s\n", driver->name,
                    path_relative(arena, DATA, driver->dir));
        print_units(&text, driver);
    }
    for (uint32_t i = 0; i < project->problems.len; i++) {
        const ProjectProblem *problem = &project->problems.items[i];
        ck_assert_ptr_null(strchr(problem->message, '\n'));
        text_printf(&text, arena, "! %s: %s\n", path_relative(arena, DATA, problem->path),
                    problem->message);
    }
    return text_cstr(&text, arena);
}

static const char *load_path(const char *path) {
    const char *paths[] = {path_join(arena, DATA, path)};
    return loaded(&(ProjectOptions){.paths = paths, .path_count = 1});
}

START_TEST(folders_become_drivers_by_their_entry_points) {
    ck_assert_str_eq(load_path("tree"), "a in tree/two/a\n"
                                        "  tree/two/a/entry.c\n"
                                        "b in tree/two/b\n"
                                        "  tree/two/b/entry.c\n"
                                        "  tree/two/b/more.cpp [C++]\n"
                                        "many/first in tree/many\n"
                                        "  tree/many/common.c\n"
                                        "  tree/many/first.c\n"
                                        "many/second in tree/many\n"
                                        "  tree/many/common.c\n"
                                        "  tree/many/second.c\n"
                                        "one in tree/one\n"
                                        "  tree/one/entry.c -I/tree/one/inc\n"
                                        "  tree/one/sub/neutral.c -I/tree/one/inc\n"
                                        "  tree/one/sub/part.c -I/tree/one/inc\n"
                                        "  tree/one/user.c -I/tree/one/inc\n"
                                        "shared in tree/two/shared\n"
                                        "  tree/two/shared/shared.c\n"
                                        "tool in tree/tool\n"
                                        "  tree/tool/both.c\n");
}
END_TEST

START_TEST(a_folder_below_the_only_driver_belongs_to_it) {
    ck_assert_str_eq(load_path("tree/two/b"), "b in tree/two/b\n"
                                              "  tree/two/b/entry.c\n"
                                              "  tree/two/b/more.cpp [C++]\n");
}
END_TEST

START_TEST(bare_sources_are_one_driver) {
    const char *paths[] = {DATA "/tree/two/shared/shared.c", DATA "/tree/two/a/ENTRY.C",
                           DATA "/tree/two/a/../a/entry.c"};
    const char *args[] = {"-I", DATA "/tree/one/INC", "-DX=1", "-std=c17"};
    ProjectOptions options = {
        .paths = paths, .path_count = 3, .clang_args = args, .clang_arg_count = 4};
    ck_assert_str_eq(loaded(&options), "two in tree/two\n"
                                       "  tree/two/a/entry.c -I/tree/one/inc -DX=1 -std=c17\n"
                                       "  tree/two/shared/shared.c -I/tree/one/inc -DX=1 "
                                       "-std=c17\n");
    const Project *project = project_load(arena, &options);
    ck_assert_str_eq(project->root, DATA "/tree/two");
}
END_TEST

START_TEST(what_cannot_be_done_is_a_problem) {
    ck_assert_str_eq(load_path("nowhere"),
                     arena_printf(arena, "! nowhere: no such file or folder\n"));
    ck_assert_ptr_nonnull(strstr(load_path("empty"), "! empty: holds no driver project"));
    ck_assert_ptr_nonnull(
        strstr(load_path("empty/readme.txt"), "! empty/readme.txt: not a folder"));
    ck_assert_ptr_nonnull(strstr(load_path("broken"), "not a compilation database"));
    ck_assert_ptr_nonnull(strstr(load_path("tree/tool/tool.vcxproj"), "no such file or folder"));
}
END_TEST

/* ---- compilation databases ------------------------------------------------------------------ */

START_TEST(compilation_database_gives_a_driver_a_target) {
    const char *expected =
        "drv in commands\n"
        "  commands/drv/a.c -I/commands/inc -DX=\"y z\" -DKMDF -include "
        "/commands/inc/forced.h\n"
        "  commands/drv/b.cpp [C++] -I/commands/inc -isystem /commands/sys "
        "-DNAME=\"quoted name\" -UOLD\n"
        "! drv/gone.c: named in " DATA "/commands/compile_commands.json but not there\n";
    ck_assert_str_eq(load_path("commands"), expected);
    ck_assert_str_eq(load_path("commands/compile_commands.json"), expected);
}
END_TEST

/* ---- project files -------------------------------------------------------------------------- */

#define FULL_ARGS                                                                                  \
    " -I/projects/inc -I/projects/full/local -DRELEASE_VARIANT -DVALUE=\"text\" -DSEMI=a;b "       \
    "-DFROM_PROPS"
#define FORCED " -include /projects/full/forced.h\n"
#define FULL                                                                                       \
    "full in projects/full\n"                                                                      \
    "  projects/full/Src/C.c [C++]" FULL_ARGS " -DOWN" FORCED                                      \
    "  projects/full/Src/b.cpp [C++]" FULL_ARGS FORCED "  projects/full/a.c" FULL_ARGS FORCED      \
    "  projects/full/more/m1.c" FULL_ARGS FORCED "  projects/full/more/m2.c" FULL_ARGS FORCED
#define FULL_PROBLEM "! projects/full/gone.c: named in the project but not there\n"

START_TEST(project_is_evaluated_for_release_x64) {
    ck_assert_str_eq(load_path("projects/full/full.vcxproj"), FULL FULL_PROBLEM);
}
END_TEST

#define USER                                                                                       \
    "user in projects/user\n"                                                                      \
    "  projects/hal/hal.c\n"                                                                       \
    "  projects/lib/lib.c -DDBG=1\n"                                                               \
    "  projects/user/user.c -DDebug -Dx64 -DDBG=1\n"

START_TEST(project_takes_the_libraries_that_it_refers_to) {
    ck_assert_str_eq(load_path("projects/user/USER.vcxproj"), USER);
}
END_TEST

START_TEST(folder_takes_kernel_projects_and_not_what_they_leave_out) {
    ck_assert_str_eq(load_path("projects"), FULL USER "utf16 in projects/utf16\n"
                                                      "  projects/utf16/wide.c\n" FULL_PROBLEM);
}
END_TEST

START_TEST(solution_names_projects) {
    ck_assert_str_eq(load_path("projects/All.sln"), FULL FULL_PROBLEM);
}
END_TEST

START_TEST(old_kit_sources_are_drivers) {
    ck_assert_str_eq(load_path("ddk"),
                     "drv in ddk/drv\n"
                     "  ddk/drv/amd64.c -I/ddk/inc -I/ddk/drv -DCOMMON -DLOCAL=1\n"
                     "  ddk/drv/main.c -I/ddk/inc -I/ddk/drv -DCOMMON -DLOCAL=1\n"
                     "  ddk/lib/lib.cpp [C++]\n"
                     "! ddk/drv/gone.c: named in the sources file but not there\n");
    ck_assert_ptr_nonnull(strstr(load_path("ddk/app/sources"), "not a sources file of a kernel"));
}
END_TEST

/* ---- configurations, solutions, CMake ------------------------------------------------------- */

static const char *load_choice(const char *configuration, const char *platform) {
    const char *paths[] = {DATA "/choices/drv/choice.vcxproj"};
    return loaded(&(ProjectOptions){
        .paths = paths, .path_count = 1, .configuration = configuration, .platform = platform});
}

#define KMDF      " -DKMDF_VERSION_MAJOR=1 -DKMDF_VERSION_MINOR=15"
#define LIBRARIES "  choices/libs/a/a.c\n  choices/libs/wdf/w.c\n"
#define CHOICE(macros, more)                                                                       \
    "choice in choices/drv\n" more "  choices/drv/hw/pre.c" macros "\n"                            \
    "  choices/drv/main.c -I/choices/drv/hw" macros "\n" LIBRARIES

START_TEST(a_configuration_and_a_platform_can_be_asked_for) {
    ck_assert_str_eq(load_choice(NULL, NULL),
                     CHOICE(" -DC_Release -DP_x64 -DS_ -DF_ -DRXLXASX_64__RXlXa_1_6" KMDF, ""));
    const char *lacking = "has no configuration";
    const char *debug = load_choice("debug", NULL);
    ck_assert_ptr_nonnull(
        strstr(debug, CHOICE(" -DC_Debug -DP_x64 -DS_ -DF_ -DDXBUG_64__1_6" KMDF " -DDBG=1", "")));
    ck_assert_ptr_null(strstr(debug, "choice.vcxproj: has no"));
    const char *win32 = load_choice("Debug", "x86");
    ck_assert_ptr_nonnull(strstr(win32, " -DC_Debug -DP_Win32 -DS_"));
    const char *arm = load_choice(NULL, "arm64");
    ck_assert_ptr_nonnull(strstr(arm, "  choices/drv/arm.c -DC_Release -DP_ARM64"));
    const char *none = load_choice("Profile", "ARM64");
    ck_assert_ptr_nonnull(strstr(none, " -DC_Release -DP_ARM64"));
    ck_assert_ptr_nonnull(strstr(none, lacking));
    ck_assert_ptr_nonnull(strstr(none, "Profile|ARM64, only Debug|Win32, Debug|x64, Release|ARM64, "
                                       "Release|x64; the nearest one was taken"));
}
END_TEST

START_TEST(libraries_are_joined_by_the_name_they_are_linked_as) {
    const char *all = load_path("choices");
    ck_assert_ptr_nonnull(strstr(all, LIBRARIES));
    ck_assert_ptr_null(strstr(all, "something in"));
    ck_assert_ptr_null(strstr(all, "tool.c"));
    ck_assert_ptr_nonnull(strstr(all, "new in choices/old\n  choices/old/new.c\n"));
    ck_assert_ptr_null(strstr(all, "old in"));
}
END_TEST

START_TEST(new_solutions_are_xml) {
    ck_assert_str_eq(load_path("choices/sln/ALL.slnx"),
                     "new in choices/old\n  choices/old/new.c\n");
    ck_assert_ptr_nonnull(strstr(load_path("choices/sln/other.slnx"), "not a solution\n"));
}
END_TEST

#define OUTER " -I/cmake/inc -DCOMMON -DTEXT=\"a b\""
#define ALPHA                                                                                      \
    OUTER                                                                                          \
    " -DKMDF_VERSION_MAJOR=1 -DALPHA=1 -DBETA=\"q w\" -I/cmake/drv -I/cmake/lib -I/cmake/lib "     \
    "-I/cmake/app -DUSES_HELPER\n"

START_TEST(cmake_targets_are_drivers) {
    ck_assert_str_eq(load_path("cmake"),
                     "Alpha in cmake/drv\n"
                     "  cmake/drv/four.cpp [C++]" ALPHA "  cmake/drv/one.c" ALPHA
                     "  cmake/drv/three.c" ALPHA "  cmake/drv/two.c" ALPHA
                     "  cmake/lib/helper.c" OUTER " -I/cmake/lib -I/cmake/plain\n"
                     "byheader in cmake/plain\n"
                     "  cmake/plain/byheader.c" OUTER "\n"
                     "outer_sys in cmake/plain\n"
                     "  cmake/plain/plain.c" OUTER "\n"
                     "said in cmake/plain\n"
                     "  cmake/plain/said.c" OUTER "\n"
                     "same in cmake/vs\n"
                     "  cmake/vs/same.c -DWINVER=7 -DKMDF_VERSION_MAJOR=1 -DKMDF_VERSION_MINOR=31 "
                     "-D_WIN32_WINNT=0x0601 -DNTDDI_VERSION=0x06010000\n");
    ck_assert_str_eq(load_path("cmake/lib/CMakeLists.txt"), "Helper in cmake/lib\n"
                                                            "  cmake/lib/helper.c -I/cmake/lib "
                                                            "-I/cmake/plain\n");
    ck_assert_ptr_nonnull(
        strstr(load_path("cmake/app/CMakeLists.txt"), "has no target that is kernel code"));
}
END_TEST

START_TEST(cmake_conditions_decide_macros_not_targets) {
    const char *all = load_path("conditions");
    ck_assert_ptr_nonnull(strstr(all, "Tested in conditions\n"));
    ck_assert_ptr_nonnull(
        strstr(all, "  conditions/plain.c -DLOGGING -DUNCHECKED -DONE -DOTHER\n"));
}
END_TEST

START_TEST(user_mode_project_is_a_problem_when_asked_for) {
    ck_assert_ptr_nonnull(
        strstr(load_path("projects/tool/tool.vcxproj"), "not a kernel-mode driver project"));
}
END_TEST

START_TEST(hostile_projects_cost_themselves_only) {
    ck_assert_str_eq(
        load_path("hostile"),
        "cycle in hostile/cycle\n"
        "  hostile/cycle/c.c\n"
        "! hostile/bomb.vcxproj: not a project file: it has a document type\n"
        "! hostile/external.vcxproj: not a project file: it has a document type\n"
        "! hostile/other.vcxproj: not a project file\n"
        "! hostile/truncated.vcxproj: not a project file: it is not well-formed XML\n");
}
END_TEST

/* ---- generated hostile input ---------------------------------------------------------------- */

static const char *load_text(const char *suffix, const char *text) {
    char folder[] = "/tmp/irqlint-test-project-XXXXXX";
    ck_assert_ptr_nonnull(mkdtemp(folder));
    const char *path = arena_printf(arena, "%s/x%s", folder, suffix);
    Error err;
    ck_assert_int_eq(file_write(path, text, strlen(text), &err), 0);
    const char *result = loaded(&(ProjectOptions){.paths = &path, .path_count = 1});
    unlink(path);
    rmdir(folder);
    return result;
}

static const char *repeated(const char *before, const char *part, uint32_t count,
                            const char *after) {
    Text text = {0};
    text_append(&text, arena, before);
    for (uint32_t i = 0; i < count; i++)
        text_append(&text, arena, part);
    text_append(&text, arena, after);
    return text_cstr(&text, arena);
}

static const char *load_cmake_text(const char *text) {
    char folder[] = "/tmp/irqlint-test-project-XXXXXX";
    ck_assert_ptr_nonnull(mkdtemp(folder));
    const char *path = path_join(arena, folder, "CMakeLists.txt"), *asked = folder;
    Error err;
    ck_assert_int_eq(file_write(path, text, strlen(text), &err), 0);
    const char *result = loaded(&(ProjectOptions){.paths = &asked, .path_count = 1});
    unlink(path);
    rmdir(folder);
    return result;
}

START_TEST(deep_and_exploding_projects_end) {
    const char *deep = repeated("<Project>", "<ImportGroup>", 100000, "");
    ck_assert_ptr_nonnull(strstr(load_text(".vcxproj", deep), "not well-formed"));
    const char *doubling = repeated("<Project><PropertyGroup><A>aaaaaaaa</A>", "<A>$(A)$(A)</A>",
                                    5000, "</PropertyGroup></Project>");
    ck_assert_ptr_nonnull(strstr(load_text(".vcxproj", doubling), "not a kernel-mode"));
    const char *items = repeated("<Project><ItemGroup><X Include='a;b'/>",
                                 "<X Include='@(X);@(X)'/>", 60, "</ItemGroup></Project>");
    ck_assert_ptr_nonnull(strstr(load_text(".vcxproj", items), "not a kernel-mode"));
    const char *condition =
        repeated("<Project><PropertyGroup Condition=\"", "(", 100000, "\"/></Project>");
    ck_assert_ptr_nonnull(strstr(load_text(".vcxproj", condition), "not a kernel-mode"));
    const char *solution = "<!DOCTYPE s [<!ENTITY e SYSTEM 'file:///etc/passwd'>]><Solution/>";
    ck_assert_ptr_nonnull(strstr(load_text(".slnx", solution), "it has a document type"));
    const char *folders = repeated("<Solution>", "<Folder>", 100000, "");
    ck_assert_ptr_nonnull(strstr(load_text(".slnx", folders), "not well-formed"));
    const char *bytes = "<Project>\xff\xfe\x01</Project>";
    ck_assert_ptr_nonnull(strstr(load_text(".vcxproj", bytes), "not well-formed"));
    const char *lines = repeated("", "Project(\"{1}\") = \"n\", \"../", 50000, "");
    ck_assert_ptr_nonnull(strstr(load_text(".sln", lines), "names no kernel driver"));
    ck_assert_ptr_nonnull(strstr(load_text(".json", repeated("", "[", 100000, "")), "not a comp"));
    ck_assert_ptr_nonnull(strstr(load_text(".json", "[]"), "names no driver source"));
}
END_TEST

START_TEST(projects_of_many_names_end) {
    Text many = {0};
    text_append(&many, arena, "<Project><PropertyGroup>");
    for (uint32_t i = 0; i < 40000; i++)
        text_printf(&many, arena, "<P%u>$(P%u)</P%u>", i, i / 2, i);
    text_append(&many, arena, "</PropertyGroup><ItemGroup>");
    for (uint32_t i = 0; i < 20000; i++)
        text_printf(&many, arena, "<I%u Include='@(J);%u' Exclude='@(I1)'/>", i, i);
    text_append(&many, arena, "<X Include='x'>");
    for (uint32_t i = 0; i < 20000; i++)
        text_printf(&many, arena, "<M%u>%%(M%u)%%(Filename)</M%u>", i, i / 2, i);
    text_append(&many, arena, "</X></ItemGroup></Project>");
    ck_assert_ptr_nonnull(
        strstr(load_text(".vcxproj", text_cstr(&many, arena)), "not a kernel-mode"));
}
END_TEST

START_TEST(projects_of_many_long_values_end) {
    Text calls = {0};
    text_append(&calls, arena, "<Project><PropertyGroup><A>");
    for (uint32_t i = 0; i < 6000; i++)
        text_append(&calls, arena, "abcdefghij");
    text_append(&calls, arena, "</A>");
    for (uint32_t i = 0; i < 1500; i++)
        text_append(&calls, arena, "<B>$(A)</B><C>$(A.Replace('aa','b'))</C>");
    text_append(&calls, arena,
                "<D>$(A.Replace('','x'))$(A.Replace('b','$(A)'))$(.x())$(A.Trim("
                ")$(A.Substring(-1,-1))$(A.Replace('a)$(A.)$(A.Contains())</D>");
    text_append(&calls, arena, "</PropertyGroup></Project>");
    ck_assert_ptr_nonnull(
        strstr(load_text(".vcxproj", text_cstr(&calls, arena)), "not a kernel-mode"));
}
END_TEST

START_TEST(hostile_cmake_ends) {
    const char *doubling = repeated("set(A aaaaaaaa)\n", "set(A \"${A}${A}\")\n", 20000, "");
    ck_assert_ptr_nonnull(strstr(load_cmake_text(doubling), "holds no driver"));
    const char *lists = repeated("set(A a)\n", "list(APPEND A ${A} ${A})\n", 2000, "");
    ck_assert_ptr_nonnull(strstr(load_cmake_text(lists), "holds no driver"));
    const char *open = repeated("add_executable(x ", "(", 100000, "");
    ck_assert_ptr_nonnull(strstr(load_cmake_text(open), "holds no driver"));
    const char *again = repeated("", "add_subdirectory(.)\nadd_subdirectory(..)\n", 1000, "");
    ck_assert_ptr_nonnull(strstr(load_cmake_text(again), "holds no driver"));
    const char *outside = "wdk_add_driver(d /etc/passwd ../../etc/passwd.c $<X> \"\" [[]])";
    ck_assert_ptr_nonnull(strstr(load_cmake_text(outside), "holds no driver"));
    for (const char *byte = "\"[#(\\$;)"; *byte != '\0'; byte++) {
        const char one[] = {*byte, '\0'};
        load_cmake_text(repeated("", one, 50000, ""));
        load_cmake_text(repeated("set(A ", one, 50000, ""));
    }
}
END_TEST

/* Folders, pipes and sockets with the names of projects are none. */
START_TEST(special_files_are_no_projects) {
    char folder[] = "/tmp/irqlint-test-project-XXXXXX";
    ck_assert_ptr_nonnull(mkdtemp(folder));
    static const char *const names[] = {"a.vcxproj", "b.sln",     "c.slnx", "CMakeLists.txt",
                                        "sources",   "drvlog.mc", "x.c"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        ck_assert_int_eq(mkfifo(path_join(arena, folder, names[i]), 0600), 0);
    ck_assert_int_eq(mkdir(path_join(arena, folder, "dir.vcxproj"), 0700), 0);
    const char *big = path_join(arena, folder, "big.vcxproj"); /* sparse: nothing but zeros */
    Error err;
    ck_assert_int_eq(file_write(big, "", 0, &err), 0);
    ck_assert_int_eq(truncate(big, 1024LL * 1024 * 1024), 0);
    const char *path = folder;
    const char *text = loaded(&(ProjectOptions){.paths = &path, .path_count = 1});
    ck_assert_ptr_nonnull(strstr(text, "big.vcxproj"));
    unlink(big);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        unlink(path_join(arena, folder, names[i]));
    rmdir(path_join(arena, folder, "dir.vcxproj"));
    rmdir(folder);
}
END_TEST

/* ---- the file view -------------------------------------------------------------------------- */

static const char *joined(const CStrArray *names) {
    Text text = {0};
    for (uint32_t i = 0; i < names->len; i++)
        text_printf(&text, arena, "%s%s", i == 0 ? "" : " ",
                    path_relative(arena, DATA "/closure", names->items[i]));
    return text_cstr(&text, arena);
}

static ProjectClosure *closure_of(FileView **view, ProjectUnit *unit) {
    *view = fileview_new(arena, DATA "/closure/model");
    *unit = (ProjectUnit){.path = DATA "/closure/src/Main.C"};
    array_push(&unit->args, arena, "-I" DATA "/closure");
    return fileview_closure(*view, unit);
}

START_TEST(closure_follows_includes_as_windows_would) {
    FileView *view;
    ProjectUnit unit;
    const ProjectClosure *closure = closure_of(&view, &unit);
    ck_assert_str_eq(joined(&closure->files),
                     "src/precomp.h inc/x.H inc/up.h lib/deep.h lib/wide.h src/after.h "
                     "src/Beside_Includer.h src/Continued.h");
    ck_assert_str_eq(joined(&closure->model), "ntddk.h pshpack1.h wdm.h");
    ck_assert_str_eq(joined(&closure->prelude), "ntddk.h");
    ck_assert_str_eq(joined(&closure->missing), "nowhere.h");
    ck_assert(closure->configures);
    ck_assert(closure->places_code);
    for (uint32_t i = 1; i < closure->dirs.len; i++)
        ck_assert_int_lt(strcmp(closure->dirs.items[i - 1], closure->dirs.items[i]), 0);
}
END_TEST

START_TEST(overlay_lists_true_names) {
    FileView *view;
    ProjectUnit unit;
    const ProjectClosure *closure = closure_of(&view, &unit);
    const char *overlay = fileview_overlay(view, &closure->dirs);
    ck_assert_ptr_nonnull(strstr(overlay, "\"case-sensitive\":\"false\""));
    ck_assert_ptr_nonnull(strstr(overlay, DATA "/closure/inc/x.H\""));
    ck_assert_ptr_nonnull(strstr(overlay, DATA "/closure/model/ntddk.h\""));
    ck_assert_ptr_null(strstr(overlay, "unused.h"));
}
END_TEST

static uint32_t marks_of(const char *text) {
    Scan scan = {0};
    scan_text(arena, text, strlen(text), &scan);
    return scan.marks;
}

START_TEST(marks_are_definitions_outside_of_comments) {
    ck_assert_uint_eq(marks_of("NTSTATUS DriverEntry(A a, B (*b)(C))\n/* { */\n{ }"), SCAN_ENTRY);
    ck_assert_uint_eq(marks_of("DRIVER_INITIALIZE DriverEntry;\nNTSTATUS DriverEntry(A a);"), 0);
    ck_assert_uint_eq(marks_of("// DriverEntry() {\n/* DriverEntry() { */ \"DriverEntry() {\""), 0);
    ck_assert_uint_eq(marks_of("int main(void) { }"), SCAN_MAIN);
    ck_assert_uint_eq(marks_of("x = main(1); s.main = 2;"), 0);
    ck_assert_uint_eq(marks_of("#pragma data_seg(\"PAGE\")"), SCAN_PLACES_CODE);
    ck_assert_uint_eq(marks_of("__declspec(code_seg(\"PAGE\")) void f(void);"), SCAN_PLACES_CODE);
    ck_assert_uint_eq(marks_of("#define RTL_USE_AVL_TABLES 0"), SCAN_CONFIGURES);
    ck_assert_uint_eq(marks_of("#ifdef RTL_USE_AVL_TABLES\n#endif"), 0);
    ck_assert_uint_eq(marks_of("#ifndef A\n#include <b.h>\n#endif"), 0);
    ck_assert_uint_eq(marks_of("#ifdef __cplusplus\nextern \"C\" {\n#endif"), 0);
    ck_assert_uint_eq(marks_of("#if !defined(A)\n#define A\n#endif"), SCAN_GUARDED);
    ck_assert_uint_eq(marks_of("#pragma once"), SCAN_GUARDED);
    ck_assert_uint_eq(marks_of(""), 0);
}
END_TEST

START_TEST(includes_know_what_stands_around_them) {
    const char *text = "#ifndef G\n#define G\n#include <a.h>\n#if X\n#include \"b.h\"\n#endif\n"
                       "# include /* c */ <c.h>\n#include NAME\n#include \"open.h\n#endif\n"
                       "#include <d.h>\n";
    Scan scan = {0};
    scan_text(arena, text, strlen(text), &scan);
    ck_assert_uint_eq(scan.includes.len, 4);
    const bool unconditional[] = {true, false, true, true};
    for (uint32_t i = 0; i < 4; i++) {
        ck_assert_int_eq(scan.includes.items[i].name[0], "abcd"[i]);
        ck_assert_int_eq(scan.includes.items[i].unconditional, unconditional[i]);
        ck_assert_int_eq(scan.includes.items[i].quoted, i == 1);
    }
}
END_TEST

/* Of the last include of a text. */
static bool is_unconditional(const char *text) {
    Scan scan = {0};
    scan_text(arena, text, strlen(text), &scan);
    ck_assert_uint_gt(scan.includes.len, 0);
    return scan.includes.items[scan.includes.len - 1].unconditional;
}

START_TEST(a_guard_is_no_condition) {
    ck_assert(is_unconditional("#if A\n#endif\n#include <a.h>\n"));
    ck_assert(is_unconditional("#ifdef __cplusplus\n#include <a.h>\n#endif\n"));
    ck_assert(!is_unconditional("#ifdef __cplusplus\n#else\n#include <a.h>\n#endif\n"));
    ck_assert(!is_unconditional("#ifndef G\n#include <a.h>\n#endif\n"));
    ck_assert(!is_unconditional("#ifndef G\n#define G\n#else\n#include <a.h>\n#endif\n"));
    ck_assert(!is_unconditional("#if A\n#if B\n#endif\n#include <a.h>\n#endif\n"));
    ck_assert(!is_unconditional("#if A\n#else\n#include <a.h>\n#endif\n"));
    ck_assert(is_unconditional("#endif\n#include <a.h>\n"));
}
END_TEST

START_TEST(paths_are_found_in_any_case) {
    FileView *view = fileview_new(arena, NULL);
    ck_assert_str_eq(view_find(view, DATA, "CLOSURE\\SRC\\..\\Inc\\X.h", PATH_FILE),
                     DATA "/closure/inc/x.H");
    ck_assert_str_eq(view_find(view, DATA, "Closure/INC", PATH_DIR), DATA "/closure/inc");
    ck_assert_str_eq(view_find(view, DATA, "closure/LIB/deep.h", PATH_FILE),
                     DATA "/closure/lib/deep.h");
    ck_assert_ptr_null(view_find(view, DATA, "closure/inc", PATH_FILE));
    ck_assert_ptr_null(view_find(view, DATA, "closure/inc/none.h", PATH_FILE));
    ck_assert_ptr_null(view_find(view, DATA, "", PATH_DIR));
    ck_assert_ptr_null(view_find(view, DATA, repeated("", "x/", 4000, ""), PATH_FILE));
}
END_TEST

int main(void) {
    Suite *suite = suite_create("project");
    TCase *tests = tcase_create("project");
    tcase_add_checked_fixture(tests, set_up, tear_down);
    tcase_set_timeout(tests, 30);
    tcase_add_test(tests, folders_become_drivers_by_their_entry_points);
    tcase_add_test(tests, a_folder_below_the_only_driver_belongs_to_it);
    tcase_add_test(tests, bare_sources_are_one_driver);
    tcase_add_test(tests, what_cannot_be_done_is_a_problem);
    tcase_add_test(tests, compilation_database_gives_a_driver_a_target);
    tcase_add_test(tests, project_is_evaluated_for_release_x64);
    tcase_add_test(tests, project_takes_the_libraries_that_it_refers_to);
    tcase_add_test(tests, folder_takes_kernel_projects_and_not_what_they_leave_out);
    tcase_add_test(tests, solution_names_projects);
    tcase_add_test(tests, old_kit_sources_are_drivers);
    tcase_add_test(tests, a_configuration_and_a_platform_can_be_asked_for);
    tcase_add_test(tests, libraries_are_joined_by_the_name_they_are_linked_as);
    tcase_add_test(tests, new_solutions_are_xml);
    tcase_add_test(tests, cmake_targets_are_drivers);
    tcase_add_test(tests, cmake_conditions_decide_macros_not_targets);
    tcase_add_test(tests, projects_of_many_names_end);
    tcase_add_test(tests, projects_of_many_long_values_end);
    tcase_add_test(tests, hostile_cmake_ends);
    tcase_add_test(tests, special_files_are_no_projects);
    tcase_add_test(tests, user_mode_project_is_a_problem_when_asked_for);
    tcase_add_test(tests, hostile_projects_cost_themselves_only);
    tcase_add_test(tests, deep_and_exploding_projects_end);
    tcase_add_test(tests, closure_follows_includes_as_windows_would);
    tcase_add_test(tests, overlay_lists_true_names);
    tcase_add_test(tests, marks_are_definitions_outside_of_comments);
    tcase_add_test(tests, includes_know_what_stands_around_them);
    tcase_add_test(tests, a_guard_is_no_condition);
    tcase_add_test(tests, paths_are_found_in_any_case);
    suite_add_tcase(suite, tests);
    return run_suite(suite);
}
