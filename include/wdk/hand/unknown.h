/* old name of punknown.h and stdunk.h */
#include <punknown.h>
#include <stdunk.h>
