/* Power limits: declared in wdm.h. */
#include <wdm.h>
