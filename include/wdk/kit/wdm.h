/* The kit's own wdm.h, then our spellings over its macros. */
#include_next <wdm.h>
#include "irqlint_laid_over.h"
