/* json: parses JSON that people write, so that what is wrong with it can be told by line; prints
 * what irqlint makes. */
#ifndef IRQLINT_JSON_H
#define IRQLINT_JSON_H

#include "analyzer/base/base.h"

#include <cjson/cJSON.h>

typedef struct JsonFault {
    uint32_t line;    /* 1-based */
    const char *text; /* one line, without the place */
} JsonFault;

/* Parses a NUL-terminated text of `size` bytes; NULL with the fault. cJSON_Delete ends it. Numbers
 * are in `valuedouble` only: `valueint` is the line. */
cJSON *json_parse(Arena *arena, const char *text, size_t size, JsonFault *fault);
/* The same of a file; the reason names path and line. */
cJSON *json_read(Arena *arena, const char *path, size_t max_size, Error *err);
/* The line on which a value begins. */
uint32_t json_line(const cJSON *node);
/* -1 with the fault when the object has a member that is none of `keys` (NULL ends them). */
int json_check_members(Arena *arena, const cJSON *object, const char *const *keys,
                       JsonFault *fault);

/* A new object at the end of the array. */
cJSON *json_add_object(cJSON *array);
/* Prints the value, laid out for people, and a line's end; deletes it. 0, or -1 out of memory. */
int json_put(cJSON *root, FILE *out);

#endif
