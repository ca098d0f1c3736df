/* test_model: the facts of rules/ddi that matter, and the look-ups. One fact an assertion. */
#include "analyzer/base/base.h"
#include "irqlint/model.h"
#include "tests/suite.h"

static const Ddi *ddi(const char *name) {
    const Ddi *row = model_ddi(model_builtin(), name);
    ck_assert_msg(row != NULL, "%s has no row", name);
    return row;
}

static const Role *role(const char *name) {
    const Role *row = model_role(model_builtin(), name);
    ck_assert_msg(row != NULL, "%s is no role", name);
    return row;
}

/* "cond && cond" */
static const char *conds_text(const Ddi *row, CondSet set, char *buffer, size_t size) {
    buffer[0] = '\0';
    for (unsigned i = 0; i < row->cond_count; i++) {
        if ((set >> i & 1) == 0)
            continue;
        if (buffer[0] != '\0')
            strncat(buffer, " && ", size - strlen(buffer) - 1);
        strncat(buffer, row->conds[i].text, size - strlen(buffer) - 1);
    }
    return buffer;
}

static bool has_limit(const char *name, Irql max, const char *when) {
    const Ddi *row = ddi(name);
    char buffer[256];
    for (unsigned i = 0; i < row->limit_count; i++) {
        if (row->limits[i].max == max &&
            str_eq(conds_text(row, row->limits[i].when, buffer, sizeof(buffer)), when))
            return true;
    }
    return false;
}

static bool blocks(const char *name, Irql max, const char *when) {
    const Ddi *row = ddi(name);
    char buffer[256];
    return row->blocking != BLOCK_NONE && row->blocking_max == max &&
           str_eq(conds_text(row, row->blocking_when, buffer, sizeof(buffer)), when);
}

static const Effect *effect(const char *name, EffectKind kind, unsigned nth) {
    const Ddi *row = ddi(name);
    for (unsigned i = 0; i < row->effect_count; i++) {
        if (row->effects[i].kind == kind && nth-- == 0)
            return &row->effects[i];
    }
    ck_abort_msg("%s has no such effect", name);
    return NULL;
}

static bool is_place(Place place, PlaceKind kind, unsigned arg) {
    return place.kind == kind && place.arg == arg;
}

static bool has_memory(const char *name, MemoryKind kind, unsigned arg, const char *when) {
    const Ddi *row = ddi(name);
    char buffer[256];
    for (unsigned i = 0; i < row->memory_count; i++) {
        const MemoryRole *memory = &row->memory[i];
        if (memory->kind == kind && memory->arg == arg &&
            str_eq(conds_text(row, memory->when, buffer, sizeof(buffer)), when))
            return true;
    }
    return false;
}

static bool registers(const char *name, unsigned arg, const char *expected) {
    uint32_t count;
    const Registration *rows = model_registrations_of_ddi(model_builtin(), name, &count);
    for (uint32_t i = 0; i < count; i++) {
        if (rows[i].arg == arg && str_eq(rows[i].role, expected))
            return true;
    }
    return false;
}

static bool field_holds(const char *type, const char *field, int index, const char *expected) {
    uint32_t count;
    const Registration *rows = model_registrations_of_field(model_builtin(), type, field, &count);
    for (uint32_t i = 0; i < count; i++) {
        if (rows[i].index == index && str_eq(rows[i].role, expected))
            return true;
    }
    return false;
}

static bool role_is(const char *name, Context context, IrqlSet certain, IrqlSet possible) {
    const Role *row = role(name);
    return row->context == context && row->certain == certain && row->possible == possible;
}

enum {
    P = 1 << IRQL_PASSIVE,
    A = 1 << IRQL_APC,
    D = 1 << IRQL_DISPATCH,
    I = 1 << IRQL_DIRQL,
    H = 1 << IRQL_HIGH
};

/* ---- names of levels and contexts ---- */

START_TEST(level_names_are_inverse) {
    for (int i = 0; i < IRQL_COUNT; i++)
        ck_assert_int_eq(irql_from_name(irql_name((Irql)i)), i);
    ck_assert_int_eq(irql_from_name("IPI_LEVEL"), IRQL_HIGH);
    ck_assert_int_eq(irql_from_name("SYNCH_LEVEL"), IRQL_DIRQL);
    ck_assert_int_eq(irql_from_name("DISPATCH"), -1);
}
END_TEST

START_TEST(level_numbers) {
    ck_assert_int_eq(irql_from_number(0), IRQL_PASSIVE);
    ck_assert_int_eq(irql_from_number(1), IRQL_APC);
    ck_assert_int_eq(irql_from_number(2), IRQL_DISPATCH);
    ck_assert_int_eq(irql_from_number(3), IRQL_DIRQL);
    ck_assert_int_eq(irql_from_number(12), IRQL_DIRQL);
    ck_assert_int_eq(irql_from_number(13), IRQL_HIGH);
    ck_assert_int_eq(irql_from_number(15), IRQL_HIGH);
}
END_TEST

