
/* ---- wdfobject: typed contexts. The accessor is a declared function, the type name vanishes. ---- */
#define WDF_NO_OBJECT_ATTRIBUTES ((PWDF_OBJECT_ATTRIBUTES)NULL)
#define WDF_NO_EVENT_CALLBACK NULL
#define WDF_NO_HANDLE NULL
#define WDF_NO_CONTEXT NULL
#define WDF_NO_SEND_OPTIONS NULL
#define WDF_PTR_ADD_OFFSET(p, offset) ((PVOID)(((PUCHAR)(p)) + (offset)))
#define WDF_PTR_ADD_OFFSET_TYPE(p, offset, type) ((type)(((PUCHAR)(p)) + (offset)))
#define WDF_TYPE_NAME_TO_EXTERN_NAME(name) name
#define WDF_TYPE_NAME_POINTER_TYPE(type) type *
#define WDF_GET_CONTEXT_TYPE_INFO(type) ((PCWDF_OBJECT_CONTEXT_TYPE_INFO)NULL)
#define WDF_TYPE_DEFAULT_SECTION_NAME ".data"
#define WDF_DECLARE_CONTEXT_TYPE_WITH_NAME(type, accessor) EXTERN_C type *accessor(WDFOBJECT Handle);
#define WDF_DECLARE_SHARED_CONTEXT_TYPE_WITH_NAME(type, accessor)                                  \
    EXTERN_C type *accessor(WDFOBJECT Handle);
#define WDF_DECLARE_CONTEXT_TYPE(type) EXTERN_C type *WdfObjectGet_##type(WDFOBJECT Handle);
#define WDF_DECLARE_TYPE_AND_GLOBALS(...)
#define WDF_ADD_CUSTOM_TYPE_FUNCTION_NAME(type) irqlint_add_type_##type
#define WDF_DECLARE_CUSTOM_TYPE(type, ...)                                                         \
    NTSTATUS WDF_ADD_CUSTOM_TYPE_FUNCTION_NAME(type)(                                              \
        WDFOBJECT object, ULONG_PTR data, PFN_WDF_OBJECT_CONTEXT_CLEANUP cleanup,                  \
        PFN_WDF_OBJECT_CONTEXT_DESTROY destroy);
#define WdfObjectAddCustomType(handle, type) ((NTSTATUS)0)
#define WdfObjectIsCustomType(handle, type) ((BOOLEAN)1)
#define WDF_OBJECT_ATTRIBUTES_INIT_CONTEXT_TYPE(attributes, type)                                  \
    (WDF_OBJECT_ATTRIBUTES_INIT(attributes), (void)((attributes)->ContextSizeOverride = sizeof(type)))
#define WDF_OBJECT_ATTRIBUTES_SET_CONTEXT_TYPE(attributes, type)                                   \
    ((void)((attributes)->ContextSizeOverride = sizeof(type)))
#define WdfObjectGetTypedContext(handle, type)                                                     \
    ((type *)WdfObjectGetTypedContextWorker((WDFOBJECT)(handle), NULL))
#define WDFCASSERT(e) C_ASSERT(e)
#define VERIFY_IS_IRQL_PASSIVE_LEVEL() __irqlint_assert(KeGetCurrentIrql() == PASSIVE_LEVEL)
#define WDFVERIFY(e) __irqlint_assert(!!(e))
#ifdef __cplusplus
extern "C" {
#endif
PVOID WdfObjectGetTypedContextWorker(WDFOBJECT Handle, PCWDF_OBJECT_CONTEXT_TYPE_INFO TypeInfo);
VOID WdfObjectReference(WDFOBJECT Handle);
VOID WdfObjectDereference(WDFOBJECT Handle);
VOID WdfObjectReferenceWithTag(WDFOBJECT Handle, PVOID Tag);
VOID WdfObjectDereferenceWithTag(WDFOBJECT Handle, PVOID Tag);
#ifdef __cplusplus
}
#endif
