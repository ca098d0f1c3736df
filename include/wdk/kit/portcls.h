/* The kit's own portcls.h, then our spellings over its macros. */
#include_next <portcls.h>
#include "irqlint_laid_over.h"