START_TEST(context_names_are_inverse) {
    for (int i = 0; i < CONTEXT_COUNT; i++)
        ck_assert_int_eq(context_from_name(context_name((Context)i)), i);
    ck_assert_int_eq(context_from_name("caller_thread"), CONTEXT_CALLER_THREAD);
    ck_assert_int_eq(context_from_name("caller"), -1);
    ck_assert_str_eq(certainty_name(CERTAIN), "certain");
    ck_assert_str_eq(certainty_name(POSSIBLE_WEAK), "possible");
    for (int i = 1; i < ASSUME_COUNT; i++)
        ck_assert_str_ne(assumption_text((Assumption)i), "");
}
END_TEST

/* ---- look-ups ---- */

START_TEST(unknown_names_have_no_row) {
    uint32_t count = 1;
    ck_assert_ptr_null(model_ddi(model_builtin(), "KeNoSuchRoutine"));
    ck_assert_ptr_null(model_ddi(model_builtin(), ""));
    ck_assert_ptr_null(model_role(model_builtin(), "NO_SUCH_ROUTINE"));
    ck_assert_ptr_null(model_role(model_builtin(), "PVOID"));
    ck_assert_ptr_null(model_registrations_of_ddi(model_builtin(), "KeSetEvent", &count));
    ck_assert_uint_eq(count, 0);
    ck_assert_ptr_null(
        model_registrations_of_field(model_builtin(), "DRIVER_OBJECT", "Size", &count));
    ck_assert_ptr_null(model_field(model_builtin(), "IRP", "Flags", &(uint32_t){0}));
}
END_TEST

START_TEST(tables_are_complete) {
    ck_assert_uint_gt(model_ddi_count(model_builtin()), 6300);
    ck_assert_uint_gt(model_role_count(model_builtin()), 1800);
    ck_assert(model_version(model_builtin()) != 0);
}
END_TEST

START_TEST(pointer_types_lead_to_the_role) {
    ck_assert_str_eq(role("KDEFERRED_ROUTINE")->name, "KDEFERRED_ROUTINE");
    ck_assert_str_eq(role("PKDEFERRED_ROUTINE")->name, "KDEFERRED_ROUTINE");
    ck_assert_str_eq(role("PFN_WDF_INTERRUPT_ISR")->name, "EVT_WDF_INTERRUPT_ISR");
    ck_assert_str_eq(role("MINIPORT_INITIALIZE_HANDLER")->name, "MINIPORT_INITIALIZE");
    ck_assert_str_eq(role("PFLT_PRE_OPERATION_CALLBACK")->name, "PFLT_PRE_OPERATION_CALLBACK");
    ck_assert_str_eq(role("PHW_INTERRUPT")->name, "HW_INTERRUPT");
    ck_assert_str_eq(role("PKNORMAL_ROUTINE")->name, "KNORMAL_ROUTINE");
}
END_TEST

START_TEST(struct_tags_lose_their_underscores) {
    ck_assert(field_holds("_DRIVER_OBJECT", "DriverUnload", -1, "DRIVER_UNLOAD"));
    ck_assert_ptr_nonnull(model_field(model_builtin(), "_IRP", "UserBuffer", &(uint32_t){0}));
}
END_TEST

/* ---- levels and conditional limits ---- */

START_TEST(waits_with_a_time_out) {
    ck_assert(blocks("KeWaitForSingleObject", IRQL_APC, "*arg4 != 0"));
    ck_assert(blocks("KeWaitForMultipleObjects", IRQL_APC, "*arg6 != 0"));
    ck_assert(blocks("KeWaitForMutexObject", IRQL_APC, "*arg4 != 0"));
    ck_assert(has_limit("KeWaitForSingleObject", IRQL_APC, "*arg4 != 0"));
    ck_assert_int_eq(ddi("KeWaitForSingleObject")->max, IRQL_DISPATCH);
    ck_assert_int_eq(ddi("ZwWaitForSingleObject")->max, IRQL_APC);
    ck_assert(blocks("WdfWaitLockAcquire", IRQL_PASSIVE, "*arg1 != 0"));
    ck_assert_int_eq(ddi("WdfWaitLockAcquire")->max, IRQL_DISPATCH);
}
END_TEST

START_TEST(a_null_time_out_waits) {
    const Ddi *row = ddi("KeWaitForSingleObject");
    const Cond *time_out = &row->conds[0];
    ck_assert(time_out->kind == COND_DEREF_NE && time_out->arg == 4 && time_out->value == 0);
    const Cond *mode = &row->conds[1]; /* for not-on-stack */
    ck_assert(mode->kind == COND_ARG_EQ && mode->arg == 2 && mode->value == 1);
}
END_TEST

