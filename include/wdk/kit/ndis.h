/* The kit's own ndis.h, then our spellings over its macros. */
#include_next <ndis.h>
#include "irqlint_laid_over.h"
