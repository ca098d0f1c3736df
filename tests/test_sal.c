/* test_sal: annotation texts -> facts -> rows. A fact is compared as one line of text. */
#include "analyzer/link/sal.h"
#include "tests/suite.h"

#include <stdlib.h>

static const char *const PARAMS[] = {"Lock", "Timeout", "Type", "OldIrql", ""};

static Arena *arena;
static SalFactArray facts;

static void setup(void) {
    arena = arena_new();
    facts = (SalFactArray){0};
}

static void teardown(void) {
    arena_free(arena);
}

static void parse_on(int32_t param, const char *text) {
    SalSource source = {.arena = arena,
                        .model = model_builtin(),
                        .params = PARAMS,
                        .param_count = sizeof PARAMS / sizeof *PARAMS,
                        .param = param,
                        .text = text,
                        .file = "x.c",
                        .line = 7};
    sal_parse(&source, &facts);
}

static const char *place_text(Place place) {
    static const char *const FORMATS[] = {
        [PLACE_ARG] = "arg%u", [PLACE_OUT] = "*arg%u", [PLACE_HIDDEN] = "in(arg%u)"};
    switch ((PlaceKind)place.kind) {
    case PLACE_NONE:
        return "-";
    case PLACE_RETURN:
        return "ret";
    case PLACE_GLOBAL:
        return place.name;
    default:
        return arena_printf(arena, FORMATS[place.kind], place.arg);
    }
}

/* "raises DISPATCH_LEVEL - [return != 0]": kind, level, place, conditions, then what else there is.
 */
static const char *fact_text(const SalFact *fact) {
    const char *level = fact->level < IRQL_COUNT ? irql_name((Irql)fact->level) : "-";
    const char *text = arena_printf(arena, "%s %s %s", sal_kind_name((SalKind)fact->kind), level,
                                    place_text(fact->place));
    for (uint32_t i = 0; i < fact->cond_count; i++)
        text = arena_printf(arena, "%s [%s%s]", text,
                            fact->conds[i].kind == COND_OPAQUE ? "? " : "", fact->conds[i].text);
    if (fact->lock_class != LOCK_NONE)
        text = arena_printf(arena, "%s {%s}", text, lock_class_name((LockClass)fact->lock_class));
    if ((fact->flags & SAL_SHARED) != 0)
        text = arena_printf(arena, "%s shared", text);
    if ((fact->flags & SAL_EXCLUSIVE) != 0)
        text = arena_printf(arena, "%s exclusive", text);
    return (fact->flags & SAL_BAD_VALUE) != 0 ? arena_printf(arena, "%s bad", text) : text;
}

/* The facts of one annotation, separated by "; ". */
static const char *facts_on(int32_t param, const char *text) {
    facts.len = 0;
    parse_on(param, text);
    const char *all = "";
    for (uint32_t i = 0; i < facts.len; i++) {
        all = arena_printf(arena, "%s%s%s", all, i == 0 ? "" : "; ", fact_text(&facts.items[i]));
        ck_assert_str_eq(facts.items[i].text, text);
        ck_assert_str_eq(facts.items[i].file, "x.c");
        ck_assert_uint_eq(facts.items[i].line, 7);
    }
    return all;
}

typedef struct Case {
    int32_t param;      /* where the annotation stands */
    const char *text;   /* the annotation */
    const char *expect; /* its facts */
} Case;

static void check_cases(const Case *cases, size_t count) {
    for (size_t i = 0; i < count; i++) {
        const char *got = facts_on(cases[i].param, cases[i].text);
        ck_assert_msg(str_eq(got, cases[i].expect), "%s\n  gave  %s\n  not   %s", cases[i].text,
                      got, cases[i].expect);
    }
}

#define CHECK_CASES(cases) check_cases(cases, sizeof(cases) / sizeof *(cases))

