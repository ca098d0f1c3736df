/* Calendar time: the types; nothing in the kernel implements the functions. */
#ifndef IRQLINT_TIME_H
#define IRQLINT_TIME_H
#include <irqlint_systypes.h>
#ifdef __cplusplus
extern "C" {
#endif
typedef long clock_t;
typedef long __time32_t;
typedef long long __time64_t;
typedef __time64_t time_t;
struct tm {
    int tm_sec, tm_min, tm_hour, tm_mday, tm_mon, tm_year, tm_wday, tm_yday, tm_isdst;
};
#define CLOCKS_PER_SEC ((clock_t)1000)
time_t time(time_t *now);
time_t mktime(struct tm *parts);
double difftime(time_t later, time_t earlier);
struct tm *gmtime(const time_t *when);
struct tm *localtime(const time_t *when);
clock_t clock(void);
#ifdef __cplusplus
}
#endif
#endif
