/* What Microsoft's compiler takes and clang does not, out of macros and not: the words in the way
 * are blanked out, and everything stands where it was. */
#define EXTERN_C extern "C"
#define _IRQL_requires_max_(level) __attribute__((annotate("sal:_IRQL_requires_max_(" #level ")")))

EXTERN_C void Touch(const unsigned char *bytes);

EXTERN_C
static
void Own(int n) {
    Touch((const unsigned char *)(__declspec(align(8)) unsigned char[]){1, 2, (unsigned char)n});
}

struct Tag {};

template <typename T> void Close(T item, Tag);

_IRQL_requires_max_(2)
template <>
inline void Close(int item, Tag) {
    Own(item);
}

void Run() {
    Close(1, Tag());
}
