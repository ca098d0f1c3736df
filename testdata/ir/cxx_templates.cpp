/* C++: instances of templates, references to locks, bindings, range-for, noreturn. */
int Use(int n);
__declspec(noreturn) void Die(int code);
[[noreturn]] void Stop();

struct Lock {
    void Acquire();
    void Release();
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

template <typename T, int N> int Sum(T (&array)[N]) {
    int sum = N;
    for (T element : array)
        sum += element;
    if constexpr (sizeof(T) == 4)
        return sum;
    else
        return Use(sum);
}

template <typename T> struct Counter {
    static int count;
    void Add() {
        count++;
    }
};
template <typename T> int Counter<T>::count;

struct Pair {
    int a, b;
};
Pair MakePair();

namespace outer {
inline namespace v1 {
int Locked(Lock &lock) {
    Auto hold{lock};
    return Use(1);
}
} // namespace v1
} // namespace outer

int All(Lock *lock, int n) {
    int array[3] = {1, 2, 3};
    Auto<Lock> hold(*lock);
    Counter<int> counter;
    counter.Add();
    Pair pair;
    auto [p, q] = MakePair();
    auto &[u, w] = pair;
    u = p;
    w = q;
    if (n == 1)
        Die(n);
    if (n == 2)
        Stop();
    return Sum(array) + outer::Locked(*lock);
}

struct Filter {
    int Get(int n);
    static int Thunk(Filter *filter, int (Filter::*method)(int)) {
        return (filter->*method)(1);
    }
};

template <int (Filter::*method)(int)> int Forward(Filter *filter) {
    return (filter->*method)(2);
}

int Members(Filter *filter) {
    return Filter::Thunk(filter, &Filter::Get) + Forward<&Filter::Get>(filter);
}
