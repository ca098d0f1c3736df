/* Software tracing of the storage stack: prints vanish. */
#ifndef IRQLINT_STORSWTR_H
#define IRQLINT_STORSWTR_H
#include <wdm.h>
#define TracePrint(list)
#define WPP_CONTROL_GUIDS_NORMAL_FLAGS(guid)
#define TRY
#define LEAVE goto __tryLabel
#define FINALLY __tryLabel:
#endif
