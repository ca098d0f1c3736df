// A driver may define the exact-width types itself when it does not include stdint.h.
#include <ntddk.h>

typedef CHAR int8_t;
typedef LONG int32_t;
typedef ULONG uint32_t;

uint32_t OwnTypes(int8_t a, int32_t b) {
    return (uint32_t)(a + b);
}
