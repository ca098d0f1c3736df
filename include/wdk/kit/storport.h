/* The kit's own storport.h, then our spellings over its macros. */
#include_next <storport.h>
#include "irqlint_laid_over.h"
