/* decode: source and project files as UTF-8, whatever a Windows editor saved them as.
 *
 * Invariant: the result is NUL-terminated and has no NUL inside. Text that is neither UTF-8 nor
 * UTF-16 (an old code page) is passed on byte by byte: include lines and keywords are ASCII.
 */
#include "analyzer/project/view.h"

typedef enum Encoding { BYTES, UTF16_LE, UTF16_BE } Encoding;

/* By the byte order mark, else by where the zero bytes of a first ASCII character lie. */
static Encoding encoding_of(const unsigned char *data, size_t size, size_t *mark_size) {
    *mark_size = 0;
    if (size >= 3 && data[0] == 0xef && data[1] == 0xbb && data[2] == 0xbf)
        *mark_size = 3;
    if (size < 2)
        return BYTES;
    if ((data[0] == 0xff && data[1] == 0xfe) || (data[0] == 0xfe && data[1] == 0xff)) {
        *mark_size = 2;
        return data[0] == 0xff ? UTF16_LE : UTF16_BE;
    }
    if (data[0] != 0 && data[1] == 0)
        return UTF16_LE;
    return data[0] == 0 && data[1] != 0 ? UTF16_BE : BYTES;
}

static uint32_t unit_at(const unsigned char *at, Encoding encoding) {
    return encoding == UTF16_LE ? at[0] | (uint32_t)at[1] << 8 : at[1] | (uint32_t)at[0] << 8;
}

static size_t put_utf8(char *out, uint32_t code) {
    if (code < 0x80) {
        out[0] = code == 0 ? ' ' : (char)code;
        return 1;
    }
    size_t len = code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
    static const unsigned char leads[] = {0, 0, 0xc0, 0xe0, 0xf0};
    for (size_t i = len - 1; i > 0; i--, code >>= 6)
        out[i] = (char)(0x80 | (code & 0x3f));
    out[0] = (char)(leads[len] | code);
    return len;
}

static char *from_utf16(Arena *arena, const unsigned char *data, size_t size, Encoding encoding,
                        size_t *out_size) {
    char *out = arena_alloc(arena, size / 2 * 3 + 4);
    size_t len = 0;
    for (size_t i = 0; i + 1 < size; i += 2) {
        uint32_t code = unit_at(data + i, encoding);
        if (code >= 0xd800 && code < 0xdc00 && i + 3 < size) {
            uint32_t low = unit_at(data + i + 2, encoding);
            if (low >= 0xdc00 && low < 0xe000) {
                code = 0x10000 + ((code - 0xd800) << 10) + (low - 0xdc00);
                i += 2;
            }
        }
        if (code >= 0xd800 && code < 0xe000)
            code = 0xfffd; /* half a pair */
        len += put_utf8(out + len, code);
    }
    *out_size = len;
    return out;
}

int text_read(Arena *arena, const char *path, size_t max_size, char **text, size_t *size,
              Error *err) {
    char *data;
    if (file_read(arena, path, max_size, &data, size, err) != 0)
        return -1;
    size_t mark_size;
    Encoding encoding = encoding_of((unsigned char *)data, *size, &mark_size);
    *text = data + mark_size;
    *size -= mark_size;
    if (encoding != BYTES) {
        *text = from_utf16(arena, (unsigned char *)*text, *size, encoding, size);
        return 0;
    }
    for (char *nul = memchr(*text, 0, *size); nul != NULL;
         nul = memchr(nul, 0, *size - (size_t)(nul - *text)))
        *nul = ' ';
    return 0;
}
