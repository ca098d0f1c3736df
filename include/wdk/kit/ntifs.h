/* The kit's own ntifs.h, then our spellings over its macros. */
#include_next <ntifs.h>
#include "irqlint_laid_over.h"