START_TEST(sleeping_and_spinning) {
    ck_assert_int_eq(ddi("KeDelayExecutionThread")->blocking, BLOCK_SLEEP);
    ck_assert_int_eq(ddi("KeDelayExecutionThread")->max, IRQL_APC);
    ck_assert_int_eq(ddi("KeStallExecutionProcessor")->blocking, BLOCK_BUSY);
    ck_assert_int_eq(ddi("KeStallExecutionProcessor")->max, IRQL_HIGH);
    ck_assert_int_eq(ddi("KeFlushQueuedDpcs")->max, IRQL_PASSIVE);
}
END_TEST

START_TEST(wait_arguments_of_signals) {
    ck_assert(has_limit("KeSetEvent", IRQL_APC, "arg2 != FALSE"));
    ck_assert(has_limit("KePulseEvent", IRQL_APC, "arg2 != FALSE"));
    ck_assert(has_limit("KeReleaseMutex", IRQL_APC, "arg1 != FALSE"));
    ck_assert(has_limit("KeReleaseSemaphore", IRQL_PASSIVE, "arg3 != FALSE"));
    ck_assert_int_eq(ddi("KeSetEvent")->blocking, BLOCK_NONE);
    ck_assert_int_eq(effect("KeSetEvent", EFFECT_PRECEDES_WAIT, 0)->when, 1);
}
END_TEST

START_TEST(wait_arguments_of_locks_and_cache) {
    ck_assert(blocks("ExAcquireResourceExclusiveLite", IRQL_APC, "arg1 != FALSE"));
    ck_assert(blocks("ExAcquireResourceSharedLite", IRQL_APC, "arg1 != FALSE"));
    ck_assert(blocks("CcCopyRead", IRQL_APC, "arg3 != FALSE"));
    ck_assert(blocks("CcPinRead", IRQL_APC, "arg3 & PIN_WAIT"));
    ck_assert(blocks("FltReadFile", IRQL_PASSIVE, "arg7 == NULL"));
}
END_TEST

START_TEST(pool_types) {
    ck_assert(has_limit("ExAllocatePoolWithTag", IRQL_APC, "arg0 & PagedPool"));
    ck_assert(has_limit("ExAllocatePool2", IRQL_APC, "arg0 & POOL_FLAG_PAGED"));
    ck_assert_int_eq(ddi("ExAllocatePool2")->max, IRQL_DISPATCH);
    ck_assert_int_eq(ddi("ExAllocatePool2")->conds[0].value, 0x100);
    ck_assert_int_eq(ddi("ExAllocatePoolWithTag")->conds[0].value, 1);
    ck_assert(has_limit("ExFreePoolWithTag", IRQL_APC, "pageable(arg0)"));
    ck_assert(has_limit("WdfMemoryCreate", IRQL_APC, "arg1 & PagedPool"));
}
END_TEST

/* The pages say PASSIVE_LEVEL; what they protect are pageable tables, which APC_LEVEL may touch. */
START_TEST(strings_and_debug_output) {
    ck_assert_int_eq(ddi("RtlCompareUnicodeString")->max, IRQL_APC);
    ck_assert_int_eq(ddi("RtlEqualUnicodeString")->max, IRQL_APC);
    ck_assert_int_eq(ddi("RtlAnsiStringToUnicodeString")->max, IRQL_APC);
    ck_assert(has_limit("RtlCopyUnicodeString", IRQL_APC, "pageable(arg1)"));
    ck_assert(has_limit("DbgPrint", IRQL_APC, "format_wide(arg0)"));
    ck_assert(has_limit("RtlStringCchPrintfA", IRQL_APC, "format_wide(arg2)"));
    ck_assert(has_limit("DbgPrintEx", IRQL_APC, "format_wide(arg2)"));
    ck_assert_int_eq(ddi("DbgPrint")->max, IRQL_DIRQL);
}
END_TEST

START_TEST(passive_only_services) {
    static const char *const names[] = {
        "ZwCreateFile",
        "ZwReadFile",
        "ZwClose",
        "ZwOpenKey",
        "IoCreateDevice",
        "IoGetDeviceObjectPointer",
        "PsCreateSystemThread",
        "ObReferenceObjectByHandle",
        "IoConnectInterrupt",
        "IoConnectInterruptEx",
        "IoDisconnectInterrupt",
        "RtlQueryRegistryValues",
    };
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        const Ddi *row = ddi(names[i]);
        /* IoCreateDevice is documented for APC_LEVEL. */
        ck_assert_msg(row->max <= IRQL_APC && (row->flags & DDI_WEAK) == 0, "%s", names[i]);
    }
    ck_assert_int_eq(ddi("IoGetDeviceObjectPointer")->max, IRQL_PASSIVE);
    ck_assert_int_eq(ddi("PsCreateSystemThread")->max, IRQL_PASSIVE);
    ck_assert_int_eq(ddi("PsCreateSystemThread")->flags & DDI_CREATES_THREAD, DDI_CREATES_THREAD);
    ck_assert_int_eq(ddi("ZwReadFile")->blocking, BLOCK_SYNC_IO);
}
END_TEST

