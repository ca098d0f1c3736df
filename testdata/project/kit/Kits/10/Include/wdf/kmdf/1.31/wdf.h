#define TINY_WDF 31
