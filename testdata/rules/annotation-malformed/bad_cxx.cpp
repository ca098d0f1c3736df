/* C++: annotations of methods, constructors and templates with values that they cannot have. */
#include <ntddk.h>

class Window {
public:
    _IRQL_requires_max_(99) // expect: annotation-malformed "99"
    VOID Open();
    _IRQL_requires_min_() // expect: annotation-malformed "operand"
    virtual VOID Close();
    _IRQL_raises_(-2) // expect: annotation-malformed "-2"
    explicit Window(ULONG width);

private:
    ULONG m_Width;
};

VOID Window::Open() { m_Width = 1; }
VOID Window::Close() { m_Width = 0; }
Window::Window(ULONG width) : m_Width(width) {}

_IRQL_requires_("PASSIVE_LEVEL") // expect: annotation-malformed "cannot have"
static VOID Show(Window &window)
{
    window.Open();
    window.Close();
}

static VOID Unload(PDRIVER_OBJECT)
{
    Window window(4);

    Show(window);
}

extern "C" NTSTATUS DriverEntry(PDRIVER_OBJECT driver, PUNICODE_STRING)
{
    driver->DriverUnload = Unload;
    return STATUS_SUCCESS;
}