START_TEST(dispatch_level_services) {
    static const char *const names[] = {
        "IofCallDriver", "IoCallDriver",  "IoCompleteRequest", "IoAllocateIrp",   "KeSetTimer",
        "KeSetEvent",    "KeCancelTimer", "IoQueueWorkItem",   "ExQueueWorkItem",
    };
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        ck_assert_msg(ddi(names[i])->max == IRQL_DISPATCH, "%s", names[i]);
        ck_assert_msg(ddi(names[i])->blocking == BLOCK_NONE, "%s", names[i]);
    }
}
END_TEST

START_TEST(services_for_interrupts) {
    ck_assert_int_eq(ddi("KeInsertQueueDpc")->max, IRQL_HIGH);
    ck_assert_int_eq(ddi("IoRequestDpc")->max, IRQL_HIGH);
    ck_assert_int_eq(ddi("IoRequestDpc")->flags & DDI_EXACT_MIN, 0);
    ck_assert_int_eq(ddi("KeGetCurrentIrql")->max, IRQL_HIGH);
    ck_assert_int_eq(ddi("KeSynchronizeExecution")->max, IRQL_DIRQL);
}
END_TEST

START_TEST(minimum_levels) {
    ck_assert_int_eq(ddi("KeAcquireSpinLockAtDpcLevel")->min, IRQL_DISPATCH);
    ck_assert_int_eq(ddi("KeAcquireSpinLockAtDpcLevel")->flags, DDI_EXACT_MIN);
    ck_assert_int_eq(ddi("KeReleaseSpinLock")->flags, DDI_EXACT_MIN);
    ck_assert_int_eq(ddi("KeReleaseSpinLockFromDpcLevel")->flags, DDI_EXACT_MIN);
    ck_assert_int_eq(ddi("KeInsertByKeyDeviceQueue")->flags, DDI_EXACT_MIN);
    ck_assert_int_eq(ddi("KeAcquireSpinLock")->flags, 0);
}
END_TEST

/* ---- effects ---- */

START_TEST(spin_locks_raise_and_restore) {
    ck_assert_int_eq(effect("KeAcquireSpinLock", EFFECT_RAISE, 0)->level, IRQL_DISPATCH);
    ck_assert(is_place(effect("KeAcquireSpinLock", EFFECT_RAISE, 0)->saved, PLACE_OUT, 1));
    ck_assert(is_place(effect("KeAcquireSpinLock", EFFECT_ACQUIRE, 0)->lock, PLACE_ARG, 0));
    ck_assert_int_eq(effect("KeAcquireSpinLock", EFFECT_ACQUIRE, 0)->lock_class, LOCK_SPIN);
    ck_assert(is_place(effect("KeReleaseSpinLock", EFFECT_LOWER, 0)->saved, PLACE_ARG, 1));
    ck_assert_int_eq(effect("KeAcquireSpinLockRaiseToDpc", EFFECT_RAISE, 0)->saved.kind,
                     PLACE_RETURN);
    ck_assert_int_eq(ddi("KeAcquireSpinLockAtDpcLevel")->effect_count, 1);
    ck_assert_int_eq(effect("KeAcquireSpinLockAtDpcLevel", EFFECT_ACQUIRE, 0)->flags,
                     EFFECT_AT_DPC);
}
END_TEST

START_TEST(raising_and_lowering) {
    const Effect *raise = effect("KeRaiseIrql", EFFECT_RAISE, 0);
    ck_assert_int_eq(raise->level, IRQL_COUNT);
    ck_assert(is_place(raise->from, PLACE_ARG, 0));
    ck_assert(is_place(raise->saved, PLACE_OUT, 1));
    ck_assert(is_place(effect("KeLowerIrql", EFFECT_LOWER, 0)->saved, PLACE_ARG, 0));
    ck_assert_int_eq(effect("KeRaiseIrqlToDpcLevel", EFFECT_RAISE, 0)->level, IRQL_DISPATCH);
    ck_assert_int_eq(effect("KeGetCurrentIrql", EFFECT_READ_IRQL, 0)->kind, EFFECT_READ_IRQL);
}
END_TEST

