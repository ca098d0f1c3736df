/* The freestanding part of the C++ library, as far as kernel code uses it: type traits, move and
 * forward, limits, pairs, placement new. Written for checking, not for running. */
#ifndef IRQLINT_STD_H
#define IRQLINT_STD_H
#include <irqlint_crt.h>
#include <stdint.h>
#include <new.h>
#ifdef __cplusplus
extern "C++" {
namespace std {
using ::int8_t; using ::int16_t; using ::int32_t; using ::int64_t;
using ::uint8_t; using ::uint16_t; using ::uint32_t; using ::uint64_t;
using ::uintptr_t; using ::intptr_t;
typedef long long ptrdiff_t;
enum class byte : unsigned char {};
template <class T, T v> struct integral_constant {
    static constexpr T value = v;
    typedef T value_type;
    typedef integral_constant type;
    constexpr operator T() const noexcept { return v; }
};
template <bool b> using bool_constant = integral_constant<bool, b>;
typedef bool_constant<true> true_type;
typedef bool_constant<false> false_type;
template <bool b, class T = void> struct enable_if {};
template <class T> struct enable_if<true, T> { typedef T type; };
template <bool b, class T = void> using enable_if_t = typename enable_if<b, T>::type;
template <bool b, class T, class F> struct conditional { typedef T type; };
template <class T, class F> struct conditional<false, T, F> { typedef F type; };
template <bool b, class T, class F> using conditional_t = typename conditional<b, T, F>::type;
template <class...> using void_t = void;
template <class T> struct remove_reference { typedef T type; };
template <class T> struct remove_reference<T &> { typedef T type; };
template <class T> struct remove_reference<T &&> { typedef T type; };
template <class T> using remove_reference_t = typename remove_reference<T>::type;
template <class T> struct remove_const { typedef T type; };
template <class T> struct remove_const<const T> { typedef T type; };
template <class T> using remove_const_t = typename remove_const<T>::type;
template <class T> struct remove_volatile { typedef T type; };
template <class T> struct remove_volatile<volatile T> { typedef T type; };
template <class T> using remove_volatile_t = typename remove_volatile<T>::type;
template <class T> struct remove_cv { typedef remove_volatile_t<remove_const_t<T>> type; };
template <class T> using remove_cv_t = typename remove_cv<T>::type;
template <class T> struct remove_cvref { typedef remove_cv_t<remove_reference_t<T>> type; };
template <class T> using remove_cvref_t = typename remove_cvref<T>::type;
template <class T> struct remove_pointer { typedef T type; };
template <class T> struct remove_pointer<T *> { typedef T type; };
template <class T> struct remove_pointer<T *const> { typedef T type; };
template <class T> using remove_pointer_t = typename remove_pointer<T>::type;
template <class T> struct add_pointer { typedef remove_reference_t<T> *type; };
template <class T> using add_pointer_t = typename add_pointer<T>::type;
template <class T> struct add_const { typedef const T type; };
template <class T> using add_const_t = typename add_const<T>::type;
template <class T> struct add_lvalue_reference { typedef T &type; };
template <> struct add_lvalue_reference<void> { typedef void type; };
template <class T> using add_lvalue_reference_t = typename add_lvalue_reference<T>::type;
template <class T> struct remove_extent { typedef T type; };
template <class T> struct remove_extent<T[]> { typedef T type; };
template <class T, size_t n> struct remove_extent<T[n]> { typedef T type; };
template <class T> using remove_extent_t = typename remove_extent<T>::type;
template <class T> struct is_lvalue_reference : false_type {};
template <class T> struct is_lvalue_reference<T &> : true_type {};
template <class T> struct is_rvalue_reference : false_type {};
template <class T> struct is_rvalue_reference<T &&> : true_type {};
template <class T> struct is_pointer : false_type {};
template <class T> struct is_pointer<T *> : true_type {};
template <class T> struct is_pointer<T *const> : true_type {};
template <class T> struct is_array : false_type {};
template <class T> struct is_array<T[]> : true_type {};
template <class T, size_t n> struct is_array<T[n]> : true_type {};
template <class T> struct is_const : false_type {};
template <class T> struct is_const<const T> : true_type {};
template <class A, class B> struct is_same : false_type {};
template <class A> struct is_same<A, A> : true_type {};
template <class T> struct is_void : is_same<void, remove_cv_t<T>> {};
template <class T> struct is_enum : bool_constant<__is_enum(T)> {};
template <class T> struct is_class : bool_constant<__is_class(T)> {};
template <class T> struct is_union : bool_constant<__is_union(T)> {};
template <class T> struct is_integral : bool_constant<__is_integral(T)> {};
template <class T> struct is_floating_point : bool_constant<__is_floating_point(T)> {};
template <class T> struct is_arithmetic : bool_constant<__is_arithmetic(T)> {};
template <class T> struct is_signed : bool_constant<__is_signed(T)> {};
template <class T> struct is_unsigned : bool_constant<__is_unsigned(T)> {};
template <class T> struct is_function : bool_constant<__is_function(T)> {};
template <class T> struct is_reference : bool_constant<__is_reference(T)> {};
template <class T> struct is_pod : bool_constant<__is_pod(T)> {};
template <class T> struct is_trivial : bool_constant<__is_trivial(T)> {};
template <class T> struct is_trivially_copyable : bool_constant<__is_trivially_copyable(T)> {};
template <class T> struct is_standard_layout : bool_constant<__is_standard_layout(T)> {};
template <class T> struct is_empty : bool_constant<__is_empty(T)> {};
template <class T> struct is_abstract : bool_constant<__is_abstract(T)> {};
template <class B, class D> struct is_base_of : bool_constant<__is_base_of(B, D)> {};
template <class A, class B> struct is_convertible : bool_constant<__is_convertible_to(A, B)> {};
template <class A, class B> inline constexpr bool is_same_v = is_same<A, B>::value;
template <class T> inline constexpr bool is_void_v = is_void<T>::value;
template <class T> inline constexpr bool is_enum_v = is_enum<T>::value;
template <class T> inline constexpr bool is_class_v = is_class<T>::value;
template <class T> inline constexpr bool is_pointer_v = is_pointer<T>::value;
template <class T> inline constexpr bool is_array_v = is_array<T>::value;
template <class T> inline constexpr bool is_const_v = is_const<T>::value;
template <class T> inline constexpr bool is_integral_v = is_integral<T>::value;
template <class T> inline constexpr bool is_signed_v = is_signed<T>::value;
template <class T> inline constexpr bool is_unsigned_v = is_unsigned<T>::value;
template <class T> inline constexpr bool is_arithmetic_v = is_arithmetic<T>::value;
template <class T> inline constexpr bool is_reference_v = is_reference<T>::value;
template <class T> inline constexpr bool is_trivial_v = is_trivial<T>::value;
template <class T> inline constexpr bool is_pod_v = is_pod<T>::value;
template <class T> inline constexpr bool is_standard_layout_v = is_standard_layout<T>::value;
template <class T> inline constexpr bool is_trivially_copyable_v = is_trivially_copyable<T>::value;
template <class B, class D> inline constexpr bool is_base_of_v = is_base_of<B, D>::value;
template <class A, class B> inline constexpr bool is_convertible_v = is_convertible<A, B>::value;
template <class T> struct underlying_type { typedef __underlying_type(T) type; };
template <class T> using underlying_type_t = typename underlying_type<T>::type;
template <class T> struct decay {
    typedef remove_reference_t<T> plain;
    typedef conditional_t<is_array<plain>::value, remove_extent_t<plain> *,
                          conditional_t<is_function<plain>::value, add_pointer_t<plain>,
                                        remove_cv_t<plain>>> type;
};
template <class T> using decay_t = typename decay<T>::type;
template <class T> T &&declval() noexcept;
template <class T> constexpr remove_reference_t<T> &&move(T &&value) noexcept {
    return static_cast<remove_reference_t<T> &&>(value);
}
template <class T> constexpr T &&forward(remove_reference_t<T> &value) noexcept {
    return static_cast<T &&>(value);
}
template <class T> constexpr T &&forward(remove_reference_t<T> &&value) noexcept {
    return static_cast<T &&>(value);
}
template <class T> constexpr void swap(T &a, T &b) noexcept {
    T kept = move(a);
    a = move(b);
    b = move(kept);
}
template <class T, class U = T> constexpr T exchange(T &object, U &&value) {
    T old = move(object);
    object = forward<U>(value);
    return old;
}
template <class T> constexpr T *addressof(T &object) noexcept { return __builtin_addressof(object); }
template <class T> constexpr const T &as_const(T &object) noexcept { return object; }
template <class A, class B> struct pair {
    typedef A first_type;
    typedef B second_type;
    A first;
    B second;
};
template <class A, class B> constexpr pair<decay_t<A>, decay_t<B>> make_pair(A &&a, B &&b) {
    return {forward<A>(a), forward<B>(b)};
}
template <class T> constexpr const T &(min)(const T &a, const T &b) { return b < a ? b : a; }
template <class T> constexpr const T &(max)(const T &a, const T &b) { return a < b ? b : a; }
template <class T, size_t n> constexpr size_t size(const T (&)[n]) noexcept { return n; }
template <class T, size_t n> constexpr T *begin(T (&array)[n]) noexcept { return array; }
template <class T, size_t n> constexpr T *end(T (&array)[n]) noexcept { return array + n; }
template <class C> constexpr auto begin(C &c) -> decltype(c.begin()) { return c.begin(); }
template <class C> constexpr auto end(C &c) -> decltype(c.end()) { return c.end(); }
template <class C> constexpr auto size(const C &c) -> decltype(c.size()) { return c.size(); }
template <class I, class T> constexpr I find(I first, I last, const T &value) {
    while (first != last && !(*first == value))
        ++first;
    return first;
}
template <class I, class P> constexpr I find_if(I first, I last, P matches) {
    while (first != last && !matches(*first))
        ++first;
    return first;
}
template <class I, class F> constexpr F for_each(I first, I last, F act) {
    for (; first != last; ++first)
        act(*first);
    return act;
}
template <class E> class initializer_list {
    const E *first_;
    size_t size_;
    constexpr initializer_list(const E *first, size_t size) noexcept : first_(first), size_(size) {}

  public:
    typedef E value_type;
    constexpr initializer_list() noexcept : first_(nullptr), size_(0) {}
    constexpr size_t size() const noexcept { return size_; }
    constexpr const E *begin() const noexcept { return first_; }
    constexpr const E *end() const noexcept { return first_ + size_; }
};
template <class T, size_t n> struct array {
    T elements[n];
    constexpr size_t size() const noexcept { return n; }
    constexpr T *data() noexcept { return elements; }
    constexpr const T *data() const noexcept { return elements; }
    constexpr T *begin() noexcept { return elements; }
    constexpr T *end() noexcept { return elements + n; }
    constexpr const T *begin() const noexcept { return elements; }
    constexpr const T *end() const noexcept { return elements + n; }
    constexpr T &operator[](size_t i) noexcept { return elements[i]; }
    constexpr const T &operator[](size_t i) const noexcept { return elements[i]; }
};
template <class T> struct numeric_limits {
    static constexpr bool is_signed = T(-1) < T(0);
    static constexpr int digits = int(sizeof(T) * 8) - is_signed;
    static constexpr T (max)() noexcept {
        return is_signed ? T((1ull << (sizeof(T) * 8 - 1)) - 1) : T(~0ull);
    }
    static constexpr T (min)() noexcept { return is_signed ? T(1ull << (sizeof(T) * 8 - 1)) : T(0); }
    static constexpr T lowest() noexcept { return (min)(); }
};
template <class T> struct default_delete {
    void operator()(T *p) const { delete p; }
};
template <class T> struct default_delete<T[]> {
    void operator()(T *p) const { delete[] p; }
};
template <class T, class D = default_delete<T>> class unique_ptr {
    remove_extent_t<T> *p_ = nullptr;
    D delete_ = D();

  public:
    typedef remove_extent_t<T> *pointer;
    unique_ptr() noexcept {}
    unique_ptr(nullptr_t) noexcept {}
    explicit unique_ptr(pointer p) noexcept : p_(p) {}
    unique_ptr(pointer p, const D &with) noexcept : p_(p), delete_(with) {}
    unique_ptr(unique_ptr &&other) noexcept : p_(other.release()) {}
    ~unique_ptr() { reset(); }
    unique_ptr(const unique_ptr &) = delete;
    unique_ptr &operator=(const unique_ptr &) = delete;
    unique_ptr &operator=(unique_ptr &&other) noexcept {
        reset(other.release());
        return *this;
    }
    pointer get() const noexcept { return p_; }
    pointer release() noexcept {
        pointer p = p_;
        p_ = nullptr;
        return p;
    }
    void reset(pointer p = nullptr) noexcept {
        pointer old = p_;
        p_ = p;
        if (old)
            delete_(old);
    }
    remove_extent_t<T> &operator*() const { return *p_; }
    pointer operator->() const noexcept { return p_; }
    remove_extent_t<T> &operator[](size_t i) const { return p_[i]; }
    explicit operator bool() const noexcept { return p_ != nullptr; }
};
} // namespace std
}
#endif
#endif
