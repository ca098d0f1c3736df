/* test_model_overlay: what a user's JSON does to the model: which row wins, what stays of the one
 * below it, and that equal files give equal models. What is refused: testdata/cli/model-*. */
#include "analyzer/base/base.h"
#include "irqlint/model.h"
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

/* The model with the texts laid over it, in order. */
static const Model *overlay(const char *const *texts, uint32_t count, ModelErrors *errors) {
    const char *paths[4] = {0};
    ck_assert_uint_le(count, 4);
    for (uint32_t i = 0; i < count; i++) {
        char *path = arena_strdup(arena, "/tmp/irqlint-overlay-XXXXXX");
        int file = mkstemp(path);
        ck_assert_int_ge(file, 0);
        ck_assert_int_eq(write(file, texts[i], strlen(texts[i])), (ssize_t)strlen(texts[i]));
        close(file);
        paths[i] = path;
    }
    const Model *model = model_overlay(arena, paths, count, errors);
    for (uint32_t i = 0; i < count; i++)
        unlink(paths[i]);
    return model;
}

static const Model *sound(const char *first, const char *second) {
    ModelErrors errors;
    const char *texts[] = {first, second};
    const Model *model = overlay(texts, second == NULL ? 1 : 2, &errors);
    ck_assert_msg(errors.len == 0, "%s", errors.len == 0 ? "" : errors.items[0]);
    ck_assert_ptr_nonnull(model);
    return model;
}

/* ---- functions ----------------------------------------------------------------------------- */

START_TEST(a_new_function_has_what_it_gives) {
    const Ddi *row = model_ddi(
        sound(
            "{\"functions\": [{\"name\": \"LibWait\", \"header\": \"lib.h\", \"max\": "
            "\"DISPATCH_LEVEL\","
            "\"limits\": [{\"max\": \"APC_LEVEL\", \"when\": \"arg1 & PagedPool || *arg2 != 0\"}],"
            "\"effects\": [{\"effect\": \"acquire\", \"class\": \"spin\", \"lock\": \"arg0\","
            "\"flags\": [\"try\", \"success-zero\"], \"when\": \"arg3 == TRUE\"},"
            "{\"effect\": \"call\", \"from\": \"arg1\", \"level\": \"caller\", \"context\": "
            "\"arg2\"}],"
            "\"blocking\": {\"kind\": \"wait\", \"max\": \"APC_LEVEL\", \"when\": \"*arg2 != 0\"},"
            "\"memory\": [{\"kind\": \"alloc\", \"arg\": \"ret\"},"
            "{\"kind\": \"probe\", \"arg\": \"arg0\"}]}]}",
            NULL),
        "LibWait");
    ck_assert_ptr_nonnull(row);
    ck_assert_str_eq(row->header, "lib.h");
    ck_assert_uint_eq(row->min, IRQL_PASSIVE);
    ck_assert_uint_eq(row->max, IRQL_DISPATCH);
    ck_assert_uint_eq(row->limit_count, 2);
    ck_assert_str_eq(row->conds[0].text, "arg1 & PagedPool");
    ck_assert_int_eq(row->conds[0].value, 1);
    ck_assert_uint_eq(row->effect_count, 2);
    ck_assert_uint_eq(row->effects[0].flags, EFFECT_TRY | EFFECT_SUCCESS_ZERO);
    ck_assert_uint_eq(row->effects[0].lock_class, LOCK_SPIN);
    ck_assert_uint_eq(row->effects[1].level, IRQL_COUNT);
    ck_assert_uint_eq(row->effects[1].context_arg, 2);
    ck_assert_uint_eq(row->blocking, BLOCK_WAIT);
    ck_assert_uint_eq(row->blocking_when, row->limits[1].when);
    ck_assert_uint_eq(row->memory_count, 2);
    ck_assert_uint_eq(row->memory[0].arg, 255);
}
END_TEST

START_TEST(a_new_function_that_gives_nothing_is_unknown) {
    const Ddi *row =
        model_ddi(sound("{\"functions\": [{\"name\": \"LibNothing\"}]}", NULL), "LibNothing");
    ck_assert_ptr_nonnull(row);
    ck_assert_uint_eq(row->max, IRQL_COUNT);
    ck_assert_uint_eq(row->effect_count + row->limit_count + row->cond_count, 0);
    ck_assert_str_eq(row->blocking_text, "");
}
END_TEST

