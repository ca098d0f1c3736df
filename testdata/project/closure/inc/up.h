#include "precomp.h"
#define RTL_USE_AVL_TABLES
