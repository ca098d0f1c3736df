#include <ntddk.h>
#include "nowhere.h"

NOWHERE_TYPE Value;