START_TEST(levels) {
    static const Case CASES[] = {
        {-1, "_IRQL_requires_(PASSIVE_LEVEL)", "requires PASSIVE_LEVEL -"},
        {-1, "_IRQL_requires_max_(DISPATCH_LEVEL)", "max DISPATCH_LEVEL -"},
        {-1, "_IRQL_requires_min_( APC_LEVEL )", "min APC_LEVEL -"},
        {-1, "_IRQL_requires_max_((APC_LEVEL))", "max APC_LEVEL -"},
        {-1, "_IRQL_requires_max_(2)", "max DISPATCH_LEVEL -"},
        {-1, "_IRQL_requires_max_(0x1f)", "max HIGH_LEVEL -"},
        {-1, "_IRQL_requires_max_(SYNCH_LEVEL)", "max DIRQL -"},
        {-1, "_IRQL_raises_(HIGH_LEVEL)", "raises HIGH_LEVEL -"},
        {-1, "_IRQL_raises_(OldIrql)", "raises - arg3"},
        {-1, "_IRQL_always_function_max_(PASSIVE_LEVEL)", "function-max PASSIVE_LEVEL -"},
        {-1, "_IRQL_always_function_min_(DISPATCH_LEVEL)", "function-min DISPATCH_LEVEL -"},
        {-1, "_IRQL_requires_same_", "same - -"},
        {-1, "__drv_maxIRQL(APC_LEVEL)", "max APC_LEVEL -"},
        {-1, "__drv_minIRQL(1)", "min APC_LEVEL -"},
        {-1, "__drv_requiresIRQL(DISPATCH_LEVEL)", "requires DISPATCH_LEVEL -"},
        {-1, "__drv_raisesIRQL(DISPATCH_LEVEL)", "raises DISPATCH_LEVEL -"},
        {-1, "__drv_setsIRQL(DISPATCH_LEVEL)", "raises DISPATCH_LEVEL -"},
        {-1, "__drv_maxFunctionIRQL(APC_LEVEL)", "function-max APC_LEVEL -"},
        {-1, "__drv_minFunctionIRQL(APC_LEVEL)", "function-min APC_LEVEL -"},
        {-1, "__drv_sameIRQL", "same - -"},
        /* not a constant that is known: kept, without a level */
        {-1, "_IRQL_requires_max_(DISPATCH_LEVEL + 1)", "max - -"},
        {-1, "_IRQL_requires_max_(MY_LEVEL)", "max - -"},
    };
    CHECK_CASES(CASES);
}
END_TEST

START_TEST(places) {
    static const Case CASES[] = {
        {-1, "_IRQL_saves_", "saves - ret"},
        {3, "_IRQL_saves_", "saves - *arg3"},
        {3, "_IRQL_restores_", "restores - arg3"},
        {3, "__drv_savesIRQL", "saves - *arg3"},
        {3, "__drv_restoresIRQL", "restores - arg3"},
        {-1, "_IRQL_restores_", "restores - -"},
        {-1, "_IRQL_saves_global_(OldIrql, Lock)", "saves - in(arg0)"},
        {-1, "_IRQL_restores_global_(QueuedSpinLock, Lock->Handle)", "restores - in(arg0)"},
        {-1, "__drv_savesIRQLGlobal(SpinLock, Lock)", "saves - in(arg0)"},
        {-1, "__drv_restoresIRQLGlobal(SpinLock, Lock)", "restores - in(arg0)"},
        {-1, "_At_(*OldIrql, _IRQL_saves_)", "saves - *arg3"},
        {-1, "_At_(OldIrql, _IRQL_restores_)", "restores - arg3"},
        {-1, "_At_(*OldIrql, _IRQL_restores_)", "restores - *arg3"},
        {-1, "_At_(Lock->OldIrql, _IRQL_saves_)", "saves - in(arg0)"},
        {-1, "_At_((*OldIrql), _Out_ _IRQL_saves_)", "saves - *arg3"},
        {-1, "__drv_arg(OldIrql, __drv_restoresIRQL)", "restores - arg3"},
        {3, "__drv_out_deref(__drv_savesIRQL)", "saves - *arg3"},
        {3, "__drv_in(__drv_restoresIRQL)", "restores - arg3"},
        {0, "__drv_ret(__drv_savesIRQL)", "saves - ret"},
        {3, "_IRQL_uses_cancel_", "uses-cancel - arg3"},
        {3, "_IRQL_is_cancel_", "is-cancel - arg3"},
        {3, "__drv_useCancelIRQL", "uses-cancel - arg3"},
        {-1, "_At_(Irp->CancelIrql, _IRQL_is_cancel_)", "is-cancel - Irp->CancelIrql"},
    };
    CHECK_CASES(CASES);
}
END_TEST

