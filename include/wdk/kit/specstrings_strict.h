/* In place of the kit's specstrings_strict.h: annotations as the analyser reads them. */
#include "irqlint_laid_over.h"
