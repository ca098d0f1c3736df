/* The newest release is assumed where neither the project nor the driver says which one is meant. */
#ifndef IRQLINT_VERSION_H
#define IRQLINT_VERSION_H
#ifndef NTDDI_VERSION
#ifdef _WIN32_WINNT
#define NTDDI_VERSION (_WIN32_WINNT << 16)
#else
#define NTDDI_VERSION 0x0A000010
#endif
#endif
#ifndef _WIN32_WINNT
#define _WIN32_WINNT 0x0A00
#endif
#ifndef WINVER
#define WINVER _WIN32_WINNT
#endif
#define WDK_NTDDI_VERSION 0x0A000010
#endif
