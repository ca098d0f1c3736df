/* DEFINE_GUID always declares, so this header has no effect. */
#define INITGUID 1
