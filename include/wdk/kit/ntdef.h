/* The kit's own ntdef.h, then our spellings over its macros. */
#include_next <ntdef.h>
#include "irqlint_laid_over.h"
