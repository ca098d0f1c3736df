#define _DbgPrintF(level, list)
#define DEBUGLVL_VERBOSE 3
#define DEBUGLVL_TERSE 1
#define DEBUGLVL_BLAB 4
#define DEBUGLVL_ERROR 0
