#include "pre.h"
