#include "tables.c"
#include <ntddk.h>
