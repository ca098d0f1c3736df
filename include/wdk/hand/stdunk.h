
/* ---- stdunk: the aggregation helper of port class drivers ---- */
#include <irqlint_com.h>
#include <new.h>
#ifdef __cplusplus
class CUnknown : public INonDelegatingUnknown {
protected:
    LONG m_lRefCount;
private:
    PUNKNOWN m_pUnknownOuter;
public:
    CUnknown(PUNKNOWN outer);
    virtual ~CUnknown(void);
    PUNKNOWN GetOuterUnknown(void);
    long __stdcall NonDelegatingQueryInterface(const GUID &Interface, void **Object);
    unsigned long __stdcall NonDelegatingAddRef(void);
    unsigned long __stdcall NonDelegatingRelease(void);
};
#define DECLARE_STD_UNKNOWN()                                                                      \
    long __stdcall NonDelegatingQueryInterface(const GUID &Interface, void **Object);              \
    long __stdcall QueryInterface(const GUID &Interface, void **Object);                           \
    unsigned long __stdcall AddRef(void);                                                          \
    unsigned long __stdcall Release(void);
#define DEFINE_STD_CONSTRUCTOR(Class)                                                              \
    Class(PUNKNOWN outer) : CUnknown(outer) {}
#define QICAST(Type) PVOID((Type)(this))
#define QICASTUNKNOWN(Type) PVOID(PUNKNOWN((Type)(this)))
#define STD_CREATE_BODY_WITH_TAG_(Class, out, outer, pool, tag, base)                              \
    NTSTATUS ntStatus = STATUS_INSUFFICIENT_RESOURCES;                                             \
    Class *p = new (pool, tag) Class(outer);                                                       \
    if (p) {                                                                                       \
        *out = PUNKNOWN((base)(p));                                                                \
        (*out)->AddRef();                                                                          \
        ntStatus = STATUS_SUCCESS;                                                                 \
    }                                                                                              \
    return ntStatus
#define STD_CREATE_BODY_WITH_TAG(Class, out, outer, pool, tag)                                     \
    STD_CREATE_BODY_WITH_TAG_(Class, out, outer, pool, tag, PUNKNOWN)
#define STD_CREATE_BODY_(Class, out, outer, pool, base)                                            \
    STD_CREATE_BODY_WITH_TAG_(Class, out, outer, pool, 'lCcP', base)
#define STD_CREATE_BODY(Class, out, outer, pool) STD_CREATE_BODY_(Class, out, outer, pool, PUNKNOWN)
#endif
