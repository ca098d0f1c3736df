
/* ---- acx: property names, tests for what the framework has ---- */
#define DECLARE_CONST_ACXOBJECTBAG_PROPERTY_NAME_(bag, vendor, name)                               \
    DECLARE_CONST_UNICODE_STRING(name, bag L"_" L## #vendor L"_" L## #name)
#define DECLARE_CONST_ACXOBJECTBAG_DRIVER_PROPERTY_NAME(vendor, name)                              \
    DECLARE_CONST_ACXOBJECTBAG_PROPERTY_NAME_(L"DRIVER", vendor, name)
#define DECLARE_CONST_ACXOBJECTBAG_SYSTEM_PROPERTY_NAME(name)                                      \
    DECLARE_CONST_ACXOBJECTBAG_PROPERTY_NAME_(L"SYSTEM", system, name)
#define DECLARE_CONST_ACXOBJECTBAG_SOUNDWIRE_PROPERTY_NAME(name)                                   \
    DECLARE_CONST_ACXOBJECTBAG_PROPERTY_NAME_(L"SOUNDWIRE", system, name)
#define DECLARE_CONST_ACXOBJECTBAG_HDAUDIO_PROPERTY_NAME(name)                                     \
    DECLARE_CONST_ACXOBJECTBAG_PROPERTY_NAME_(L"HDAUDIO", system, name)
#define DECLARE_CONST_ACXOBJECTBAG_USB_PROPERTY_NAME(name)                                         \
    DECLARE_CONST_ACXOBJECTBAG_PROPERTY_NAME_(L"USB", system, name)
#define DEFINE_ACXDRMRIGHTS_DEFAULT(name) ACXDRMRIGHTS name = {0}
#define ACX_STRUCTURE_SIZE(s) sizeof(s)
#define ACX_IS_FUNCTION_AVAILABLE(f) TRUE
#define ACX_IS_STRUCTURE_AVAILABLE(s) TRUE
#define ACX_IS_FIELD_AVAILABLE(s, f) TRUE