START_TEST(locks) {
    static const Case CASES[] = {
        {-1, "_Acquires_lock_(*Lock)", "acquires - arg0"},
        {-1, "_Acquires_lock_(Lock->Inner.Spin)", "acquires - in(arg0)"},
        {-1, "_Acquires_lock_(&g_Lock)", "acquires - &g_Lock"},
        {0, "_Releases_lock_(_Curr_)", "releases - arg0"},
        {-1, "_Acquires_shared_lock_(*Lock)", "acquires - arg0 shared"},
        {-1, "_Acquires_exclusive_lock_(*Lock)", "acquires - arg0 exclusive"},
        {-1, "_Releases_nonreentrant_lock_(*Lock)", "releases - arg0 exclusive"},
        {-1, "_Releases_shared_lock_(*Lock)", "releases - arg0 shared"},
        {-1, "_Acquires_spin_lock_(*Lock)", "acquires - arg0 {spin lock} exclusive"},
        {-1, "_Requires_lock_held_(*Lock)", "held - arg0"},
        {-1, "_Requires_shared_lock_held_(*Lock)", "held - arg0 shared"},
        {-1, "_Requires_lock_not_held_(*Lock)", "not-held - arg0"},
        {-1, "_Requires_no_locks_held_", "none-held - -"},
        {0, "_Kernel_acquires_resource_(SpinLock)", "acquires - arg0 {spin lock}"},
        {0, "_Kernel_releases_resource_(SpinLock)", "releases - arg0 {spin lock}"},
        {0, "_Kernel_requires_resource_held_(FastMutex)", "held - arg0 {fast mutex}"},
        {0, "_Kernel_requires_resource_not_held_(Mutex)", "not-held - arg0 {mutex}"},
        {-1, "_Kernel_acquires_resource_global_(QueuedSpinLock, Lock)",
         "acquires - arg0 {queued spin lock}"},
        {0, "__drv_acquiresResource(SpinLock)", "acquires - arg0 {spin lock}"},
        {0, "__drv_acquiresExclusiveResource(SpinLock)", "acquires - arg0 {spin lock} exclusive"},
        {-1, "__drv_releasesResourceGlobal(SpinLock, Lock)", "releases - arg0 {spin lock}"},
        {0, "__drv_mustHold(SpinLock)", "held - arg0 {spin lock}"},
        {0, "__drv_neverHold(SpinLock)", "not-held - arg0 {spin lock}"},
        {-1, "__drv_acquiresCancelSpinLock", "acquires - cancel {cancel spin lock}"},
        {-1, "__drv_mustHoldCancelSpinLock", "held - cancel {cancel spin lock}"},
        {-1, "__drv_acquiresCriticalRegion", "acquires - critical"},
        {0, "_Kernel_acquires_resource_(SomethingElse)", "acquires - arg0"},
    };
    CHECK_CASES(CASES);
}
END_TEST

START_TEST(names) {
    static const Case CASES[] = {
        {-1, "_Function_class_(KDEFERRED_ROUTINE)", "function-class - -"},
        {-1, "__drv_functionClass(DRIVER_UNLOAD)", "function-class - -"},
        {-1, "_Dispatch_type_(IRP_MJ_POWER)", "dispatch-type - -"},
        {-1, "__drv_dispatchType(3)", "dispatch-type - -"},
        {-1, "_Kernel_clear_do_init_(yes)", "clears-init - -"},
        {-1, "_Kernel_clear_do_init_(__drv_no)", "clears-init - -"},
        {-1, "__drv_clearDoInit(__drv_yes)", "clears-init - -"},
        {-1, "_Dispatch_type_(Power)", "dispatch-type - - bad"},
        {-1, "_Kernel_clear_do_init_(maybe)", "clears-init - - bad"},
        {-1, "_Function_class_(a + b)", "function-class - - bad"},
    };
    CHECK_CASES(CASES);
    ck_assert_str_eq(facts.items[0].name, "a + b");
    parse_on(-1, "_Kernel_clear_do_init_(YES)");
    ck_assert_str_eq(facts.items[1].name, "yes");
    parse_on(-1, "_Function_class_(KSTART_ROUTINE)");
    ck_assert_str_eq(facts.items[2].name, "KSTART_ROUTINE");
}
END_TEST

