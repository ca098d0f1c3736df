#define TINY_WDF 15
