/* The C library's streams: a name only, there are none in the kernel. */
#pragma once
#include <irqlint_crt.h>
typedef struct _iobuf FILE;
