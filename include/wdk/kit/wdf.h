/* The kit's own wdf.h, then our spellings over its macros. */
#include_next <wdf.h>
#include "irqlint_laid_over.h"
