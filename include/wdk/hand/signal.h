/* Signal numbers of the C library. */
#ifndef IRQLINT_SIGNAL_H
#define IRQLINT_SIGNAL_H
typedef int sig_atomic_t;
#define SIGINT 2
#define SIGILL 4
#define SIGFPE 8
#define SIGSEGV 11
#define SIGTERM 15
#define SIGBREAK 21
#define SIGABRT 22
#endif
