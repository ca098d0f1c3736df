#include <ntddk.h>
VOID Part(VOID) {}
