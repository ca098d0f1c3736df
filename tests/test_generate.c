/* test_generate: the texts made up for generated headers, and which header gets one. */
#include "analyzer/project/generate.h"
#include "analyzer/project/project.h"
#include "tests/suite.h"

#include <stdlib.h>

#define DATA IRQLINT_TESTDATA "/project/generated"

static Arena *arena;

static void set_up(void) {
    arena = arena_new();
}

static void tear_down(void) {
    arena_free(arena);
}

static const char *messages(const char *text) {
    Text out = {0};
    return generate_messages(arena, text, &out) ? text_cstr(&out, arena) : NULL;
}

static const char *classes(const char *text) {
    Text out = {0};
    return generate_classes(arena, text, &out) ? text_cstr(&out, arena) : NULL;
}

static const char *manifest(const char *body) {
    Text out = {0};
    const char *text =
        arena_printf(arena, "<instrumentationManifest>%s</instrumentationManifest>", body);
    return generate_manifest(arena, text, strlen(text), "My", &out) ? text_cstr(&out, arena) : NULL;
}

static void expect_line(const char *text, const char *line) {
    ck_assert_ptr_nonnull(text);
    ck_assert_msg(strstr(text, line) != NULL, "'%s' is not in:\n%s", line, text);
}

/* ---- messages ----------------------------------------------------------------------------- */

START_TEST(messages_have_severity_facility_and_number) {
    const char *text = messages(";/* kept */\n"
                                "MessageIdTypedef=NTSTATUS\n"
                                "SeverityNames=(Success=0 Error=0x3:SEV_BAD)\n"
                                "FacilityNames=(Demo=0x21:FACILITY_DEMO\n  Other=2)\n"
                                "MessageId=0x10 Facility=Demo Severity=Error SymbolicName=A\n"
                                "Language=English\nMessageId=5 is text.\n.\n"
                                "Language=German\nText.\n.\n"
                                "MessageId=+2\nSymbolicName=B\nLanguage=English\nx\n.\n"
                                "MessageId=\nSymbolicName=C\nLanguage=English\n.\n"
                                "MessageIdTypedef=\n"
                                "MessageId=7 Facility=Other Severity=Success SymbolicName=D\n"
                                "Language=English\n.\n");
    ck_assert_str_eq(text, "/* kept */\n"
                           "#define SEV_BAD 0x3\n"
                           "#define FACILITY_DEMO 0x21\n"
                           "#define A ((NTSTATUS)0xC0210010L)\n"
                           "#define B ((NTSTATUS)0xC0210012L)\n"
                           "#define C ((NTSTATUS)0xC0210013L)\n"
                           "#define D 0x00020007L\n");
}
END_TEST

START_TEST(messages_take_no_names_that_are_none) {
    const char *text = messages("MessageIdTypedef=int;evil\nMessageId=1 SymbolicName=a(b\n"
                                "Language=English\n.\nMessageId=2 SymbolicName=Fine\n"
                                "Language=English\n.");
    ck_assert_str_eq(text, "#define Fine 0x00000002L\n");
    ck_assert_ptr_null(messages("no statement\nat all\n"));
    ck_assert_ptr_null(messages(""));
}
END_TEST

/* ---- manifests ---------------------------------------------------------------------------- */

START_TEST(events_become_macros) {
    const char *text = manifest("<provider name='A-B' symbol='PROV' "
                                "guid='{01020304-0506-0708-090a-0b0c0d0e0f10}'>"
                                "<keyword symbol='KEY' mask='0x40'/><opcode symbol='OP' value='x'/>"
                                "<event symbol='Go' value='3'/><event symbol='Go'/>"
                                "<event symbol='no name'/></provider>");
    expect_line(text, "#define EventWriteGo(...) ((void)0)\n");
    expect_line(text, "#define EventEnabledGo() (__irqlint_event_enabled != 0)\n");
    expect_line(text, "#define EventRegisterA_B() ((ULONG)0)\n");
    expect_line(text, "#define EventUnregisterPROV() ((ULONG)0)\n");
    expect_line(text, "EXTERN_C const GUID PROV;\n");
    expect_line(text, "#define KEY 0x40\n");
    expect_line(text, "#define OP 0\n");
    ck_assert_ptr_null(strstr(text, "no name"));
    ck_assert_ptr_null(strstr(strstr(text, "EventWriteGo(") + 1, "EventWriteGo("));
}
END_TEST

