/* audio kit header: nothing of it is needed to parse a driver */
#include <ks.h>
