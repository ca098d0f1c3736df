/* #include "commented.h" */
#include "PRECOMP.H" // #include "also-commented.h"
#include "..\Inc\X.h"
#include MACRO_HEADER
#include <lib\Deep.h>
#include \
    "continued.h"
const char *text = "/*";
#include "after.h" /* " */
#pragma alloc_text(PAGE, Main)
#ifdef CONDITIONAL
#include <wdm.h>
#endif
#include "nowhere.h"
