/* C library header: one set of declarations serves them all; these two are only here. */
#include <irqlint_crt.h>
#ifndef __min
#define __min(a, b) (((a) < (b)) ? (a) : (b))
#define __max(a, b) (((a) > (b)) ? (a) : (b))
#endif
