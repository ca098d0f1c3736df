#include "beside_includer.h"
