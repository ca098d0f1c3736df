#include <ntddk.h>
int main(void) { return 0; }
