/* In place of the kit's no_sal2.h: annotations as the analyser reads them. */
#include "irqlint_laid_over.h"
