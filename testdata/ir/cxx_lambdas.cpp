/* C++: captures by reference, by copy, of this; lambdas passed to templates; plain functions. */
int Use(int n);
typedef int Callback(int n);
int Register(Callback *callback);

template <typename F> int Apply(F &&function) {
    return function(3);
}

template <typename F> struct Exit {
    explicit Exit(F &&function) : function_(function) {
    }
    ~Exit() {
        function_();
    }
    F function_;
};

struct Device {
    int value;
    int Run(int n) {
        int count = 0;
        auto add = [&](int m) { return count += m + value; };
        Exit atExit([this, n] { value = n; });
        Apply([=](int m) { return m + n; });
        Apply([x = n + 1, &y = count](int m) mutable {
            x += m;
            return y = x;
        });
        auto nested = [&] { return [&] { return count; }(); };
        auto generic = [](auto m) { return Use(m); };
        Register([](int m) { return Use(m); });
        return add(1) + nested() + generic(2);
    }
};

struct Functor {
    int operator()(int m) const;
};

int Call(Device *device, Functor functor) {
    return device->Run(1) + functor(2) + Apply(functor);
}
