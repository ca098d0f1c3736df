/* C++: sections of classes, methods and lambdas; annotations of methods. */
#include <ntddk.h>
#define PAGED_CODE_SEG __declspec(code_seg("PAGE"))
int Use(int n);

class PAGED_CODE_SEG Paged {
  public:
    void First() {
        Use(1);
    }
    static void Second();
    virtual ~Paged() {
    }
};

void Paged::Second() {
    Use(2);
}

class Mixed {
  public:
    PAGED_CODE_SEG void InPage() {
        Use(3);
    }
    void ByPragma();
    _IRQL_requires_max_(PASSIVE_LEVEL) NTSTATUS Annotated();
};

#pragma code_seg(push)
#pragma code_seg("PAGE")
void Mixed::ByPragma() {
    auto section = [](int n) { return Use(n); };
    section(4);
}
#pragma code_seg(pop)

NTSTATUS Mixed::Annotated() {
    auto own = [](int n) PAGED_CODE_SEG { return Use(n); };
    auto none = [](int n) { return Use(n); };
    return own(5) + none(6);
}

class Base {
  public:
    virtual int Get() = 0;
};

class Derived : public Base {
  public:
    PAGED_CODE_SEG int Get() override {
        return Use(7);
    }
};
