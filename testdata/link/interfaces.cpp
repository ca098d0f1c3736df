// Virtual calls: an interface with one class, with two, one with a body of its own, the kernel's.
#include <portcls.h>
struct One {
    virtual VOID Do() = 0;
};
struct Two {
    virtual VOID Do() = 0;
};
struct Base {
    virtual VOID Do() {}
};
struct Only : One {
    VOID Do() override {}
};
struct First : Two {
    VOID Do() override {}
};
struct Second : Two {
    VOID Do() override {}
};
struct Derived : Base {
    VOID Do() override {}
};
struct Unknown : IUnknown {
    ULONG AddRef() override { return 1; }
};
VOID Calls(One *one, Two *two, Base *base, IUnknown *unknown)
{
    one->Do();
    two->Do();
    base->Do();
    unknown->AddRef();
}
