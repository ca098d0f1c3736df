/* device types and control codes are in wdm.h */
#include <wdm.h>
