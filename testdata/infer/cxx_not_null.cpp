/* C++: references and `this` are addresses, so a destructor that tests a pointer made of one always
 * gives the lock back; a local structure's member carries an argument on. */
#include <ntddk.h>

struct Lock {
    KSPIN_LOCK spin;
    KIRQL old;
    void Acquire() {
        KeAcquireSpinLock(&spin, &old);
    }
    void Release() {
        KeReleaseSpinLock(&spin, old);
    }
};

/* May be let go early. */
struct Hold {
    explicit Hold(Lock &lock) : lock_(&lock) {
        lock_->Acquire();
    }
    ~Hold() {
        if (lock_ != nullptr)
            lock_->Release();
    }
    void Drop() {
        lock_->Release();
        lock_ = nullptr;
    }
    Lock *lock_;
};

struct Owner {
    Owner *self = this;
    Lock lock;
    void Enter() {
        lock.Acquire();
        if (self != nullptr)
            lock.Release();
    }
};

static Lock TheLock;
static KEVENT Event;

extern "C" void InHold(void) {
}
extern "C" void AfterHold(void) {
}
extern "C" void AfterDrop(void) {
}
extern "C" void AfterEnter(void) {
}
extern "C" void OnlyWhenZero(void) {
}

static void Await(LONG milliseconds) {
    LARGE_INTEGER limit;
    limit.QuadPart = -10000LL * milliseconds;
    if (limit.QuadPart == 0)
        OnlyWhenZero();
    KeWaitForSingleObject(&Event, Executive, KernelMode, FALSE, &limit);
}

static void Unload(PDRIVER_OBJECT) {
    {
        Hold hold(TheLock);
        InHold();
    }
    AfterHold();
    Hold dropped(TheLock);
    dropped.Drop();
    AfterDrop();
    Owner owner;
    owner.Enter();
    AfterEnter();
    Await(5);
}

extern "C" NTSTATUS DriverEntry(PDRIVER_OBJECT driver, PUNICODE_STRING) {
    driver->DriverUnload = Unload;
    return STATUS_SUCCESS;
}
