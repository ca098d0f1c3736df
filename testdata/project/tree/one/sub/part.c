#include "one.h"
VOID Part(VOID) {}
