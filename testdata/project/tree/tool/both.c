#ifdef KERNEL
#include <ntddk.h>
#else
#include <windows.h>
#endif
