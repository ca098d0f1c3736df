#include <wdm.h>
#include "drvlog.h"
#include "drvlog2.h"

NTSTATUS DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    return DRV_LOG_ONE;
}
