/* In place of the kit's specstrings_undef.h: annotations as the analyser reads them. */
#include "irqlint_laid_over.h"
