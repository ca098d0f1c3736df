/* C++: locks held by objects, members of objects, lambdas. */
#include <ntddk.h>

struct SpinLock {
    KSPIN_LOCK lock;
    KIRQL old;
    void Acquire() {
        KeAcquireSpinLock(&lock, &old);
    }
    void Release() {
        KeReleaseSpinLock(&lock, old);
    }
};

template <typename L> struct Auto {
    explicit Auto(L &lock) : lock_(lock) {
        lock_.Acquire();
    }
    ~Auto() {
        lock_.Release();
    }
    L &lock_;
};

struct Holder {
    explicit Holder(SpinLock &lock) : hold(lock) {
    }
    Auto<SpinLock> hold;
};

static SpinLock Lock;

extern "C" void InAuto(void) {
}
extern "C" void AfterAuto(void) {
}
extern "C" void InHolder(void) {
}
extern "C" void AfterHolder(void) {
}
extern "C" void InTemporary(void) {
}
extern "C" void AfterTemporary(void) {
}
extern "C" void InLambda(void) {
}
extern "C" void AfterLambda(void) {
}

static bool Test(const Auto<SpinLock> &) {
    InTemporary();
    return true;
}

template <typename F> void With(F &&function) {
    Auto<SpinLock> hold(Lock);
    function();
}

static void Unload(PDRIVER_OBJECT) {
    {
        Auto hold(Lock);
        InAuto();
    }
    AfterAuto();
    {
        Holder holder(Lock);
        InHolder();
    }
    AfterHolder();
    if (Test(Auto<SpinLock>(Lock)))
        AfterTemporary();
    With([] { InLambda(); });
    AfterLambda();
}

extern "C" NTSTATUS DriverEntry(PDRIVER_OBJECT driver, PUNICODE_STRING) {
    driver->DriverUnload = Unload;
    return STATUS_SUCCESS;
}