START_TEST(parts_that_are_not_given_stay) {
    const char *const name = "KeWaitForSingleObject";
    const Ddi *old = model_ddi(model_builtin(), name);
    const Ddi *row = model_ddi(sound("{\"functions\": [{\"name\": \"KeWaitForSingleObject\","
                                     "\"effects\": [{\"effect\": \"noreturn\"}]}]}",
                                     NULL),
                               name);
    ck_assert_uint_eq(row->max, old->max);
    ck_assert_uint_eq(row->blocking, old->blocking);
    ck_assert_uint_eq(row->limit_count, old->limit_count);
    ck_assert_str_eq(row->page, old->page);
    ck_assert_uint_eq(row->effect_count, 1);
    ck_assert_uint_eq(row->effects[0].kind, EFFECT_NORETURN);
    ck_assert_str_eq(row->conds[0].text, "*arg4 != 0");
    ck_assert_uint_eq(row->blocking_when, 1);
}
END_TEST

START_TEST(kept_limits_lie_below_the_maximum) {
    const char *const name = "KeWaitForSingleObject";
    const Ddi *row = model_ddi(
        sound("{\"functions\": [{\"name\": \"KeWaitForSingleObject\", \"max\": \"APC_LEVEL\"}]}",
              NULL),
        name);
    ck_assert_uint_eq(row->max, IRQL_APC);
    for (uint32_t i = 0; i < row->limit_count; i++)
        ck_assert_uint_lt(row->limits[i].max, IRQL_APC);
}
END_TEST

START_TEST(a_function_that_does_not_block) {
    const Ddi *row = model_ddi(sound("{\"functions\": [{\"name\": \"KeWaitForSingleObject\","
                                     "\"blocking\": null, \"limits\": []}]}",
                                     NULL),
                               "KeWaitForSingleObject");
    ck_assert_uint_eq(row->blocking, BLOCK_NONE);
    ck_assert_uint_eq(row->limit_count, 0);
    ck_assert_uint_eq(row->cond_count, 1); /* of its memory roles, which were not replaced */
    ck_assert_int_eq(row->conds[0].kind, COND_ARG_EQ);
    ck_assert_int_eq(row->conds[0].arg, 2);
}
END_TEST

START_TEST(a_stated_level_is_not_weak) {
    const char *const name = "AcxObjectBagRetrieveBlob";
    ck_assert_uint_eq(model_ddi(model_builtin(), name)->flags & DDI_WEAK, DDI_WEAK);
    const Model *stated = sound("{\"functions\": [{\"name\": \"AcxObjectBagRetrieveBlob\","
                                "\"max\": \"APC_LEVEL\"}]}",
                                NULL);
    ck_assert_uint_eq(model_ddi(stated, name)->flags & DDI_WEAK, 0);
    const Model *other = sound("{\"functions\": [{\"name\": \"AcxObjectBagRetrieveBlob\","
                               "\"header\": \"x.h\"}]}",
                               NULL);
    ck_assert_uint_eq(model_ddi(other, name)->flags & DDI_WEAK, DDI_WEAK);
}
END_TEST

START_TEST(the_last_file_wins_part_by_part) {
    const char *const first = "{\"functions\": [{\"name\": \"LibA\", \"max\": \"APC_LEVEL\","
                              "\"effects\": [{\"effect\": \"noreturn\"}]}]}";
    const char *const second =
        "{\"functions\": [{\"name\": \"LibA\", \"max\": \"DISPATCH_LEVEL\"}]}";
    const Ddi *row = model_ddi(sound(first, second), "LibA");
    ck_assert_uint_eq(row->max, IRQL_DISPATCH);
    ck_assert_uint_eq(row->effect_count, 1);
    ck_assert_uint_eq(model_ddi(sound(second, first), "LibA")->max, IRQL_APC);
}
END_TEST

START_TEST(every_other_row_stays) {
    const Model *base = model_builtin();
    const Model *model = sound("{\"functions\": [{\"name\": \"AAA\"}, {\"name\": \"zzz\"}]}", NULL);
    static const char *const names[] = {"AAA", "zzz", "KeSetEvent", "ExAllocatePool2",
                                        "PAGED_CODE"};
    ck_assert_uint_eq(model_ddi_count(model), model_ddi_count(base) + 2);
    ck_assert_uint_eq(model_role_count(model), model_role_count(base));
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        ck_assert_ptr_nonnull(model_ddi(model, names[i]));
    ck_assert_str_eq(model_role(model, "PKDEFERRED_ROUTINE")->name, "KDEFERRED_ROUTINE");
    ck_assert_ptr_null(model_ddi(base, "AAA"));
}
END_TEST

/* ---- roles, registrations, fields, constants ----------------------------------------------- */

