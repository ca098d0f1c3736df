/* A tiny kit of our own: enough for one driver. */
#pragma once
#include <kernelspecs.h>
typedef long NTSTATUS;
typedef void *PVOID;
typedef unsigned char KIRQL, UCHAR;
typedef unsigned __int64 ULONG_PTR;
typedef struct _UNICODE_STRING { unsigned short Length; } UNICODE_STRING, *PUNICODE_STRING;
#define STATUS_SUCCESS 0L