START_TEST(queued_locks_keep_the_level_in_the_handle) {
    const Effect *acquire = effect("KeAcquireInStackQueuedSpinLock", EFFECT_ACQUIRE, 0);
    ck_assert_int_eq(acquire->lock_class, LOCK_QUEUED);
    ck_assert(is_place(acquire->lock, PLACE_ARG, 0));
    ck_assert(is_place(acquire->saved, PLACE_HIDDEN, 1));
    const Effect *release = effect("KeReleaseInStackQueuedSpinLock", EFFECT_RELEASE, 0);
    ck_assert(is_place(release->lock, PLACE_HIDDEN, 0));
    ck_assert(is_place(effect("KeReleaseInStackQueuedSpinLock", EFFECT_LOWER, 0)->saved,
                       PLACE_HIDDEN, 0));
}
END_TEST

START_TEST(cancel_and_interrupt_locks) {
    const Effect *acquire = effect("IoAcquireCancelSpinLock", EFFECT_ACQUIRE, 0);
    ck_assert_int_eq(acquire->lock_class, LOCK_CANCEL);
    ck_assert_str_eq(acquire->lock.name, "cancel");
    ck_assert(is_place(effect("IoReleaseCancelSpinLock", EFFECT_LOWER, 0)->saved, PLACE_ARG, 0));
    ck_assert_int_eq(effect("KeAcquireInterruptSpinLock", EFFECT_RAISE, 0)->level, IRQL_DIRQL);
    const Effect *call = effect("KeSynchronizeExecution", EFFECT_CALL, 0);
    ck_assert_int_eq(call->level, IRQL_DIRQL);
    ck_assert_int_eq(call->lock_class, LOCK_INTERRUPT);
    ck_assert(is_place(call->from, PLACE_ARG, 1));
    ck_assert_int_eq(call->context_arg, 2);
    ck_assert_int_eq(call->flags, EFFECT_PASSIVE_IF_SET);
}
END_TEST

START_TEST(mutexes_and_regions) {
    ck_assert_int_eq(effect("ExAcquireFastMutex", EFFECT_RAISE, 0)->level, IRQL_APC);
    ck_assert_int_eq(effect("ExTryToAcquireFastMutex", EFFECT_RAISE, 0)->flags, EFFECT_TRY);
    ck_assert_str_eq(effect("KeAcquireGuardedMutex", EFFECT_ENTER_REGION, 0)->lock.name, "guarded");
    ck_assert_str_eq(effect("FltAcquirePushLockShared", EFFECT_ENTER_REGION, 0)->lock.name,
                     "critical");
    ck_assert_int_eq(effect("FltAcquirePushLockShared", EFFECT_ACQUIRE, 0)->flags, EFFECT_SHARED);
    ck_assert_int_eq(effect("ExAcquireResourceSharedLite", EFFECT_ACQUIRE, 1)->flags,
                     EFFECT_SHARED | EFFECT_TRY);
    ck_assert_int_eq(effect("IoAcquireRemoveLock", EFFECT_ACQUIRE, 0)->flags,
                     EFFECT_TRY | EFFECT_SUCCESS_ZERO);
    ck_assert_int_eq(effect("KeWaitForSingleObject", EFFECT_ACQUIRE_IF_MUTEX, 0)->lock_class,
                     LOCK_MUTEX);
}
END_TEST

START_TEST(port_and_framework_locks) {
    const Ddi *row = ddi("StorPortAcquireSpinLock");
    char when[128];
    const Effect *dirql = effect("StorPortAcquireSpinLock", EFFECT_RAISE, 2);
    ck_assert_int_eq(dirql->level, IRQL_DIRQL);
    ck_assert_str_eq(conds_text(row, dirql->when, when, sizeof(when)), "arg1 == InterruptLock");
    ck_assert_int_eq(effect("NdisDprAcquireSpinLock", EFFECT_ACQUIRE, 0)->flags, EFFECT_AT_DPC);
    ck_assert(is_place(effect("WdfSpinLockRelease", EFFECT_LOWER, 0)->saved, PLACE_HIDDEN, 0));
    ck_assert_int_eq(effect("WdfObjectAcquireLock", EFFECT_ACQUIRE, 0)->lock_class, LOCK_FRAMEWORK);
    ck_assert_int_eq(effect("WdfInterruptAcquireLock", EFFECT_RAISE, 0)->level, IRQL_DIRQL);
}
END_TEST

START_TEST(claims_and_ends) {
    ck_assert_int_eq(effect("__irqlint_paged_code", EFFECT_CLAIM_MAX, 0)->level, IRQL_APC);
    ck_assert_int_eq(ddi("__irqlint_assert")->effects[0].kind, EFFECT_CLAIM);
    ck_assert_int_eq(ddi("__irqlint_assume")->effects[0].kind, EFFECT_CLAIM);
    ck_assert_str_eq(ddi("__irqlint_assume")->page, "");
    ck_assert_int_eq(ddi("KeBugCheckEx")->effects[0].kind, EFFECT_NORETURN);
    ck_assert_int_eq(ddi("ProbeForRead")->effects[0].kind, EFFECT_RAISES_EXCEPTION);
    ck_assert_int_eq(ddi("MmLockPagableCodeSection")->effects[0].kind, EFFECT_LOCK_SECTION);
}
END_TEST