START_TEST(conditions) {
    static const Case CASES[] = {
        {-1, "_When_(Timeout == NULL, _IRQL_requires_max_(APC_LEVEL))",
         "max APC_LEVEL - [arg1 == NULL]"},
        {-1, "_When_(NULL != Timeout && *Timeout != 0, __drv_maxIRQL(APC_LEVEL))",
         "max APC_LEVEL - [arg1 != NULL] [*arg1 != 0]"},
        {-1, "_When_((Type & PagedPool) != 0, _IRQL_requires_max_(APC_LEVEL))",
         "max APC_LEVEL - [arg2 & PagedPool]"},
        {-1, "_When_(((Type&0x1))==0, _IRQL_requires_max_(DISPATCH_LEVEL))",
         "max DISPATCH_LEVEL - [!(arg2 & 0x1)]"},
        {-1, "_When_((Type & 4) == 4, _IRQL_requires_max_(APC_LEVEL))",
         "max APC_LEVEL - [arg2 & 4]"},
        {-1, "_When_(Type == 1 || Type == 2, _IRQL_requires_max_(APC_LEVEL))",
         "max APC_LEVEL - [arg2 == 1]; max APC_LEVEL - [arg2 == 2]"},
        {-1, "_When_(!(Type == 1 || Type == 2), _IRQL_requires_max_(APC_LEVEL))",
         "max APC_LEVEL - [arg2 != 1] [arg2 != 2]"},
        {-1, "_When_(!Type, _IRQL_requires_max_(APC_LEVEL))", "max APC_LEVEL - [arg2 == 0]"},
        {-1, "_When_(Type, _IRQL_requires_max_(APC_LEVEL))", "max APC_LEVEL - [arg2 != 0]"},
        {-1, "_When_(Type <= 5, _IRQL_requires_max_(APC_LEVEL))", "max APC_LEVEL - [arg2 < 6]"},
        {-1, "_When_(5 < Type, _IRQL_requires_max_(APC_LEVEL))", "max APC_LEVEL - [arg2 > 5]"},
        {-1, "_When_((ULONG)Type == -1, _IRQL_requires_max_(APC_LEVEL))",
         "max APC_LEVEL - [arg2 == -1]"},
        {-1, "_When_((Type == 1) == FALSE, _IRQL_requires_max_(APC_LEVEL))",
         "max APC_LEVEL - [arg2 != 1]"},
        {-1, "_When_(TRUE, _IRQL_requires_max_(APC_LEVEL))", "max APC_LEVEL -"},
        {-1, "_When_(return != 0, _Acquires_lock_(*Lock) _IRQL_raises_(DISPATCH_LEVEL))",
         "acquires - arg0 [return != 0]; raises DISPATCH_LEVEL - [return != 0]"},
        {-1, "_When_(NT_SUCCESS(return), _Acquires_lock_(*Lock))", "acquires - arg0 [return > -1]"},
        {-1, "_When_(!NT_SUCCESS(return), _Releases_lock_(*Lock))", "releases - arg0 [return < 0]"},
        {-1, "_When_(return == STATUS_SUCCESS, _Acquires_lock_(*Lock))",
         "acquires - arg0 [return == STATUS_SUCCESS]"},
        {-1, "_When_(Type == UserMode, _When_(return == 0, _IRQL_raises_(2)))",
         "raises DISPATCH_LEVEL - [arg2 == UserMode] [return == 0]"},
        {-1, "__drv_when(Type == 3, __drv_at(OldIrql, __drv_restoresIRQL))",
         "restores - arg3 [arg2 == 3]"},
        {-1, "_Success_(return >= 0)", "success - - [return > -1]"},
        {-1, "__success(return)", "success - - [return != 0]"},
        /* what cannot be decided stays a condition */
        {-1, "_When_(Lock->Kind == 3, _IRQL_requires_max_(APC_LEVEL))",
         "max APC_LEVEL - [? Lock->Kind == 3]"},
        {-1, "_When_(Type == DriversOwnEnumerator, _IRQL_requires_max_(APC_LEVEL))",
         "max APC_LEVEL - [? Type == DriversOwnEnumerator]"},
        {-1, "_When_(Type == 1 && IsOpen(Lock, 2), _IRQL_requires_max_(APC_LEVEL))",
         "max APC_LEVEL - [arg2 == 1] [? Type == 1 && IsOpen(Lock, 2)]"},
        {-1, "_When_(Type == , _IRQL_requires_max_(APC_LEVEL))", "max APC_LEVEL - [? Type ==]"},
        {-1, "_When_(0, _IRQL_requires_max_(APC_LEVEL))", "max APC_LEVEL - [? 0]"},
    };
    CHECK_CASES(CASES);
}
END_TEST

