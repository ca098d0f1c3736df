/* sys/types.h, sys/stat.h, sys/timeb.h and time.h as Microsoft's C library declares them. */
#ifndef IRQLINT_SYSTYPES_H
#define IRQLINT_SYSTYPES_H
#include <irqlint_crt.h>
typedef unsigned short _ino_t;
typedef unsigned short ino_t;
typedef unsigned int _dev_t;
typedef unsigned int dev_t;
typedef long _off_t;
typedef long off_t;
#endif
