/* In place of the kit's specstrings.h: annotations as the analyser reads them. */
#include "irqlint_laid_over.h"