START_TEST(constants) {
    int64_t value = -1;
    ck_assert(model_constant(model_builtin(), "PagedPool", &value));
    ck_assert_int_eq(value, 1);
    ck_assert(model_constant(model_builtin(), "STATUS_SUCCESS", &value));
    ck_assert_int_eq(value, 0);
    ck_assert(!model_constant(model_builtin(), "STATUS_SUCCES", &value));
}
END_TEST

START_TEST(malformed) {
    static const Case CASES[] = {
        {-1, "_IRQL_requires_max_(99)", "max - - bad"},
        {-1, "_IRQL_requires_max_(-1)", "max - - bad"},
        {-1, "_IRQL_requires_max_(\"high\")", "max - - bad"},
        {-1, "_IRQL_requires_max_()", "malformed - -"},
        {-1, "_IRQL_requires_max_", "malformed - -"},
        {-1, "_IRQL_requires_max_(APC_LEVEL", "malformed - -"},
        {-1, "_IRQL_requires_max_(APC_LEVEL, DISPATCH_LEVEL)", "malformed - -"},
        {-1, "_IRQL_requires_maximum_(APC_LEVEL)", "malformed - -"},
        {-1, "_IRQL_requires_same_(1)", "malformed - -"},
        {-1, "_When_(Type == 1)", "malformed - -"},
        {-1, "_When_(, _IRQL_raises_(2))", "malformed - -"},
        {-1, "_At_(Lock)", "malformed - -"},
        {-1, "_When_(Type == 1, _IRQL_raises_(2)", "malformed - -"},
        {-1, "_When_(Type == 1, _IRQL_raises_(2) ])", "malformed - -"},
        {-1, "_When_(Type == 1, _IRQL_requires_(1) ?)",
         "requires APC_LEVEL - [arg2 == 1]; malformed - - [arg2 == 1]"},
        {-1, "_Acquires_lock_()", "malformed - -"},
        /* not about levels, locks or roles: nothing is said */
        {-1, "__drv_allocatesMem(Mem)", ""},
        {-1, "_At_(*Lock, _Post_notnull_ __drv_allocatesMem(Mem))", ""},
        {-1, "", ""},
    };
    CHECK_CASES(CASES);
}
END_TEST

/* `open` repeated, `middle`, `close` repeated. */
static const char *nested(unsigned count, const char *open, const char *middle, const char *close) {
    Text text = {0};
    for (unsigned i = 0; i < count; i++)
        text_append(&text, arena, open);
    text_append(&text, arena, middle);
    for (unsigned i = 0; i < count; i++)
        text_append(&text, arena, close);
    return text_cstr(&text, arena);
}

