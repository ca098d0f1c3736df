/* C++: annotated static methods in the entries that they are for. */
#include <ntddk.h>

namespace disk {

class Dispatch {
public:
    _Dispatch_type_(IRP_MJ_CREATE) _Dispatch_type_(IRP_MJ_CLOSE) static DRIVER_DISPATCH Open_ok;
    _Dispatch_type_(IRP_MJ_READ) static DRIVER_DISPATCH Read_ok;
    static DRIVER_DISPATCH Pass_ok;
};

NTSTATUS Dispatch::Open_ok(PDEVICE_OBJECT, PIRP) { return STATUS_SUCCESS; }
NTSTATUS Dispatch::Read_ok(PDEVICE_OBJECT, PIRP) { return STATUS_SUCCESS; }
NTSTATUS Dispatch::Pass_ok(PDEVICE_OBJECT, PIRP) { return STATUS_NOT_SUPPORTED; }

template <typename D> VOID Fill(PDRIVER_OBJECT driver)
{
    driver->MajorFunction[IRP_MJ_CREATE] = D::Open_ok;
    driver->MajorFunction[IRP_MJ_CLOSE] = D::Open_ok;
    driver->MajorFunction[IRP_MJ_READ] = D::Read_ok;
}

} // namespace disk

extern "C" NTSTATUS DriverEntry(PDRIVER_OBJECT driver, PUNICODE_STRING)
{
    for (auto &entry : driver->MajorFunction)
        entry = disk::Dispatch::Pass_ok;
    disk::Fill<disk::Dispatch>(driver);
    return STATUS_SUCCESS;
}
