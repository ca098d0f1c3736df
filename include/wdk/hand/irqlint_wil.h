/* Stand-in for the part of the Windows Implementation Library that kernel drivers use; a driver's own copy is found first.
 * What is said of ownership here is the truth: the closing function is called by reset and the destructor.
 */
#ifndef IRQLINT_WIL_H
#define IRQLINT_WIL_H
#include <new.h>
#ifdef __cplusplus
extern "C++" {
namespace wistd {
template <typename T, T v> struct integral_constant {
    static constexpr T value = v;
    typedef T value_type;
    typedef integral_constant type;
    constexpr operator T() const { return v; }
};
typedef integral_constant<bool, true> true_type;
typedef integral_constant<bool, false> false_type;
template <typename T> struct remove_reference { typedef T type; };
template <typename T> struct remove_reference<T &> { typedef T type; };
template <typename T> struct remove_reference<T &&> { typedef T type; };
template <typename T> using remove_reference_t = typename remove_reference<T>::type;
template <typename T> constexpr remove_reference_t<T> &&move(T &&v) noexcept {
    return static_cast<remove_reference_t<T> &&>(v);
}
template <typename T> constexpr T &&forward(remove_reference_t<T> &v) noexcept {
    return static_cast<T &&>(v);
}
template <typename T> constexpr T &&forward(remove_reference_t<T> &&v) noexcept {
    return static_cast<T &&>(v);
}
template <typename T> struct default_delete {
    void operator()(T *p) const { delete p; }
};
template <typename T, typename Deleter = default_delete<T>> class unique_ptr {
    T *m_p = nullptr;

public:
    unique_ptr() = default;
    unique_ptr(decltype(nullptr)) {}
    explicit unique_ptr(T *p) : m_p(p) {}
    unique_ptr(unique_ptr &&other) noexcept : m_p(other.release()) {}
    unique_ptr(const unique_ptr &) = delete;
    ~unique_ptr() { reset(); }
    unique_ptr &operator=(unique_ptr &&other) noexcept {
        reset(other.release());
        return *this;
    }
    T *get() const { return m_p; }
    T *operator->() const { return m_p; }
    T &operator*() const { return *m_p; }
    explicit operator bool() const { return m_p != nullptr; }
    T *release() {
        T *p = m_p;
        m_p = nullptr;
        return p;
    }
    void reset(T *p = nullptr) {
        T *old = m_p;
        m_p = p;
        if (old)
            Deleter()(old);
    }
};
}

namespace wil {
template <typename T, typename CloseFn, CloseFn close> class unique_any {
    T m_value = T();

public:
    typedef T pointer;
    unique_any() = default;
    explicit unique_any(T value) : m_value(value) {}
    unique_any(unique_any &&other) noexcept : m_value(other.release()) {}
    unique_any(const unique_any &) = delete;
    ~unique_any() { reset(); }
    unique_any &operator=(unique_any &&other) noexcept {
        reset(other.release());
        return *this;
    }
    T get() const { return m_value; }
    T *addressof() { return &m_value; }
    T *put() {
        reset();
        return &m_value;
    }
    T *operator&() { return put(); }
    explicit operator bool() const { return m_value != T(); }
    T release() {
        T value = m_value;
        m_value = T();
        return value;
    }
    void reset(T value = T()) {
        T old = m_value;
        m_value = value;
        if (old != T())
            close(old);
    }
};
template <typename T> using unique_pool_ptr = wistd::unique_ptr<T>;
template <typename T, typename... Args>
wistd::unique_ptr<T> make_unique_nothrow(Args &&...args) {
    return wistd::unique_ptr<T>(new (std::nothrow) T(wistd::forward<Args>(args)...));
}
class fast_mutex {
    FAST_MUTEX m_mutex;

public:
    fast_mutex() { ExInitializeFastMutex(&m_mutex); }
    class guard {
        PFAST_MUTEX m_held;

    public:
        explicit guard(PFAST_MUTEX mutex) : m_held(mutex) { ExAcquireFastMutex(mutex); }
        ~guard() { reset(); }
        void reset() {
            if (m_held)
                ExReleaseFastMutex(m_held);
            m_held = nullptr;
        }
    };
    guard acquire() { return guard(&m_mutex); }
};
class fast_mutex_with_critical_region {
    FAST_MUTEX m_mutex;

public:
    fast_mutex_with_critical_region() { ExInitializeFastMutex(&m_mutex); }
    class guard {
        PFAST_MUTEX m_held;

    public:
        explicit guard(PFAST_MUTEX mutex) : m_held(mutex) {
            KeEnterCriticalRegion();
            ExAcquireFastMutexUnsafe(mutex);
        }
        ~guard() { reset(); }
        void reset() {
            if (m_held) {
                ExReleaseFastMutexUnsafe(m_held);
                KeLeaveCriticalRegion();
            }
            m_held = nullptr;
        }
    };
    guard acquire() { return guard(&m_mutex); }
};
template <EVENT_TYPE type> class kernel_event {
    KEVENT m_event;

public:
    explicit kernel_event(bool signaled = false) { KeInitializeEvent(&m_event, type, signaled); }
    PRKEVENT get() { return &m_event; }
    void set(KPRIORITY increment = IO_NO_INCREMENT) { KeSetEvent(&m_event, increment, FALSE); }
    void clear() { KeClearEvent(&m_event); }
    bool is_signaled() const { return KeReadStateEvent(const_cast<PRKEVENT>(&m_event)) != 0; }
    bool wait(LONGLONG timeout) {
        LARGE_INTEGER due;
        due.QuadPart = timeout;
        return KeWaitForSingleObject(&m_event, Executive, KernelMode, FALSE, &due) == STATUS_SUCCESS;
    }
    void wait() { KeWaitForSingleObject(&m_event, Executive, KernelMode, FALSE, nullptr); }
};
typedef kernel_event<SynchronizationEvent> kernel_event_auto_reset;
typedef kernel_event<NotificationEvent> kernel_event_manual_reset;
template <typename Lambda> class lambda_call {
    Lambda m_lambda;
    bool m_call = true;

public:
    explicit lambda_call(Lambda &&lambda) : m_lambda(wistd::move(lambda)) {}
    ~lambda_call() { reset(); }
    void reset() {
        if (m_call) {
            m_call = false;
            m_lambda();
        }
    }
    void release() { m_call = false; }
};
template <typename Lambda> lambda_call<Lambda> scope_exit(Lambda &&lambda) {
    return lambda_call<Lambda>(wistd::move(lambda));
}
}
}
#endif
#endif