START_TEST(bombs) {
    const char *deep = nested(3000, "_When_(Type == 1, ", "_IRQL_raises_(2)", ")");
    parse_on(-1, deep);
    ck_assert_uint_eq(facts.len, 1);
    ck_assert_uint_eq(facts.items[0].kind, SAL_MALFORMED);
    /* each level would double the facts */
    facts.len = 0;
    parse_on(-1, nested(14, "_When_(Type == 1 || Type == 2, ", "_IRQL_raises_(2)", ")"));
    ck_assert_uint_ge(facts.len, 1);
    ck_assert_uint_le(facts.len, 128);
    ck_assert_uint_eq(facts.items[facts.len - 1].kind, SAL_MALFORMED);
    facts.len = 0;
    parse_on(-1, nested(5000, "(", "_IRQL_raises_(2)", ")"));
    ck_assert_uint_eq(facts.items[0].kind, SAL_MALFORMED);
    static const char *const CONDITIONS[][3] = {{"(", "Type == 1", ")"},    {"!", "Type", ""},
                                                {"*", "Type", ""},          {"1 && ", "Type", ""},
                                                {"Type == 1 || ", "0", ""}, {"f(", "", ")"}};
    for (unsigned i = 0; i < sizeof CONDITIONS / sizeof *CONDITIONS; i++) {
        CondListArray out = {0};
        SalSource source = {
            .arena = arena, .model = model_builtin(), .params = PARAMS, .param_count = 5};
        sal_parse_cond(&source, nested(20000, CONDITIONS[i][0], CONDITIONS[i][1], CONDITIONS[i][2]),
                       &out);
        ck_assert_uint_eq(out.len, 1);
        ck_assert_uint_eq(out.items[0].len, 1);
        ck_assert_uint_eq(out.items[0].items[0].kind, COND_OPAQUE);
    }
}
END_TEST

/* Every text of a few pieces is read to its end without a crash; ASan looks on. */
START_TEST(scrap) {
    static const char *const PIECES[] = {
        "_When_", "_At_", "_IRQL_raises_", "(",  ")", ",",  "Type", "==",
        "&",      "!",    "return",        "\"", "[", "->", "1",    " "};
    enum { COUNT = sizeof PIECES / sizeof *PIECES };
    uint32_t state = 12345;
    for (unsigned round = 0; round < 20000; round++) {
        Text text = {0};
        for (unsigned i = 0; i < 14; i++) {
            state = state * 1664525u + 1013904223u;
            text_append(&text, arena, PIECES[(state >> 16) % COUNT]);
        }
        facts.len = 0;
        parse_on((int32_t)(round % 6) - 1, text_cstr(&text, arena));
        for (uint32_t i = 0; i < facts.len; i++)
            ck_assert_uint_lt(facts.items[i].kind, SAL_KIND_COUNT);
    }
}
END_TEST

/* ---- rows ----------------------------------------------------------------------------------- */

static IrqlSet entry_of(const char *first, const char *second) {
    facts.len = 0;
    parse_on(-1, first);
    parse_on(-1, second);
    return sal_entry_levels(facts.items, facts.len);
}

START_TEST(entry_levels) {
    ck_assert_uint_eq(entry_of("_IRQL_requires_max_(APC_LEVEL)", ""), 3);
    ck_assert_uint_eq(entry_of("_IRQL_requires_max_(DISPATCH_LEVEL)", "_IRQL_requires_min_(1)"), 6);
    ck_assert_uint_eq(entry_of("_IRQL_requires_(DISPATCH_LEVEL)", ""), 4);
    ck_assert_uint_eq(entry_of("_IRQL_always_function_max_(PASSIVE_LEVEL)", ""), 1);
    /* nothing is said: conditions, contradictions, nonsense */
    ck_assert_uint_eq(entry_of("_When_(Type == 1, _IRQL_requires_(0))", ""), IRQL_SET_ALL);
    ck_assert_uint_eq(entry_of("_IRQL_requires_(0)", "_IRQL_requires_(2)"), IRQL_SET_ALL);
    ck_assert_uint_eq(entry_of("_IRQL_requires_max_(77)", "_IRQL_requires_max_(X)"), IRQL_SET_ALL);
}
END_TEST