START_TEST(work_handed_on) {
    ck_assert_str_eq(effect("KeInsertQueueDpc", EFFECT_QUEUE, 0)->lock.name, "dpc");
    ck_assert_str_eq(effect("IoQueueWorkItem", EFFECT_QUEUE, 0)->lock.name, "work");
    ck_assert_str_eq(effect("WdfInterruptQueueDpcForIsr", EFFECT_QUEUE, 0)->lock.name, "dpc");
}
END_TEST

/* ---- memory ---- */

START_TEST(memory_roles) {
    ck_assert(has_memory("ExAllocatePoolWithTag", MEM_ALLOC, 255, ""));
    ck_assert(has_memory("ExAllocatePoolWithTag", MEM_ALLOC_PAGED, 255, "arg0 & PagedPool"));
    ck_assert(has_memory("ExFreePoolWithTag", MEM_FREE, 0, ""));
    ck_assert(has_memory("ProbeForWrite", MEM_PROBE, 0, ""));
    ck_assert(has_memory("RtlCopyMemory", MEM_CAPTURE_DST, 0, ""));
    ck_assert(has_memory("RtlCopyMemory", MEM_CAPTURE_SRC, 1, ""));
    ck_assert(has_memory("MmGetSystemAddressForMdlSafe", MEM_KERNEL_RESULT, 255, ""));
    ck_assert(has_memory("MmMapLockedPagesSpecifyCache", MEM_USER_RESULT, 255, "arg1 == UserMode"));
    ck_assert(has_memory("WdfRequestRetrieveUnsafeUserInputBuffer", MEM_USER_RESULT, 2, ""));
    ck_assert(has_memory("KeInitializeDpc", MEM_NEEDS_NONPAGED, 0, ""));
}
END_TEST

START_TEST(fields_with_user_addresses) {
    const Model *model = model_builtin();
    ck_assert_int_eq(model_field(model, "IRP", "UserBuffer", &(uint32_t){0})->kind,
                     FIELD_RAW_POINTER);
    ck_assert_int_eq(model_field(model, "IRP", "SystemBuffer", &(uint32_t){0})->kind,
                     FIELD_KERNEL_COPY);
    ck_assert_int_eq(model_field(model, "IRP", "MdlAddress", &(uint32_t){0})->kind,
                     FIELD_LOCKED_MDL);
    ck_assert_int_eq(
        model_field(model, "IO_STACK_LOCATION", "Type3InputBuffer", &(uint32_t){0})->kind,
        FIELD_USER_POINTER);
}
END_TEST

/* ---- roles and registrations ---- */

START_TEST(roles_of_wdm) {
    ck_assert(role_is("KSERVICE_ROUTINE", CONTEXT_ISR, I, 0));
    ck_assert(role_is("KDEFERRED_ROUTINE", CONTEXT_DPC, D, 0));
    ck_assert(role_is("KDEFERRED_ROUTINE:threaded", CONTEXT_DPC, 0, P | D));
    ck_assert(role_is("DRIVER_DISPATCH", CONTEXT_CALLER_THREAD, P, 0));
    ck_assert(role_is("DRIVER_DISPATCH:IRP_MJ_POWER", CONTEXT_ARBITRARY_THREAD, P, D));
    ck_assert(role_is("DRIVER_STARTIO", CONTEXT_ARBITRARY_THREAD, D, 0));
    ck_assert(role_is("DRIVER_CANCEL", CONTEXT_ARBITRARY_THREAD, D, 0));
    ck_assert_int_eq(role("DRIVER_CANCEL")->flags, ROLE_CANCEL_LOCK_HELD | ROLE_REQUEST_CONTEXT);
    ck_assert(role_is("IO_COMPLETION_ROUTINE", CONTEXT_ARBITRARY_THREAD, 0, P | D));
    ck_assert(role_is("KSTART_ROUTINE", CONTEXT_SYSTEM_THREAD, P, 0));
    ck_assert(role_is("IO_WORKITEM_ROUTINE", CONTEXT_SYSTEM_THREAD, P, 0));
    ck_assert(role_is("IO_TIMER_ROUTINE", CONTEXT_DPC, D, 0));
    ck_assert(role_is("DRIVER_INITIALIZE", CONTEXT_INIT, P, 0));
    ck_assert(role_is("DRIVER_ADD_DEVICE", CONTEXT_SYSTEM_THREAD, P, 0));
    ck_assert(role_is("DRIVER_UNLOAD", CONTEXT_SYSTEM_THREAD, P, 0));
    ck_assert(role_is("KBUGCHECK_CALLBACK_ROUTINE", CONTEXT_ISR, H, 0));
    ck_assert(role_is("KKERNEL_ROUTINE", CONTEXT_APC, A, 0));
    ck_assert(role("KSYNCHRONIZE_ROUTINE")->flags & ROLE_CALLER);
    ck_assert(role("KSERVICE_ROUTINE")->flags & ROLE_INTERRUPT_LOCK_HELD);
}
END_TEST

