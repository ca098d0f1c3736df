/* What clang cannot parse is said, the rest is there. */
#include "not-there.h"
#include "trace.tmh"

void Use(int n);

void Unknown_name(int n) {
    Use(1);
    missing->Field = n;
    Use(2);
}

void Unknown_type(NOT_A_TYPE x) {
    Use(3);
}

int Partly_wrong(int n) {
    Use(n + missing_too);
    return n;
}

void Fine(void) {
    Use(4);
}

void Unfinished(int n) {
    if (n) {
        Use(5);