static const Ddi *row_of(const char *first, const char *second) {
    facts.len = 0;
    parse_on(-1, first);
    parse_on(-1, second);
    return sal_make_row(arena, "Lib", facts.items, facts.len, false);
}

START_TEST(row_of_a_lock) {
    const Ddi *row = row_of("_IRQL_requires_max_(DISPATCH_LEVEL) _IRQL_raises_(DISPATCH_LEVEL)",
                            "_At_(OldIrql, _IRQL_saves_) _Acquires_lock_(*Lock)");
    ck_assert_ptr_nonnull(row);
    ck_assert_uint_eq(row->max, IRQL_DISPATCH);
    ck_assert_uint_eq(row->flags, DDI_ANNOTATED);
    ck_assert_uint_eq(row->effect_count, 2);
    ck_assert_uint_eq(row->effects[0].kind, EFFECT_RAISE);
    ck_assert_uint_eq(row->effects[0].level, IRQL_DISPATCH);
    ck_assert_uint_eq(row->effects[0].saved.kind, PLACE_OUT);
    ck_assert_uint_eq(row->effects[0].saved.arg, 3);
    ck_assert_uint_eq(row->effects[1].kind, EFFECT_ACQUIRE);
    ck_assert_uint_eq(row->effects[1].lock_class, LOCK_SPIN);
    row = row_of("_IRQL_requires_(DISPATCH_LEVEL) _Releases_lock_(*Lock)",
                 "_At_(OldIrql, _IRQL_restores_)");
    ck_assert_uint_eq(row->min, IRQL_DISPATCH);
    ck_assert_uint_eq(row->flags, DDI_ANNOTATED | DDI_EXACT_MIN);
    ck_assert_uint_eq(row->effects[0].kind, EFFECT_RELEASE);
    ck_assert_uint_eq(row->effects[0].lock_class, LOCK_SPIN);
    ck_assert_uint_eq(row->effects[1].kind, EFFECT_LOWER);
    ck_assert_uint_eq(row->effects[1].saved.kind, PLACE_ARG);
}
END_TEST

START_TEST(row_of_a_try) {
    const Ddi *row = row_of("_When_(return != 0, _Acquires_lock_(*Lock))", "");
    ck_assert_uint_eq(row->effects[0].flags, EFFECT_TRY);
    row = row_of("_When_(return == 0, _Acquires_lock_(*Lock))", "");
    ck_assert_uint_eq(row->effects[0].flags, EFFECT_TRY | EFFECT_SUCCESS_ZERO);
    row = row_of("_When_(NT_SUCCESS(return), _Acquires_lock_(*Lock))", "");
    ck_assert_uint_eq(row->effects[0].flags, EFFECT_TRY | EFFECT_SUCCESS_STATUS);
    row = row_of("_Acquires_lock_(*Lock)", "_Success_(return)");
    ck_assert_uint_eq(row->effects[0].flags, EFFECT_TRY);
    /* a failure gives nothing back */
    row = row_of("_Releases_lock_(*Lock) _At_(OldIrql, _IRQL_restores_)", "_Success_(return)");
    ck_assert_uint_eq(row->effects[0].flags | row->effects[1].flags, 0);
    /* a second kind of success can hold or not */
    row = row_of("_When_(return != 0, _IRQL_raises_(DISPATCH_LEVEL))",
                 "_When_(return == 7, _Acquires_lock_(*Lock))");
    ck_assert_uint_eq(row->effects[1].flags, 0);
    ck_assert_uint_eq(row->effects[1].when, 1);
    ck_assert_uint_eq(row->conds[0].kind, COND_OPAQUE);
}
END_TEST

