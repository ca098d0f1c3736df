/* source: UTF-16 files as UTF-8, because clang reads nothing else.
 *
 * Invariant: lines stay lines, so that places stay right. Errs: a file without a byte-order mark is
 * taken for UTF-16 only when its first bytes alternate with zeros.
 */
#include "analyzer/frontend/source.h"

typedef enum Encoding { ENCODING_BYTES, ENCODING_LE, ENCODING_BE } Encoding;

static Encoding guess_without_mark(const unsigned char *bytes, size_t size) {
    size_t pairs = size / 2 < 64 ? size / 2 : 64, low = 0, high = 0;
    for (size_t i = 0; i < pairs; i++) {
        low += bytes[2 * i] != 0 && bytes[2 * i + 1] == 0;
        high += bytes[2 * i] == 0 && bytes[2 * i + 1] != 0;
    }
    if (pairs < 4)
        return ENCODING_BYTES;
    if (low * 4 >= pairs * 3)
        return ENCODING_LE;
    return high * 4 >= pairs * 3 ? ENCODING_BE : ENCODING_BYTES;
}

static Encoding encoding_of(const char *data, size_t size) {
    const unsigned char *bytes = (const unsigned char *)data;
    if (size >= 2 && bytes[0] == 0xff && bytes[1] == 0xfe)
        return ENCODING_LE;
    if (size >= 2 && bytes[0] == 0xfe && bytes[1] == 0xff)
        return ENCODING_BE;
    return guess_without_mark(bytes, size);
}

bool source_is_utf16(const char *data, size_t size) {
    return encoding_of(data, size) != ENCODING_BYTES;
}

static void append_code_point(Text *out, Arena *arena, uint32_t code) {
    char bytes[4];
    size_t len = 0;
    if (code < 0x80) {
        bytes[len++] = (char)code;
    } else if (code < 0x800) {
        bytes[len++] = (char)(0xc0 | code >> 6);
        bytes[len++] = (char)(0x80 | (code & 0x3f));
    } else if (code < 0x10000) {
        bytes[len++] = (char)(0xe0 | code >> 12);
        bytes[len++] = (char)(0x80 | (code >> 6 & 0x3f));
        bytes[len++] = (char)(0x80 | (code & 0x3f));
    } else {
        bytes[len++] = (char)(0xf0 | code >> 18);
        bytes[len++] = (char)(0x80 | (code >> 12 & 0x3f));
        bytes[len++] = (char)(0x80 | (code >> 6 & 0x3f));
        bytes[len++] = (char)(0x80 | (code & 0x3f));
    }
    text_append_len(out, arena, bytes, len);
}

static uint32_t unit_at(const unsigned char *bytes, Encoding encoding) {
    return encoding == ENCODING_LE ? (uint32_t)(bytes[0] | bytes[1] << 8)
                                   : (uint32_t)(bytes[1] | bytes[0] << 8);
}

void source_to_utf8(Arena *arena, const char *data, size_t size, Text *out) {
    const unsigned char *bytes = (const unsigned char *)data;
    Encoding encoding = encoding_of(data, size);
    for (size_t i = 0; i + 1 < size; i += 2) {
        uint32_t code = unit_at(bytes + i, encoding);
        if (code == 0xfeff && i == 0)
            continue;
        if (code >= 0xd800 && code < 0xdc00 && i + 3 < size) {
            uint32_t low = unit_at(bytes + i + 2, encoding);
            if (low >= 0xdc00 && low < 0xe000) {
                append_code_point(out, arena, 0x10000 + ((code - 0xd800) << 10) + (low - 0xdc00));
                i += 2;
                continue;
            }
        }
        append_code_point(out, arena, code >= 0xd800 && code < 0xe000 ? 0xfffd : code);
    }
}

const char *header_name(Arena *arena, const char *source, const char *suffix) {
    char *name = arena_printf(arena, "%s%s", source, suffix);
    for (char *at = name; *at != '\0'; at++) {
        if (*at == '"' || *at == '\\' || (unsigned char)*at < ' ')
            *at = '_';
    }
    return name;
}
