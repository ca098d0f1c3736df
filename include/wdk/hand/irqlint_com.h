/* Kernel COM: the words of interface declarations, and IUnknown.
 * Invariant: NTSTATUS and HRESULT are both long, so either may be a method's result.
 */
#ifndef IRQLINT_COM_H
#define IRQLINT_COM_H
#include <guiddef.h>
#define STDMETHODIMP long __stdcall
#define STDMETHODIMP_(type) type __stdcall
#define STDMETHODIMPV long __cdecl
#define STDMETHODIMPV_(type) type __cdecl
#define IMP_IUnknown
#ifdef __cplusplus
#define interface struct
#define PURE = 0
#define THIS_
#define THIS void
#define STDMETHOD(method) virtual long __stdcall method
#define STDMETHOD_(type, method) virtual type __stdcall method
#define DECLARE_INTERFACE(name) struct name
#define DECLARE_INTERFACE_(name, base) struct name : public base
#define DEFINE_ABSTRACT_UNKNOWN()                                                                  \
    virtual long __stdcall QueryInterface(const GUID &Interface, void **Object) = 0;               \
    virtual unsigned long __stdcall AddRef(void) = 0;                                              \
    virtual unsigned long __stdcall Release(void) = 0;
#define DECLARE_ABSTRACT_UNKNOWN() DEFINE_ABSTRACT_UNKNOWN()
extern "C++" {
struct IUnknown {
    virtual long __stdcall QueryInterface(const GUID &Interface, void **Object) = 0;
    virtual unsigned long __stdcall AddRef(void) = 0;
    virtual unsigned long __stdcall Release(void) = 0;
};
struct INonDelegatingUnknown {
    virtual long __stdcall NonDelegatingQueryInterface(const GUID &Interface, void **Object) = 0;
    virtual unsigned long __stdcall NonDelegatingAddRef(void) = 0;
    virtual unsigned long __stdcall NonDelegatingRelease(void) = 0;
};
}
#else
#define interface struct
#define PURE
#define THIS_ void *This,
#define THIS void *This
#define STDMETHOD(method) long(__stdcall *method)
#define STDMETHOD_(type, method) type(__stdcall *method)
#define DECLARE_INTERFACE(name) typedef struct name name; struct name
#define DECLARE_INTERFACE_(name, base) typedef struct name name; struct name
#define DEFINE_ABSTRACT_UNKNOWN()                                                                  \
    long(__stdcall *QueryInterface)(void *This, const GUID *Interface, void **Object);             \
    unsigned long(__stdcall *AddRef)(void *This);                                                  \
    unsigned long(__stdcall *Release)(void *This);
typedef struct IUnknown IUnknown;
typedef struct INonDelegatingUnknown INonDelegatingUnknown;
#endif
typedef IUnknown *PUNKNOWN, *LPUNKNOWN;
typedef INonDelegatingUnknown *PNONDELEGATINGUNKNOWN;
#ifdef __cplusplus
extern "C" const GUID IID_IUnknown;
#else
extern const GUID IID_IUnknown;
#endif
#endif
