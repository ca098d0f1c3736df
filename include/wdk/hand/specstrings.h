/* annotations live in irqlint_sal.h */
#include <irqlint_sal.h>
#include <irqlint_marks.h>