START_TEST(roles_of_frameworks) {
    ck_assert(role_is("EVT_WDF_INTERRUPT_ISR", CONTEXT_ISR, I, 0));
    ck_assert(role("EVT_WDF_INTERRUPT_ISR")->flags & ROLE_PASSIVE_IF_SET);
    ck_assert(role_is("EVT_WDF_IO_QUEUE_IO_READ", CONTEXT_ARBITRARY_THREAD, P, D));
    ck_assert(role_is("EVT_WDF_IO_IN_CALLER_CONTEXT", CONTEXT_CALLER_THREAD, P, 0));
    ck_assert(role_is("EVT_WDF_TIMER", CONTEXT_DPC, D, 0));
    ck_assert(role_is("HW_STARTIO", CONTEXT_ARBITRARY_THREAD, D, 0));
    ck_assert(role_is("PFLT_POST_OPERATION_CALLBACK", CONTEXT_ARBITRARY_THREAD, 0, P | D));
    ck_assert(role_is("MINIPORT_ISR", CONTEXT_ISR, I, 0));
    ck_assert(role("PMAP_TRANSFER")->flags & ROLE_SUPPLIED);
    ck_assert_uint_eq(role("PFLT_MESSAGE_NOTIFY")->user_args, 1u << 1 | 1u << 3);
}
END_TEST

START_TEST(registrations_by_argument) {
    ck_assert(registers("IoConnectInterrupt", 1, "KSERVICE_ROUTINE"));
    ck_assert(registers("KeInitializeDpc", 1, "KDEFERRED_ROUTINE"));
    ck_assert(registers("KeInitializeThreadedDpc", 1, "KDEFERRED_ROUTINE:threaded"));
    ck_assert(!registers("KeInitializeThreadedDpc", 1, "KDEFERRED_ROUTINE"));
    ck_assert(registers("IoInitializeDpcRequest", 1, "IO_DPC_ROUTINE"));
    ck_assert(registers("IoQueueWorkItem", 1, "IO_WORKITEM_ROUTINE"));
    ck_assert(registers("IoInitializeTimer", 1, "IO_TIMER_ROUTINE"));
    ck_assert(registers("PsCreateSystemThread", 5, "KSTART_ROUTINE"));
    ck_assert(registers("IoSetCompletionRoutine", 1, "IO_COMPLETION_ROUTINE"));
    ck_assert(registers("IoSetCompletionRoutineEx", 2, "IO_COMPLETION_ROUTINE"));
    ck_assert(registers("IoSetCancelRoutine", 1, "DRIVER_CANCEL"));
    ck_assert(registers("IoStartPacket", 3, "DRIVER_CANCEL"));
    ck_assert(registers("KeInitializeApc", 3, "KKERNEL_ROUTINE"));
    ck_assert(registers("KeSynchronizeExecution", 1, "KSYNCHRONIZE_ROUTINE"));
    ck_assert(registers("ExInitializeWorkItem", 1, "WORKER_THREAD_ROUTINE"));
    ck_assert(
        registers("PsSetCreateProcessNotifyRoutineEx", 0, "CREATE_PROCESS_NOTIFY_ROUTINE_EX") ||
        registers("PsSetCreateProcessNotifyRoutineEx", 0, "PCREATE_PROCESS_NOTIFY_ROUTINE_EX"));
    ck_assert(registers("CmRegisterCallbackEx", 0, "EX_CALLBACK_FUNCTION"));
    ck_assert(
        registers("IoRegisterPlugPlayNotification", 4, "DRIVER_NOTIFICATION_CALLBACK_ROUTINE"));
    ck_assert(registers("IoCsqInitialize", 4, "IO_CSQ_ACQUIRE_LOCK"));
    ck_assert(registers("WDF_INTERRUPT_CONFIG_INIT", 2, "EVT_WDF_INTERRUPT_DPC"));
}
END_TEST

