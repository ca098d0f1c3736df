/* source: the text of the lines that findings point at.
 *
 * Each file is read once, when it is first asked for. UTF-16 with a byte-order mark becomes UTF-8,
 * as it does for the parser, so bytes and columns agree. A file that cannot be read (gone, changed
 * into a directory, too large) has empty lines: the finding stays, its snippet is missing.
 */
#include "analyzer/store/internal.h"

enum {
    MAX_FILE_SIZE = 64 << 20, /* larger ones are not shown */
    MAX_LINE_SIZE = 4096      /* bytes shown of a line */
};

typedef struct SourceFile {
    const char *text;  /* UTF-8 as far as the file was; NULL unreadable */
    size_t size;       /* bytes */
    U32Array starts;   /* offset of each line, then the size */
    LineHashes hashes; /* by line - 1, made on demand */
    bool hashed;       /* hashes are made */
} SourceFile;

struct Sources {
    Arena *arena;            /* owns the texts */
    StrTab *paths;           /* ids of files */
    Array(SourceFile) files; /* by id */
};

/* ---- encodings ---------------------------------------------------------------------------- */

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

/* Length of the valid UTF-8 character at `at`, 0 when there is none. */
static size_t char_len(const unsigned char *at, const unsigned char *end) {
    if (at[0] < 0x80)
        return 1;
    size_t len = at[0] >= 0xf0 ? 4 : at[0] >= 0xe0 ? 3 : 2;
    if (at[0] < 0xc2 || at[0] > 0xf4 || (size_t)(end - at) < len)
        return 0;
    for (size_t i = 1; i < len; i++) {
        if ((at[i] & 0xc0) != 0x80)
            return 0;
    }
    bool overlong = (at[0] == 0xe0 && at[1] < 0xa0) || (at[0] == 0xf0 && at[1] < 0x90);
    bool surrogate = at[0] == 0xed && at[1] > 0x9f;
    bool too_large = at[0] == 0xf4 && at[1] > 0x8f;
    return overlong || surrogate || too_large ? 0 : len;
}

char *utf8_clean_len(Arena *arena, const char *text, size_t size) {
    const unsigned char *at = (const unsigned char *)text, *end = at + size;
    Text out = {0};
    array_reserve(&out, arena, size + 1);
    while (at < end) {
        size_t len = char_len(at, end);
        if (len == 0)
            append_code_point(&out, arena, 0xfffd);
        else
            text_append_len(&out, arena, (const char *)at, len);
        at += len == 0 ? 1 : len;
    }
    text_cstr(&out, arena);
    return out.items;
}

const char *utf8_clean(Arena *arena, const char *text) {
    size_t size = strlen(text);
    const unsigned char *at = (const unsigned char *)text, *end = at + size;
    while (at < end) {
        size_t len = char_len(at, end);
        if (len == 0)
            return utf8_clean_len(arena, text, size);
        at += len;
    }
    return text;
}

static uint32_t code_points(const char *text) {
    uint32_t count = 0;
    for (; *text != '\0'; text++)
        count += ((unsigned char)*text & 0xc0) != 0x80;
    return count;
}

static uint32_t utf16_unit(const unsigned char *at, bool big_endian) {
    return big_endian ? (uint32_t)at[0] << 8 | at[1] : (uint32_t)at[1] << 8 | at[0];
}

static const char *utf16_to_utf8(Arena *arena, const unsigned char *data, size_t *size,
                                 bool big_endian) {
    Text out = {0};
    array_reserve(&out, arena, *size / 2 + 1);
    for (size_t i = 2; i + 1 < *size; i += 2) {
        uint32_t unit = utf16_unit(data + i, big_endian);
        if (unit >= 0xd800 && unit < 0xdc00 && i + 3 < *size) {
            uint32_t low = utf16_unit(data + i + 2, big_endian);
            if (low >= 0xdc00 && low < 0xe000) {
                unit = 0x10000 + ((unit - 0xd800) << 10) + (low - 0xdc00);
                i += 2;
            }
        }
        append_code_point(&out, arena, unit >= 0xd800 && unit < 0xe000 ? 0xfffd : unit);
    }
    *size = out.len;
    return text_cstr(&out, arena);
}

