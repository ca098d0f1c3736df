/* The part of the C library that kernel code may call. */
#ifndef IRQLINT_CRT_H
#define IRQLINT_CRT_H
#define _CRT_UNUSED(x) ((void)(x))
#include <irqlint_marks.h>
#ifdef __cplusplus
extern "C" {
#endif
typedef int errno_t;
typedef size_t rsize_t;
void *memcpy(void *to, const void *from, size_t n);
void *memmove(void *to, const void *from, size_t n);
void *memset(void *p, int value, size_t n);
void *memchr(const void *p, int value, size_t n);
int memcmp(const void *a, const void *b, size_t n);
errno_t memcpy_s(void *to, size_t to_size, const void *from, size_t n);
errno_t memmove_s(void *to, size_t to_size, const void *from, size_t n);
size_t strlen(const char *s);
size_t strnlen(const char *s, size_t n);
int strcmp(const char *a, const char *b);
int strncmp(const char *a, const char *b, size_t n);
char *strcpy(char *to, const char *from);
char *strncpy(char *to, const char *from, size_t n);
char *strcat(char *to, const char *from);
char *strncat(char *to, const char *from, size_t n);
char *strchr(const char *s, int c);
char *strrchr(const char *s, int c);
char *strstr(const char *s, const char *part);
int _stricmp(const char *a, const char *b);
int _strnicmp(const char *a, const char *b, size_t n);
double sin(double x);
double cos(double x);
double tan(double x);
double atan(double x);
double sqrt(double x);
double fabs(double x);
double floor(double x);
double ceil(double x);
double exp(double x);
double log(double x);
double log10(double x);
double pow(double x, double y);
double fmod(double x, double y);
char *_strlwr(char *s);
char *_strupr(char *s);
char *strtok_s(char *s, const char *delimiters, char **context);
errno_t strcpy_s(char *to, size_t n, const char *from);
errno_t strncpy_s(char *to, size_t n, const char *from, size_t count);
errno_t strcat_s(char *to, size_t n, const char *from);
int sprintf(char *to, const char *format, ...);
int sprintf_s(char *to, size_t n, const char *format, ...);
int _snprintf(char *to, size_t n, const char *format, ...);
int _snprintf_s(char *to, size_t size, size_t n, const char *format, ...);
int _vsnprintf(char *to, size_t n, const char *format, va_list args);
int vsprintf(char *to, const char *format, va_list args);
int vsprintf_s(char *to, size_t n, const char *format, va_list args);
int _vsnprintf_s(char *to, size_t size, size_t n, const char *format, va_list args);
int sscanf_s(const char *s, const char *format, ...);
int swscanf_s(const wchar_t *s, const wchar_t *format, ...);
size_t wcslen(const wchar_t *s);
size_t wcsnlen(const wchar_t *s, size_t n);
int wcscmp(const wchar_t *a, const wchar_t *b);
int wcsncmp(const wchar_t *a, const wchar_t *b, size_t n);
int _wcsicmp(const wchar_t *a, const wchar_t *b);
int _wcsnicmp(const wchar_t *a, const wchar_t *b, size_t n);
wchar_t *wcscpy(wchar_t *to, const wchar_t *from);
wchar_t *wcsncpy(wchar_t *to, const wchar_t *from, size_t n);
wchar_t *wcscat(wchar_t *to, const wchar_t *from);
wchar_t *wcsncat(wchar_t *to, const wchar_t *from, size_t n);
wchar_t *wcschr(const wchar_t *s, wchar_t c);
wchar_t *wcsrchr(const wchar_t *s, wchar_t c);
wchar_t *wcsstr(const wchar_t *s, const wchar_t *part);
wchar_t *_wcsupr(wchar_t *s);
wchar_t *_wcslwr(wchar_t *s);
errno_t wcscpy_s(wchar_t *to, size_t n, const wchar_t *from);
errno_t wcsncpy_s(wchar_t *to, size_t n, const wchar_t *from, size_t count);
errno_t wcscat_s(wchar_t *to, size_t n, const wchar_t *from);
int swprintf_s(wchar_t *to, size_t n, const wchar_t *format, ...);
int swprintf(wchar_t *to, const wchar_t *format, ...);
int _snwprintf(wchar_t *to, size_t n, const wchar_t *format, ...);
int _snwprintf_s(wchar_t *to, size_t size, size_t n, const wchar_t *format, ...);
int _vsnwprintf(wchar_t *to, size_t n, const wchar_t *format, va_list args);
int toupper(int c);
int tolower(int c);
int towupper(int c);
int towlower(int c);
int isdigit(int c);
int isxdigit(int c);
int isalpha(int c);
int isspace(int c);
int isprint(int c);
int isupper(int c);
int islower(int c);
int isalnum(int c);
int iswdigit(int c);
int iswspace(int c);
int iswxdigit(int c);
int atoi(const char *s);
long atol(const char *s);
long long _atoi64(const char *s);
int _wtoi(const wchar_t *s);
long _wtol(const wchar_t *s);
unsigned long strtoul(const char *s, char **end, int base);
long strtol(const char *s, char **end, int base);
unsigned long wcstoul(const wchar_t *s, wchar_t **end, int base);
long wcstol(const wchar_t *s, wchar_t **end, int base);
char *_itoa(int value, char *to, int base);
errno_t _itow_s(int value, wchar_t *to, size_t n, int base);
errno_t _ultow_s(unsigned long value, wchar_t *to, size_t n, int base);
int abs(int value);
long labs(long value);
int rand(void);
void srand(unsigned int seed);
void qsort(void *base, size_t n, size_t size, int (*compare)(const void *, const void *));
void *bsearch(const void *key, const void *base, size_t n, size_t size,
              int (*compare)(const void *, const void *));
unsigned int _rotl(unsigned int value, int shift);
unsigned int _rotr(unsigned int value, int shift);
unsigned short _byteswap_ushort(unsigned short value);
unsigned long _byteswap_ulong(unsigned long value);
unsigned long long _byteswap_uint64(unsigned long long value);
void *_alloca(size_t size);
void *_malloca(size_t size);
void _freea(void *p);
int printf(const char *format, ...);
size_t strnlen_s(const char *s, size_t n);
size_t wcsnlen_s(const wchar_t *s, size_t n);
errno_t strncat_s(char *to, size_t n, const char *from, size_t count);
errno_t wcsncat_s(wchar_t *to, size_t n, const wchar_t *from, size_t count);
errno_t wmemcpy_s(wchar_t *to, size_t n, const wchar_t *from, size_t count);
errno_t wmemmove_s(wchar_t *to, size_t n, const wchar_t *from, size_t count);
errno_t _strlwr_s(char *s, size_t n);
errno_t _strupr_s(char *s, size_t n);
errno_t _wcslwr_s(wchar_t *s, size_t n);
errno_t _wcsupr_s(wchar_t *s, size_t n);
errno_t _strset_s(char *s, size_t n, int value);
errno_t _strnset_s(char *s, size_t n, int value, size_t count);
errno_t _wcsset_s(wchar_t *s, size_t n, wchar_t value);
errno_t _itoa_s(int value, char *to, size_t n, int base);
errno_t _ltoa_s(long value, char *to, size_t n, int base);
errno_t _ltow_s(long value, wchar_t *to, size_t n, int base);
errno_t _ultoa_s(unsigned long value, char *to, size_t n, int base);
errno_t _i64toa_s(long long value, char *to, size_t n, int base);
errno_t _i64tow_s(long long value, wchar_t *to, size_t n, int base);
errno_t _ui64toa_s(unsigned long long value, char *to, size_t n, int base);
errno_t _ui64tow_s(unsigned long long value, wchar_t *to, size_t n, int base);
errno_t _makepath_s(char *path, size_t n, const char *drive, const char *dir, const char *name,
                    const char *extension);
errno_t _splitpath_s(const char *path, char *drive, size_t drive_n, char *dir, size_t dir_n,
                     char *name, size_t name_n, char *extension, size_t extension_n);
errno_t _wsplitpath_s(const wchar_t *path, wchar_t *drive, size_t drive_n, wchar_t *dir,
                      size_t dir_n, wchar_t *name, size_t name_n, wchar_t *extension,
                      size_t extension_n);
wchar_t *wcstok_s(wchar_t *s, const wchar_t *delimiters, wchar_t **context);
int vswprintf_s(wchar_t *to, size_t n, const wchar_t *format, va_list args);
int _vsnwprintf_s(wchar_t *to, size_t size, size_t n, const wchar_t *format, va_list args);
int _vsnprintf_l(char *to, size_t n, const char *format, void *locale, va_list args);
int snprintf(char *to, size_t n, const char *format, ...);
int vsnprintf(char *to, size_t n, const char *format, va_list args);
int vprintf(const char *format, va_list args);
int _vscprintf(const char *format, va_list args);
int _vscwprintf(const wchar_t *format, va_list args);
int _scprintf(const char *format, ...);
int _scwprintf(const wchar_t *format, ...);
int sscanf(const char *s, const char *format, ...);
int swscanf(const wchar_t *s, const wchar_t *format, ...);
void *_memccpy(void *to, const void *from, int value, size_t n);
int _memicmp(const void *a, const void *b, size_t n);
int wmemcmp(const wchar_t *a, const wchar_t *b, size_t n);
wchar_t *wmemcpy(wchar_t *to, const wchar_t *from, size_t n);
wchar_t *wmemmove(wchar_t *to, const wchar_t *from, size_t n);
wchar_t *wmemset(wchar_t *p, wchar_t value, size_t n);
size_t strspn(const char *s, const char *set);
size_t strcspn(const char *s, const char *set);
char *strpbrk(const char *s, const char *set);
char *strtok(char *s, const char *delimiters);
char *_strrev(char *s);
char *_strset(char *s, int value);
char *_strnset(char *s, int value, size_t n);
size_t wcsspn(const wchar_t *s, const wchar_t *set);
size_t wcscspn(const wchar_t *s, const wchar_t *set);
wchar_t *wcspbrk(const wchar_t *s, const wchar_t *set);
wchar_t *wcstok(wchar_t *s, const wchar_t *delimiters, wchar_t **context);
wchar_t *_wcsrev(wchar_t *s);
wchar_t *_wcsset(wchar_t *s, wchar_t value);
wchar_t *_itow(int value, wchar_t *to, int base);
wchar_t *_ultow(unsigned long value, wchar_t *to, int base);
wchar_t *_i64tow(long long value, wchar_t *to, int base);
wchar_t *_ui64tow(unsigned long long value, wchar_t *to, int base);
char *_ltoa(long value, char *to, int base);
char *_ultoa(unsigned long value, char *to, int base);
char *_i64toa(long long value, char *to, int base);
char *_ui64toa(unsigned long long value, char *to, int base);
long long _wtoi64(const wchar_t *s);
long long strtoll(const char *s, char **end, int base);
unsigned long long strtoull(const char *s, char **end, int base);
long long _strtoi64(const char *s, char **end, int base);
unsigned long long _strtoui64(const char *s, char **end, int base);
long long _wcstoi64(const wchar_t *s, wchar_t **end, int base);
unsigned long long _wcstoui64(const wchar_t *s, wchar_t **end, int base);
int iswalpha(wchar_t c);
int iswalnum(wchar_t c);
int iswupper(wchar_t c);
int iswlower(wchar_t c);
int iswprint(wchar_t c);
int iswctype(wchar_t c, unsigned short type);
int isgraph(int c);
int ispunct(int c);
int iscntrl(int c);
int __isascii(int c);
int __toascii(int c);
size_t mbstowcs(wchar_t *to, const char *from, size_t n);
size_t wcstombs(char *to, const wchar_t *from, size_t n);
unsigned short _rotl16(unsigned short value, unsigned char shift);
unsigned short _rotr16(unsigned short value, unsigned char shift);
unsigned long _lrotl(unsigned long value, int shift);
unsigned long _lrotr(unsigned long value, int shift);
long long _abs64(long long value);
long long llabs(long long value);
#define _TRUNCATE ((size_t)-1)
#ifdef __cplusplus
}
#endif
#ifdef __cplusplus
extern "C++" {
template <size_t N> errno_t strcpy_s(char (&to)[N], const char *from);
template <size_t N> errno_t strcat_s(char (&to)[N], const char *from);
template <size_t N> errno_t strncpy_s(char (&to)[N], const char *from, size_t count);
template <size_t N> errno_t wcscpy_s(wchar_t (&to)[N], const wchar_t *from);
template <size_t N> errno_t wcscat_s(wchar_t (&to)[N], const wchar_t *from);
template <size_t N> errno_t wcsncpy_s(wchar_t (&to)[N], const wchar_t *from, size_t count);
template <size_t N> int sprintf_s(char (&to)[N], const char *format, ...);
template <size_t N> int swprintf_s(wchar_t (&to)[N], const wchar_t *format, ...);
template <size_t N> int _vsnprintf_s(char (&to)[N], size_t n, const char *format, va_list args);
}
#endif
#define va_start(list, last) __builtin_va_start(list, last)
#define va_end(list) __builtin_va_end(list)
#define va_arg(list, type) __builtin_va_arg(list, type)
#define va_copy(to, from) __builtin_va_copy(to, from)
#define alloca(n) _alloca(n)
#define INT_MAX 2147483647
#define INT_MIN (-2147483647 - 1)
#define UINT_MAX 0xffffffffU
#define LONG_MAX 2147483647L
#define LONG_MIN (-2147483647L - 1)
#define ULONG_MAX 0xffffffffUL
#define SHRT_MAX 32767
#define SHRT_MIN (-32768)
#define USHRT_MAX 0xffff
#define CHAR_BIT 8
#define CHAR_MAX 127
#define UCHAR_MAX 0xff
#define LLONG_MAX 9223372036854775807LL
#define ULLONG_MAX 0xffffffffffffffffULL
#define _I64_MAX 9223372036854775807LL
#define _UI64_MAX 0xffffffffffffffffULL
#define _UI32_MAX 0xffffffffU
#define _UI16_MAX 0xffffU
#define _UI8_MAX 0xffU
#define _I32_MAX 2147483647
#define SIZE_MAX 0xffffffffffffffffULL
#define INT8_MAX 127
#define INT16_MAX 32767
#define INT32_MAX 2147483647
#define UINT8_MAX 0xff
#define UINT16_MAX 0xffff
#define UINT32_MAX 0xffffffffU
#define INT64_MAX 9223372036854775807LL
#define UINT64_MAX 0xffffffffffffffffULL
#define _TRUNCATE ((size_t)-1)
#endif