START_TEST(row_of_limits) {
    const Ddi *row = row_of("__drv_maxIRQL(DISPATCH_LEVEL)",
                            "__drv_when(Timeout == NULL || *Timeout != 0, __drv_maxIRQL(1))");
    ck_assert_uint_eq(row->max, IRQL_DISPATCH);
    ck_assert_uint_eq(row->limit_count, 2);
    ck_assert_uint_eq(row->limits[0].max, IRQL_APC);
    ck_assert_uint_eq(row->limits[0].when, 1);
    ck_assert_uint_eq(row->limits[1].when, 2);
    ck_assert_uint_eq(row->conds[0].kind, COND_ARG_EQ);
    ck_assert_uint_eq(row->conds[1].kind, COND_DEREF_NE);
    /* no limit: above the maximum, after the call, unknown */
    row = row_of("_IRQL_requires_max_(APC_LEVEL)", "_When_(Type == 1, _IRQL_requires_max_(2))");
    ck_assert_uint_eq(row->limit_count, 0);
    ck_assert_ptr_null(row_of("_When_(return == 1, _IRQL_requires_max_(2))", ""));
    ck_assert_ptr_null(row_of("_IRQL_requires_max_(X) _Function_class_(Y)", "_IRQL_requires_(99)"));
}
END_TEST

START_TEST(row_of_a_save) {
    const Ddi *row = row_of("_IRQL_saves_", "");
    ck_assert_uint_eq(row->effects[0].kind, EFFECT_RAISE); /* to the lowest level: none */
    ck_assert_uint_eq(row->effects[0].level, IRQL_PASSIVE);
    ck_assert_uint_eq(row->effects[0].saved.kind, PLACE_RETURN);
    row = row_of("_IRQL_raises_(OldIrql)", "");
    ck_assert_uint_eq(row->effects[0].from.kind, PLACE_ARG);
    ck_assert_uint_eq(row->effects[0].from.arg, 3);
    ck_assert_uint_eq(row->effects[0].flags, EFFECT_ONE_WAY); /* nothing saves the old level */
    row = row_of("_IRQL_raises_(PASSIVE_LEVEL)", "");
    ck_assert_uint_eq(row->effects[0].kind, EFFECT_LOWER);
    ck_assert_ptr_null(row_of("_IRQL_raises_(SOME_LEVEL)", ""));
}
END_TEST

/* A lock that keeps the old level to itself gives it back when it is released. */
START_TEST(row_of_an_unsaved_raise) {
    const Ddi *row = row_of("_Acquires_lock_(*Lock)", "_IRQL_raises_(DISPATCH_LEVEL)");
    ck_assert(sal_has(facts.items, facts.len, SAL_RAISES));
    ck_assert(!sal_has(facts.items, facts.len, SAL_SAVES));
    ck_assert_uint_eq(row->effects[1].saved.kind, PLACE_HIDDEN);
    ck_assert_uint_eq(row->effects[1].saved.arg, 0);
    facts.len = 0;
    parse_on(-1, "_Releases_lock_(*Lock)");
    row = sal_make_row(arena, "Lib", facts.items, facts.len, true);
    ck_assert_uint_eq(row->effect_count, 2);
    ck_assert_uint_eq(row->effects[1].kind, EFFECT_LOWER);
    ck_assert_uint_eq(row->effects[1].saved.kind, PLACE_HIDDEN);
    parse_on(-1, "_IRQL_requires_same_");
    row = sal_make_row(arena, "Lib", facts.items, facts.len, true);
    ck_assert_uint_eq(row->effect_count, 1);
}
END_TEST

int main(void) {
    Suite *suite = suite_create("sal");
    TCase *tests = tcase_create("sal");
    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_test(tests, levels);
    tcase_add_test(tests, places);
    tcase_add_test(tests, locks);
    tcase_add_test(tests, names);
    tcase_add_test(tests, conditions);
    tcase_add_test(tests, constants);
    tcase_add_test(tests, malformed);
    tcase_add_test(tests, bombs);
    tcase_add_test(tests, scrap);
    tcase_add_test(tests, entry_levels);
    tcase_add_test(tests, row_of_a_lock);
    tcase_add_test(tests, row_of_a_try);
    tcase_add_test(tests, row_of_limits);
    tcase_add_test(tests, row_of_a_save);
    tcase_add_test(tests, row_of_an_unsaved_raise);
    suite_add_tcase(suite, tests);
    return run_suite(suite);
}