START_TEST(registrations_by_field) {
    ck_assert(field_holds("DRIVER_OBJECT", "MajorFunction", -1, "DRIVER_DISPATCH"));
    ck_assert(field_holds("DRIVER_OBJECT", "MajorFunction", 0x16, "DRIVER_DISPATCH:IRP_MJ_POWER"));
    ck_assert(field_holds("DRIVER_OBJECT", "DriverStartIo", -1, "DRIVER_STARTIO"));
    ck_assert(field_holds("DRIVER_EXTENSION", "AddDevice", -1, "DRIVER_ADD_DEVICE"));
    ck_assert(field_holds("", "DriverEntry", -1, "DRIVER_INITIALIZE"));
    ck_assert(
        field_holds("IO_CONNECT_INTERRUPT_PARAMETERS", "ServiceRoutine", -1, "KSERVICE_ROUTINE"));
    ck_assert(field_holds("FAST_IO_DISPATCH", "FastIoDeviceControl", -1, "FAST_IO_DEVICE_CONTROL"));
    ck_assert(field_holds("WDF_IO_QUEUE_CONFIG", "EvtIoRead", -1, "EVT_WDF_IO_QUEUE_IO_READ"));
    ck_assert(field_holds("NDIS_MINIPORT_INTERRUPT_CHARACTERISTICS", "InterruptHandler", -1,
                          "MINIPORT_ISR"));
    ck_assert(field_holds("FLT_OPERATION_REGISTRATION", "PreOperation", -1,
                          "PFLT_PRE_OPERATION_CALLBACK"));
    ck_assert(field_holds("HW_INITIALIZATION_DATA", "HwInterrupt", -1, "HW_INTERRUPT"));
    ck_assert(field_holds("VIRTUAL_HW_INITIALIZATION_DATA", "HwStartIo", -1, "HW_STARTIO:virtual"));
}
END_TEST

START_TEST(every_registration_has_its_role) {
    static const char *const ddis[] = {"IoConnectInterrupt", "IoCsqInitialize", "KeInitializeApc"};
    for (size_t i = 0; i < sizeof(ddis) / sizeof(ddis[0]); i++) {
        uint32_t count;
        const Registration *rows = model_registrations_of_ddi(model_builtin(), ddis[i], &count);
        ck_assert_uint_gt(count, 0);
        for (uint32_t k = 0; k < count; k++)
            ck_assert_str_eq(role(rows[k].role)->name, rows[k].role);
    }
}
END_TEST

START_TEST(words_for_reports) {
    ck_assert_str_eq(lock_class_name(LOCK_SPIN), "spin lock");
    ck_assert_str_eq(blocking_kind_name(BLOCK_SLEEP), "sleeps");
    for (int i = 0; i < LOCK_CLASS_COUNT; i++)
        ck_assert_ptr_nonnull(lock_class_name((LockClass)i));
}
END_TEST

static void add_tests(TCase *tests) {
    tcase_add_test(tests, level_names_are_inverse);
    tcase_add_test(tests, level_numbers);
    tcase_add_test(tests, context_names_are_inverse);
    tcase_add_test(tests, unknown_names_have_no_row);
    tcase_add_test(tests, tables_are_complete);
    tcase_add_test(tests, pointer_types_lead_to_the_role);
    tcase_add_test(tests, struct_tags_lose_their_underscores);
    tcase_add_test(tests, waits_with_a_time_out);
    tcase_add_test(tests, a_null_time_out_waits);
    tcase_add_test(tests, sleeping_and_spinning);
    tcase_add_test(tests, wait_arguments_of_signals);
    tcase_add_test(tests, wait_arguments_of_locks_and_cache);
    tcase_add_test(tests, pool_types);
    tcase_add_test(tests, strings_and_debug_output);
    tcase_add_test(tests, passive_only_services);
    tcase_add_test(tests, dispatch_level_services);
    tcase_add_test(tests, services_for_interrupts);
    tcase_add_test(tests, minimum_levels);
    tcase_add_test(tests, spin_locks_raise_and_restore);
    tcase_add_test(tests, raising_and_lowering);
    tcase_add_test(tests, queued_locks_keep_the_level_in_the_handle);
    tcase_add_test(tests, cancel_and_interrupt_locks);
    tcase_add_test(tests, mutexes_and_regions);
    tcase_add_test(tests, port_and_framework_locks);
    tcase_add_test(tests, claims_and_ends);
    tcase_add_test(tests, work_handed_on);
    tcase_add_test(tests, memory_roles);
    tcase_add_test(tests, fields_with_user_addresses);
    tcase_add_test(tests, roles_of_wdm);
    tcase_add_test(tests, roles_of_frameworks);
    tcase_add_test(tests, registrations_by_argument);
    tcase_add_test(tests, registrations_by_field);
    tcase_add_test(tests, every_registration_has_its_role);
    tcase_add_test(tests, words_for_reports);
}

int main(void) {
    Suite *suite = suite_create("model");
    TCase *tests = tcase_create("facts");
    tcase_set_timeout(tests, 60);
    add_tests(tests);
    suite_add_tcase(suite, tests);
    return run_suite(suite);
}
