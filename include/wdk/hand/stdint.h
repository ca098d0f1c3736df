/* Exact-width types. The kit's own headers do not bring them in, so a driver may define them itself. */
#ifndef IRQLINT_STDINT_H
#define IRQLINT_STDINT_H
#include <irqlint_crt.h>
typedef signed char int8_t;
typedef short int16_t;
typedef int int32_t;
typedef long long int64_t;
typedef unsigned char uint8_t;
typedef unsigned short uint16_t;
typedef unsigned int uint32_t;
typedef unsigned long long uint64_t;
#endif
