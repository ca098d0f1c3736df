#define FORGOTTEN 1