/* ---- files -------------------------------------------------------------------------------- */

static void find_lines(Arena *arena, SourceFile *file) {
    array_push(&file->starts, arena, 0);
    for (size_t i = 0; i < file->size; i++) {
        bool ends = file->text[i] == '\n' ||
                    (file->text[i] == '\r' && (i + 1 == file->size || file->text[i + 1] != '\n'));
        if (ends)
            array_push(&file->starts, arena, (uint32_t)(i + 1));
    }
    array_push(&file->starts, arena, (uint32_t)file->size);
}

static SourceFile load(Arena *arena, const char *path) {
    SourceFile file = {0};
    Error ignored;
    char *data;
    if (file_read(arena, path, MAX_FILE_SIZE, &data, &file.size, &ignored) != 0)
        return file;
    const unsigned char *bytes = (const unsigned char *)data;
    file.text = data;
    if (file.size >= 2 && bytes[0] == 0xff && bytes[1] == 0xfe)
        file.text = utf16_to_utf8(arena, bytes, &file.size, false);
    else if (file.size >= 2 && bytes[0] == 0xfe && bytes[1] == 0xff)
        file.text = utf16_to_utf8(arena, bytes, &file.size, true);
    find_lines(arena, &file);
    return file;
}

static SourceFile *find_file(Sources *self, const char *path) {
    uint32_t known = strtab_count(self->paths);
    StrId id = strtab_add(self->paths, path);
    if (id == known)
        array_push(&self->files, self->arena, load(self->arena, path));
    return &self->files.items[id];
}

Sources *sources_new(Arena *arena) {
    Sources *self = arena_new_of(arena, Sources);
    self->arena = arena;
    self->paths = strtab_new(arena);
    array_push(&self->files, arena, (SourceFile){0}); /* id 0 is "" */
    return self;
}

SourceSpot sources_spot(Sources *self, const char *path, uint32_t line, uint32_t column) {
    SourceSpot spot = {"", 0};
    const SourceFile *file = find_file(self, path);
    if (file->text == NULL || line == 0 || line >= file->starts.len)
        return spot;
    const char *start = file->text + file->starts.items[line - 1];
    size_t len = file->starts.items[line] - file->starts.items[line - 1];
    while (len > 0 && (start[len - 1] == '\n' || start[len - 1] == '\r'))
        len--;
    if (column != 0 && column <= len + 1)
        spot.char_column = code_points(utf8_clean_len(self->arena, start, column - 1)) + 1;
    if (len > MAX_LINE_SIZE) {
        for (len = MAX_LINE_SIZE; len > 0 && ((unsigned char)start[len] & 0xc0) == 0x80;)
            len--;
    }
    spot.text = utf8_clean_len(self->arena, start, len);
    return spot;
}

uint32_t sources_line_count(Sources *self, const char *path) {
    const SourceFile *file = find_file(self, path);
    if (file->text == NULL)
        return 0;
    uint32_t count =
        file->starts.len - 1; /* what follows the last line end is one only if it is not empty */
    return count > 0 && file->starts.items[count] == file->starts.items[count - 1] ? count - 1
                                                                                   : count;
}

const char *sources_line_hash(Sources *self, const char *path, uint32_t line) {
    SourceFile *file = find_file(self, path);
    if (file->text == NULL || line == 0)
        return NULL;
    if (!file->hashed) {
        char *clean = utf8_clean_len(self->arena, file->text, file->size);
        line_hashes(self->arena, clean, strlen(clean), &file->hashes);
        file->hashed = true;
    }
    return line <= file->hashes.len ? file->hashes.items[line - 1] : NULL;
}
