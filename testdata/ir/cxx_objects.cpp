/* C++: members, bases, temporaries and arrays are built and destroyed; what the compiler writes. */
extern "C" void Acquire(int *lock);
extern "C" void Release(int *lock);
int Default(int n);

struct Guard {
    explicit Guard(int *lock) : lock_(lock) {
        Acquire(lock_);
    }
    ~Guard() {
        Release(lock_);
    }
    bool Ok(int n = Default(3), int m = 4) const;
    int *lock_;
};

struct Outer {
    explicit Outer(int *lock) : guard(lock) {
    }
    Outer() : Outer(nullptr) {
    }
    virtual ~Outer() = default;
    virtual int Pure() = 0;
    Guard guard;
    int state = 5;
};

struct Middle : Outer {
    Guard more{nullptr};
};

struct Inner : Middle {
    int Pure() override {
        return 1;
    }
};

void *operator new(unsigned long long size, int pool, int tag);
void operator delete(void *memory);

int Scopes(int *lock) {
    Inner whole;
    Guard array[2] = {Guard(lock), Guard(lock)};
    const Guard &kept = Guard(lock);
    Guard(lock).Ok();
    if (Guard inside(lock); inside.Ok(1))
        return 1;
    for (Guard round(lock); round.Ok(2);) {
        if (*lock)
            break;
    }
    return Guard(lock).Ok(5) && kept.Ok(6, 7);
}

int Heap(Outer *outer, char *place) {
    Inner *inner = new (1, 'gat') Inner;
    Inner *placed = new (1, 2) Inner();
    inner->Middle::Pure();
    inner->Inner::Pure();
    placed->~Inner();
    delete inner;
    delete outer;
    return outer->Pure();
}

void *operator new[](unsigned long long size, int pool, int tag);
void operator delete[](void *memory);

int *Arrays(int n) {
    Guard *guards = new (3, 'gat') Guard[2]{Guard(nullptr), Guard(nullptr)};
    delete[] guards;
    return new (4, 'gat') int[n];
}

int Hidden(int *lock, int n) {
    switch (Guard held(lock); n) {
    case 1:
        return 2;
    }
    return 3;
}
