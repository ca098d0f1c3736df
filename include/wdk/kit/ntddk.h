/* The kit's own ntddk.h, then our spellings over its macros. */
#include_next <ntddk.h>
#include "irqlint_laid_over.h"
