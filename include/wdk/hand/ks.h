
/* ---- ks: tables and GUID idioms ---- */
#define STATIC_GUID_NULL 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0
#define DEFINE_GUIDEX(name) EXTERN_C const GUID name
#define KSDEFINE_GUID_(name) EXTERN_C const GUID name
#define DEFINE_KSPROPERTY_TABLE(t) const KSPROPERTY_ITEM t[] =
#define DEFINE_KSPROPERTY_ITEM(id, get, minp, mind, set, values, nrel, rel, support, size)         \
    {(id), {(PFNKSHANDLER)(get)}, (minp), (mind), {(PFNKSHANDLER)(set)}, (PKSPROPERTY_VALUES)(values), (nrel), \
     (PKSPROPERTY)(rel), (PFNKSHANDLER)(support), (ULONG)(size)}
#define DEFINE_KSPROPERTY_SET(guid, n, items, nfast, fast)                                         \
    {(guid), (n), (items), (nfast), (fast)}
#define DEFINE_KSPROPERTY_SET_TABLE(t) const KSPROPERTY_SET t[] =
#define DEFINE_KSPROPERTY_VALUES(t) const KSPROPERTY_VALUES t =
#define DEFINE_KSMETHOD_TABLE(t) const KSMETHOD_ITEM t[] =
#define DEFINE_KSMETHOD_ITEM(id, flags, handler, minm, mind, support)                              \
    {(id), {(PFNKSHANDLER)(handler)}, (minm), (mind), (PFNKSHANDLER)(support), (flags)}
#define DEFINE_KSMETHOD_SET(guid, n, items, nfast, fast) {(guid), (n), (items), (nfast), (fast)}
#define DEFINE_KSMETHOD_SET_TABLE(t) const KSMETHOD_SET t[] =
#define DEFINE_KSEVENT_TABLE(t) const KSEVENT_ITEM t[] =
#define DEFINE_KSEVENT_ITEM(id, data, extra, add, remove, support)                                 \
    {(id), (data), (extra), (PFNKSADDEVENT)(add), (PFNKSREMOVEEVENT)(remove), (PFNKSHANDLER)(support)}
#define DEFINE_KSEVENT_SET(guid, n, items) {(guid), (n), (items)}
#define DEFINE_KSEVENT_SET_TABLE(t) const KSEVENT_SET t[] =
#define DEFINE_KSAUTOMATION_TABLE(t) const KSAUTOMATION_TABLE t =
#define DEFINE_KSAUTOMATION_PROPERTIES(t) SIZEOF_ARRAY(t), sizeof(KSPROPERTY_ITEM), t
#define DEFINE_KSAUTOMATION_PROPERTIES_NULL 0, sizeof(KSPROPERTY_ITEM), NULL
#define DEFINE_KSAUTOMATION_METHODS(t) SIZEOF_ARRAY(t), sizeof(KSMETHOD_ITEM), t
#define DEFINE_KSAUTOMATION_METHODS_NULL 0, sizeof(KSMETHOD_ITEM), NULL
#define DEFINE_KSAUTOMATION_EVENTS(t) SIZEOF_ARRAY(t), sizeof(KSEVENT_ITEM), t
#define DEFINE_KSAUTOMATION_EVENTS_NULL 0, sizeof(KSEVENT_ITEM), NULL
#define DEFINE_KSFILTER_DESCRIPTOR(d) const KSFILTER_DESCRIPTOR d =
#define DEFINE_KSFILTER_DESCRIPTOR_TABLE(t) const KSFILTER_DESCRIPTOR *const t[] =
#define DEFINE_KSFILTER_PIN_DESCRIPTORS(t) SIZEOF_ARRAY(t), sizeof(t[0]), t
#define DEFINE_KSFILTER_CATEGORIES(t) SIZEOF_ARRAY(t), t
#define DEFINE_KSFILTER_CATEGORY(c) 1, &(c)
#define DEFINE_KSFILTER_CATEGORIES_NULL 0, NULL
#define DEFINE_KSFILTER_NODE_DESCRIPTORS(t) SIZEOF_ARRAY(t), sizeof(t[0]), t
#define DEFINE_KSFILTER_NODE_DESCRIPTORS_NULL 0, sizeof(KSNODE_DESCRIPTOR), NULL
#define DEFINE_KSFILTER_CONNECTIONS(t) SIZEOF_ARRAY(t), t
#define DEFINE_KSFILTER_DEFAULT_CONNECTIONS 0, NULL
#define DEFINE_KSPIN_DESCRIPTOR_TABLE(t) const KSPIN_DESCRIPTOR_EX t[] =
#define DEFINE_KSPIN_DEFAULT_INTERFACES 0, NULL
#define DEFINE_KSPIN_DEFAULT_MEDIUMS 0, NULL
#define DEFINE_SIMPLE_FRAMING_EX(name, memory, flags, frames, align, minf, maxf)                   \
    const KSALLOCATOR_FRAMING_EX name = {0}
#define DECLARE_SIMPLE_FRAMING_EX(name, memory, flags, frames, align, minf, maxf)                  \
    const KSALLOCATOR_FRAMING_EX name = {0}
#define KsEdit(object, pointer, tag) _KsEdit((object)->Bag, (PVOID *)(pointer), sizeof(**(pointer)), sizeof(**(pointer)), (tag))
#define KsEditSized(object, pointer, n, o, tag) _KsEdit((object)->Bag, (PVOID *)(pointer), (n), (o), (tag))
#define KSCONVERT_PERFORMANCE_TIME(frequency, time) ((LONGLONG)(time).QuadPart)
#define STATIC_AUDIO_SIGNALPROCESSINGMODE_RAW STATIC_GUID_NULL
#define STATIC_AUDIO_SIGNALPROCESSINGMODE_DEFAULT STATIC_GUID_NULL
#define STATIC_AUDIO_SIGNALPROCESSINGMODE_SPEECH STATIC_GUID_NULL
#define STATIC_AUDIO_SIGNALPROCESSINGMODE_COMMUNICATIONS STATIC_GUID_NULL
#define STATIC_AUDIO_SIGNALPROCESSINGMODE_NOTIFICATION STATIC_GUID_NULL
#define STATIC_AUDIO_SIGNALPROCESSINGMODE_MEDIA STATIC_GUID_NULL
#define STATIC_AUDIO_SIGNALPROCESSINGMODE_MOVIE STATIC_GUID_NULL
#define STATIC_AUDIO_SIGNALPROCESSINGMODE_FAR_FIELD_SPEECH STATIC_GUID_NULL
#define STATIC_PINNAME_IMAGE STATIC_GUID_NULL
