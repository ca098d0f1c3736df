#ifndef M
#define M
#include <wdm.h>
#endif
