/* C++: annotated static methods stored in another entry of the table than their annotation says. */
#include <ntddk.h>

class Router {
public:
    _Dispatch_type_(IRP_MJ_CREATE) static DRIVER_DISPATCH Create_bad;
    _Dispatch_type_(IRP_MJ_CLOSE) static DRIVER_DISPATCH Close;
    _Dispatch_type_(IRP_MJ_READ) static DRIVER_DISPATCH Read_bad;
    _Dispatch_type_(IRP_MJ_PNP) static DRIVER_DISPATCH Pnp_bad;
    static VOID Route(DRIVER_OBJECT &driver);
};

NTSTATUS Router::Create_bad(PDEVICE_OBJECT, PIRP) { return STATUS_SUCCESS; }
NTSTATUS Router::Close(PDEVICE_OBJECT, PIRP) { return STATUS_SUCCESS; }
NTSTATUS Router::Read_bad(PDEVICE_OBJECT, PIRP) { return STATUS_SUCCESS; }
NTSTATUS Router::Pnp_bad(PDEVICE_OBJECT, PIRP) { return STATUS_SUCCESS; }

VOID Router::Route(DRIVER_OBJECT &driver)
{
    driver.MajorFunction[IRP_MJ_CLOSE] = &Router::Close;
    driver.MajorFunction[IRP_MJ_WRITE] = &Router::Read_bad; // expect: dispatch-type-mismatch "IRP_MJ_READ"
    driver.MajorFunction[IRP_MJ_POWER] = Pnp_bad;           // expect: dispatch-type-mismatch "IRP_MJ_PNP"
}

static constexpr ULONG CleanupIndex = IRP_MJ_CLEANUP;

extern "C" NTSTATUS DriverEntry(PDRIVER_OBJECT driver, PUNICODE_STRING)
{
    Router::Route(*driver);
    driver->MajorFunction[CleanupIndex] = Router::Create_bad; // expect: dispatch-type-mismatch "IRP_MJ_CREATE"
    return STATUS_SUCCESS;
}
