#include <ntddk.h>
#include "self-include.c"

VOID
Again(VOID)
{
}