START_TEST(roles_and_the_names_that_lead_to_them) {
    const Model *model =
        sound("{\"callbacks\": [{\"role\": \"LIB_DONE\", \"context\": \"dpc\", \"certain\": "
              "[\"DISPATCH_LEVEL\"], \"flags\": [\"cancel-lock-held\"], \"user_args\": [0, 31],"
              "\"pointers\": [\"LIB_DONE_FN\"], \"depends\": \"the queue\"},"
              "{\"role\": \"KSERVICE_ROUTINE\", \"possible\": [\"PASSIVE_LEVEL\"]}]}",
              NULL);
    const Role *role = model_role(model, "LIB_DONE");
    ck_assert_ptr_nonnull(role);
    ck_assert_ptr_eq(model_role(model, "LIB_DONE_FN"), role);
    ck_assert_ptr_eq(model_role(model, "PLIB_DONE"), role);
    ck_assert_uint_eq(role->context, CONTEXT_DPC);
    ck_assert_uint_eq(role->certain, irql_bit(IRQL_DISPATCH));
    ck_assert_uint_eq(role->user_args, 0x80000001u);
    ck_assert_uint_eq(role->flags, ROLE_CANCEL_LOCK_HELD);
    const Role *isr = model_role(model, "PKSERVICE_ROUTINE");
    ck_assert_uint_eq(isr->certain, 0);
    ck_assert_uint_eq(isr->possible, irql_bit(IRQL_PASSIVE));
    ck_assert_uint_eq(isr->context, CONTEXT_ISR);
}
END_TEST

START_TEST(registrations_of_one_place_replace_the_ones_below) {
    uint32_t count;
    const Model *model = sound(
        "{\"callbacks\": [{\"role\": \"LIB_DPC\"}], \"registrations\": ["
        "{\"via\": \"arg\", \"target\": \"KeInitializeDpc\", \"member\": 1, \"role\": \"LIB_DPC\"},"
        "{\"via\": \"arg\", \"target\": \"LibQueue\", \"member\": 2, \"role\": \"LIB_DPC\"},"
        "{\"via\": \"arg\", \"target\": \"LibQueue\", \"member\": 2, \"role\": "
        "\"KSERVICE_ROUTINE\"},"
        "{\"via\": \"name\", \"target\": \"LibEntry\", \"role\": \"DRIVER_INITIALIZE\"},"
        "{\"via\": \"field\", \"target\": \"_LIB_OPS\", \"member\": \"Done[IRP_MJ_CLOSE]\","
        "\"role\": \"LIB_DPC\"}]}",
        NULL);
    const Registration *found = model_registrations_of_ddi(model, "KeInitializeDpc", &count);
    ck_assert_uint_eq(count, 1);
    ck_assert_str_eq(found->role, "LIB_DPC");
    model_registrations_of_ddi(model, "LibQueue", &count);
    ck_assert_uint_eq(count, 2);
    found = model_registrations_of_field(model, "", "LibEntry", &count);
    ck_assert_uint_eq(count, 1);
    found = model_registrations_of_field(model, "_LIB_OPS", "Done", &count);
    ck_assert_uint_eq(count, 1);
    ck_assert_int_eq(found->index, 2);
}
END_TEST

START_TEST(fields_and_constants) {
    const Model *model =
        sound("{\"constants\": {\"LIB_BIG\": \"0x100000000\", \"LIB_NEG\": -1},"
              "\"functions\": [{\"name\": \"LibA\", \"effects\": [{\"effect\": \"noreturn\","
              "\"when\": \"arg0 == LIB_BIG && arg1 != LIB_NEG\"}]}],"
              "\"fields\": [{\"type\": \"_LIB_REQ\", \"field\": \"Buffer\", \"kind\": "
              "\"user-pointer\"},"
              "{\"type\": \"LIB_REQ\", \"field\": \"Passive\", \"kind\": "
              "\"passive-setting(LIB_BIG)\"}]}",
              "{\"functions\": [{\"name\": \"LibB\", \"effects\": [{\"effect\": \"noreturn\","
              "\"when\": \"arg0 == LIB_BIG\"}]}]}");
    ck_assert_int_eq(model_ddi(model, "LibA")->conds[0].value, 0x100000000);
    ck_assert_int_eq(model_ddi(model, "LibA")->conds[1].value, -1);
    ck_assert_int_eq(model_ddi(model, "LibB")->conds[0].value, 0x100000000);
    ck_assert_uint_eq(model_field(model, "LIB_REQ", "Buffer", &(uint32_t){0})->kind,
                      FIELD_USER_POINTER);
    ck_assert_int_eq(model_field(model, "_LIB_REQ", "Passive", &(uint32_t){0})->value, 0x100000000);
    ck_assert_ptr_nonnull(model_field(model, "IRP", "UserBuffer", &(uint32_t){0}));
}
END_TEST