START_TEST(counter_sets_become_functions) {
    const char *text = manifest("<counterSet symbol='Tide' guid='x'/>");
    expect_line(text, "EXTERN_C NTSTATUS MyRegisterTide(PPCW_CALLBACK Callback, PVOID Context);\n");
    expect_line(text, "EXTERN_C VOID MyUnregisterTide(VOID);\n");
    ck_assert_ptr_null(strstr(text, "TideGuid"));
}
END_TEST

START_TEST(other_xml_is_no_manifest) {
    Text out = {0};
    const char *bomb = "<!DOCTYPE x [<!ENTITY a 'aa'>]><instrumentationManifest/>";
    ck_assert(!generate_manifest(arena, "<other/>", 8, "", &out));
    ck_assert(!generate_manifest(arena, bomb, strlen(bomb), "", &out));
    ck_assert(!generate_manifest(arena, "", 0, "", &out));
    ck_assert_uint_eq(out.len, 0);
}
END_TEST

/* ---- classes ------------------------------------------------------------------------------ */

START_TEST(classes_become_structures) {
    const char *text = classes("[WMI, guid(\"{01020304-0506-0708-090a-0b0c0d0e0f10}\")]\n"
                               "class State : Base {\n"
                               "  [key, read] string InstanceName;\n"
                               "  [WmiDataId(2), MaxLen(3)] string Name;\n"
                               "  [WmiDataId(1), DefineValues{\"OFF\",\"ON\"}, ValueMap{\"0\","
                               "\"4\"}] uint32 Mode = 4;\n"
                               "  [WmiDataId(3), WmiSizeIs(\"Mode\")] Inner Items[];\n"
                               "  [WmiDataId(4)] string Note;\n};\n");
    ck_assert_str_eq(
        text, "#define StateGuid { 0x01020304, 0x0506, 0x0708, { 0x09, 0x0a, 0x0b, 0x0c, 0x0d, "
              "0x0e, 0x0f, 0x10 } }\n"
              "EXTERN_C const GUID State_GUID;\n"
              "#ifndef OFF\n#define OFF 0\n#endif\n"
              "#ifndef ON\n#define ON 4\n#endif\n"
              "typedef struct _State {\n"
              "    ULONG Mode;\n"
              "#define State_Mode_SIZE (sizeof(ULONG) * (1))\n"
              "#define State_Mode_ID 1\n"
              "    WCHAR Name[4];\n"
              "#define State_Name_SIZE (sizeof(WCHAR) * (4))\n"
              "#define State_Name_ID 2\n"
              "    Inner Items[1];\n"
              "#define State_Items_ID 3\n"
              "    CHAR VariableData[1];\n"
              "} State, *PState;\n"
              "#define State_SIZE (FIELD_OFFSET(State, Name) + State_Name_SIZE)\n");
}
END_TEST

START_TEST(methods_become_numbers_and_structures) {
    const char *text = classes("class M { [WmiMethodId(9)] void Reset([in, ID(0)] uint32 How,"
                               " [out, ID(1)] boolean Done); };");
    ck_assert_str_eq(text, "#define Reset 9\n"
                           "typedef struct _Reset_IN {\n    ULONG How;\n"
                           "#define Reset_IN_How_SIZE (sizeof(ULONG) * (1))\n"
                           "} Reset_IN, *PReset_IN;\n"
                           "#define Reset_IN_SIZE (FIELD_OFFSET(Reset_IN, How) + "
                           "Reset_IN_How_SIZE)\n"
                           "typedef struct _Reset_OUT {\n    BOOLEAN Done;\n"
                           "#define Reset_OUT_Done_SIZE (sizeof(BOOLEAN) * (1))\n"
                           "} Reset_OUT, *PReset_OUT;\n"
                           "#define Reset_OUT_SIZE (FIELD_OFFSET(Reset_OUT, Done) + "
                           "Reset_OUT_Done_SIZE)\n");
}
END_TEST

