/* C++: a guard that is returned, chosen, left early, or that a container holds: the level inside and
 * behind. */
#include <ntddk.h>

static KSPIN_LOCK Lock;

void *operator new(size_t size, POOL_TYPE pool, ULONG tag) {
    return ExAllocatePoolWithTag(pool, size, tag);
}
void operator delete(void *memory) {
    ExFreePool(memory);
}
void operator delete(void *memory, size_t) {
    ExFreePool(memory);
}

struct Guard {
    explicit Guard(KSPIN_LOCK *lock) : lock_(lock) {
        KeAcquireSpinLock(lock_, &old_);
    }
    Guard(const Guard &) = delete;
    ~Guard() {
        KeReleaseSpinLock(lock_, old_);
    }
    bool Ok() const {
        return lock_ != nullptr;
    }
    KSPIN_LOCK *lock_;
    KIRQL old_;
};

extern "C" void InReturned(void) {
}
extern "C" void AfterReturned(void) {
}
extern "C" void InChosen(void) {
}
extern "C" void AfterChosen(void) {
}
extern "C" void InRound(void) {
}
extern "C" void AfterRounds(void) {
}
extern "C" void AfterLeave(void) {
}
extern "C" void InArgument(void) {
}
extern "C" void AfterArgument(void) {
}
extern "C" void InArray(void) {
}
extern "C" void AfterLocal(void) {
}
extern "C" void AfterArray(void) {
}
extern "C" void InDerived(void) {
}
extern "C" void AfterDelete(void) {
}
extern "C" void InTrailing(void) {
}

static Guard Take() {
    return Guard(&Lock);
}

static int Use(const Guard &) {
    InArgument();
    return 1;
}

struct Base {
    virtual ~Base() = default;
    virtual void Work() = 0;
};

struct Derived : Base {
    void Work() override {
        InDerived();
    }
    Guard guard{&Lock};
};

static int Rounds(int n) {
    for (int i = 0; i < n; i++) {
        Guard guard(&Lock);
        if (i == 1)
            continue;
        if (i == 2)
            break;
        if (i == 3)
            return InRound(), 3;
        InRound();
    }
    AfterRounds();
    return 0;
}

static void Leave(int n) {
    {
        Guard guard(&Lock);
        if (n)
            goto done;
    }
done:
    AfterLeave();
}

/* A class that the function itself declares. */
void LocalClass(KSPIN_LOCK *lock, bool early) {
    {
        KIRQL old;
        KeAcquireSpinLock(lock, &old);
        struct Release {
            KSPIN_LOCK *lock_;
            KIRQL old_;
            ~Release() {
                KeReleaseSpinLock(lock_, old_);
            }
        } release = {lock, old};
        if (early)
            return;
    }
    AfterLocal();
}

static void Unload(PDRIVER_OBJECT object) {
    {
        Guard guard = Take();
        InReturned();
    }
    AfterReturned();
    {
        const Guard &guard = object->Flags ? Guard(&Lock) : Take();
        InChosen();
    }
    AfterChosen();
    Rounds(4);
    LocalClass(&Lock, object->Flags != 0);
    Leave(1);
    Use(Take());
    AfterArgument();
    {
        Guard guards[1] = {Guard(&Lock)};
        InArray();
    }
    AfterArray();
    Base *base = new (NonPagedPoolNx, 'tset') Derived;
    base->Work();
    delete base;
    AfterDelete();
    if (Guard guard(&Lock); guard.Ok())
        InTrailing();
}

extern "C" NTSTATUS DriverEntry(PDRIVER_OBJECT driver, PUNICODE_STRING) {
    driver->DriverUnload = Unload;
    return STATUS_SUCCESS;
}
