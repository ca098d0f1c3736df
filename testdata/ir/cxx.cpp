/* C++: this, member and virtual calls, RAII locks on every way out, references, lambdas, new. */
extern "C" void Acquire(int *lock);
extern "C" void Release(int *lock);
extern "C" int Test(int n);

class Guard {
  public:
    explicit Guard(int *lock) : lock_(lock) {
        Acquire(lock_);
    }
    ~Guard() {
        Release(lock_);
    }

  private:
    int *lock_;
};

namespace drv {

class Device {
  public:
    virtual int Start(int n);
    int Run(int n);
    static int Count(const Device &other);

  protected:
    int lock_;
    int state_ = 0;
};

class Child : public Device {
  public:
    int Start(int n) override {
        return Device::Start(n) + 1;
    }
};

int Device::Start(int n) {
    state_ = n;
    return this->Run(n);
}

int Device::Run(int n) {
    Guard guard(&lock_);
    if (n == 0)
        return Start(1);
    for (int i = 0; i < n; i++) {
        Guard inner(&state_);
        if (Test(i))
            break;
        if (Test(-i))
            continue;
        state_++;
    }
    return Count(*this);
}

int Device::Count(const Device &other) {
    int copy = other.state_;
    int &alias = copy;
    alias += 2;
    return copy;
}

} // namespace drv

template <typename T> T Twice(T value) {
    return value + value;
}

int Use(drv::Device *device) {
    auto add = [&](int n) { return n + Test(2); };
    drv::Device *fresh = new drv::Child;
    int result = add(3) + Twice(4) + device->Start(5);
    delete fresh;
    return result;
}