/* Every beginning of a file ends, and so does what repeats one byte. */
START_TEST(broken_texts_end) {
    const char *text = "[WMI{\"a\"}, x(1)] class A : B { [WmiDataId(1)] uint8 x[2] = {1}; "
                       "[i] void M([in] string s[], /* c */ ref T t); }; instance of A { b = {1}; "
                       "}; MessageId=1\nSeverityNames=(A=1:B\nLanguage=E\n.\n";
    for (size_t len = 0; len <= strlen(text); len++) {
        const char *part = arena_strndup(arena, text, len);
        classes(part);
        messages(part);
    }
    for (const char *byte = "[](){};:,\"/*#=.a1\\\n"; *byte != '\0'; byte++) {
        char *many = arena_alloc(arena, 100001);
        memset(many, *byte, 100000);
        many[100000] = '\0';
        classes(many);
        messages(many);
    }
}
END_TEST

/* ---- which header ------------------------------------------------------------------------- */

/* "header < folder it is searched in" for each header made up for the first unit. */
static const char *made_up(const char *path) {
    Text text = {0};
    const char *paths[] = {path};
    ProjectOptions options = {
        .paths = paths, .path_count = 1, .model_dir = DATA "/../closure/model"};
    const Project *project = project_load(arena, &options);
    ck_assert_uint_eq(project->drivers.len, 1);
    const ProjectUnit *unit = &project->drivers.items[0].units.items[0];
    ProjectClosure *closure = fileview_closure(project->view, unit);
    fileview_generate(project->view, unit, closure);
    for (uint32_t i = 0; i < closure->generated.len; i++) {
        const GeneratedHeader *header = &closure->generated.items[i];
        text_printf(&text, arena, "%s < %s\n", path_relative(arena, DATA, header->path),
                    path_base(header->dir));
    }
    return text_cstr(&text, arena);
}

START_TEST(projects_say_what_makes_a_header) {
    ck_assert_str_eq(made_up(DATA "/kept.vcxproj"), "messages.h < generated\n"
                                                    "Traces.h < generated\n"
                                                    "wmi_blocks.h < generated\n"
                                                    "waveNumbers.h < generated\n"
                                                    "include/forgotten.h < include\n");
}
END_TEST

START_TEST(files_beside_a_source_make_headers_that_are_not_there) {
    ck_assert_str_eq(made_up(DATA "/loose"), "loose/drvlog.h < loose\n");
}
END_TEST

int main(void) {
    Suite *suite = suite_create("generate");
    TCase *tests = tcase_create("generate");
    tcase_add_checked_fixture(tests, set_up, tear_down);
    tcase_set_timeout(tests, 30);
    tcase_add_test(tests, messages_have_severity_facility_and_number);
    tcase_add_test(tests, messages_take_no_names_that_are_none);
    tcase_add_test(tests, events_become_macros);
    tcase_add_test(tests, counter_sets_become_functions);
    tcase_add_test(tests, other_xml_is_no_manifest);
    tcase_add_test(tests, classes_become_structures);
    tcase_add_test(tests, methods_become_numbers_and_structures);
    tcase_add_test(tests, broken_texts_end);
    tcase_add_test(tests, projects_say_what_makes_a_header);
    tcase_add_test(tests, files_beside_a_source_make_headers_that_are_not_there);
    suite_add_tcase(suite, tests);
    return run_suite(suite);
}
