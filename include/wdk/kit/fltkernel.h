/* The kit's own fltkernel.h, then our spellings over its macros. */
#include_next <fltkernel.h>
#include "irqlint_laid_over.h"