/* ---- the whole ----------------------------------------------------------------------------- */

START_TEST(the_version_follows_the_contents) {
    const char *const a = "{\"functions\": [{\"name\": \"LibA\"}]}";
    const char *const b = "{\"functions\": [{\"name\": \"LibB\"}]}";
    uint64_t version = model_version(sound(a, NULL));
    ModelErrors errors;
    ck_assert(overlay(NULL, 0, &errors) == model_builtin());
    ck_assert(version != model_version(model_builtin()));
    ck_assert(version == model_version(sound(a, NULL)));
    ck_assert(version != model_version(sound(b, NULL)));
    ck_assert(model_version(sound(a, b)) != model_version(sound(b, a)));
}
END_TEST

START_TEST(a_broken_file_yields_no_model) {
    ModelErrors errors;
    const char *const texts[] = {"{\"functions\": [{\"name\": \"LibA\"}]}", "{", "[]"};
    ck_assert_ptr_null(overlay(texts, 3, &errors));
    ck_assert_uint_eq(errors.len, 2);
    ck_assert_ptr_nonnull(strstr(errors.items[0], ":1: "));
}
END_TEST

START_TEST(lines_are_found_in_text_that_misleads) {
    ModelErrors errors;
    const char *const texts[] = {"{\r\n\"comment\"\n:\n\"a \\\" : {[ \\\\\"\n,\n\"functions\":[\n"
                                 "{\"name\":\"LibA\",\"max\"\n:\n\"nowhere\"}]}"};
    ck_assert_ptr_null(overlay(texts, 1, &errors));
    ck_assert_uint_eq(errors.len, 1);
    ck_assert_ptr_nonnull(strstr(errors.items[0], ":9: unknown level: nowhere"));
}
END_TEST

/* No text cut short or with one byte changed does harm; run under the sanitizers. */
START_TEST(damaged_text_is_refused_or_read) {
    const char *const text =
        "{\"functions\": [{\"name\": \"L\", \"limits\": [{\"max\": \"APC_LEVEL\", \"when\": "
        "\"!(arg0 & 1) && opaque(\\\"x\\\")\"}], \"memory\": [{\"kind\": \"free\", \"arg\": "
        "\"arg1\"}]}], \"fields\": [{\"type\": \"T\", \"field\": \"F\", \"kind\": "
        "\"passive-setting(2)\"}]}";
    static const char bytes[] = "\"\\{}[]:,()&*9\x01\xc3\xff";
    for (size_t len = 0; len < strlen(text); len += 3) {
        ModelErrors errors;
        char *copy = arena_strdup(arena, text);
        copy[len] = bytes[len / 3 % (sizeof bytes - 1)];
        const char *const changed[] = {copy}, *const cut[] = {arena_strndup(arena, text, len)};
        overlay(changed, 1, &errors);
        ck_assert_ptr_null(overlay(cut, 1, &errors));
        ck_assert_uint_ge(errors.len, 1);
    }
}
END_TEST

int main(void) {
    Suite *suite = suite_create("overlay");
    TCase *tests = tcase_create("json");
    tcase_set_timeout(tests, 60);
    tcase_add_checked_fixture(tests, set_up, tear_down);
    tcase_add_test(tests, a_new_function_has_what_it_gives);
    tcase_add_test(tests, a_new_function_that_gives_nothing_is_unknown);
    tcase_add_test(tests, parts_that_are_not_given_stay);
    tcase_add_test(tests, kept_limits_lie_below_the_maximum);
    tcase_add_test(tests, a_function_that_does_not_block);
    tcase_add_test(tests, a_stated_level_is_not_weak);
    tcase_add_test(tests, the_last_file_wins_part_by_part);
    tcase_add_test(tests, every_other_row_stays);
    tcase_add_test(tests, roles_and_the_names_that_lead_to_them);
    tcase_add_test(tests, registrations_of_one_place_replace_the_ones_below);
    tcase_add_test(tests, fields_and_constants);
    tcase_add_test(tests, the_version_follows_the_contents);
    tcase_add_test(tests, a_broken_file_yields_no_model);
    tcase_add_test(tests, lines_are_found_in_text_that_misleads);
    tcase_add_test(tests, damaged_text_is_refused_or_read);
    suite_add_tcase(suite, tests);
    return run_suite(suite);
}
