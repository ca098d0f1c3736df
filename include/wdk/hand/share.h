/* C library header: one set of declarations serves them all. */
#include <irqlint_crt.h>
