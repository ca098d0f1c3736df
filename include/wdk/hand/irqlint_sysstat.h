/* sys/stat.h: file modes. */
#ifndef IRQLINT_SYSSTAT_H
#define IRQLINT_SYSSTAT_H
#include <irqlint_systypes.h>
#include <time.h>
#define _S_IFMT 0xF000
#define _S_IFDIR 0x4000
#define _S_IFCHR 0x2000
#define _S_IFIFO 0x1000
#define _S_IFREG 0x8000
#define _S_IREAD 0x0100
#define _S_IWRITE 0x0080
#define _S_IEXEC 0x0040
#define S_IFMT _S_IFMT
#define S_IFDIR _S_IFDIR
#define S_IFCHR _S_IFCHR
#define S_IFREG _S_IFREG
#define S_IREAD _S_IREAD
#define S_IWRITE _S_IWRITE
#define S_IEXEC _S_IEXEC
struct stat {
    _dev_t st_dev;
    _ino_t st_ino;
    unsigned short st_mode;
    short st_nlink, st_uid, st_gid;
    _dev_t st_rdev;
    _off_t st_size;
    time_t st_atime, st_mtime, st_ctime;
};
#endif
