#ifndef PRECOMP_H
#define PRECOMP_H
#include <NtDdk.h>
#endif
