/* nothing of it matters here */
#include <irqlint_marks.h>
