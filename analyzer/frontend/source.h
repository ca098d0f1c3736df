/* source: the bytes that clang shall see instead of those on disk. */
#ifndef IRQLINT_FRONTEND_SOURCE_H
#define IRQLINT_FRONTEND_SOURCE_H

#include "analyzer/base/base.h"

enum { SOURCE_MAX_SIZE = 256 * 1024 * 1024 };

/* Is this UTF-16, by its byte-order mark or, without one, by every second byte being 0? */
bool source_is_utf16(const char *data, size_t size);
/* UTF-16 (either byte order, with or without a mark) as UTF-8. Lone surrogates become U+FFFD. */
void source_to_utf8(Arena *arena, const char *data, size_t size, Text *out);
/* A name for a header in memory that belongs to a source, without what an option cannot carry. */
const char *header_name(Arena *arena, const char *source, const char *suffix);

#endif
