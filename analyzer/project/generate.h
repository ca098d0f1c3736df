/* generate: the texts of headers that a build's tools write, made out of what those tools read.
 *
 * Each function reads untrusted text in one pass, in time and space linear in its size, and appends
 * C to `out`: macros, structures, GUIDs. Names that are no C identifiers never get there. True when
 * the text is of that kind.
 */
#ifndef IRQLINT_PROJECT_GENERATE_H
#define IRQLINT_PROJECT_GENERATE_H

#include "analyzer/base/base.h"

/* Message files (.mc): `#define SYMBOL ((Type)0x…L)` for each message, and the lines that a
 * semicolon starts, as they are. */
bool generate_messages(Arena *arena, const char *text, Text *out);
/* Instrumentation manifests (.man, .xml): EventWrite<Symbol>(…) and the like, which do nothing,
 * the symbols of channels, keywords, tasks, events and maps; functions of counter sets, named with
 * `prefix`. */
bool generate_manifest(Arena *arena, const char *text, size_t size, const char *prefix, Text *out);
/* WMI classes (.mof): a structure for each, with `<Class>Guid`, `<Class>_GUID`, `_SIZE`, `_ID`. */
bool generate_classes(Arena *arena, const char *text, Text *out);

/* ---- small things ------------------------------------------------------------------------- */

/* A C identifier of at most 200 bytes. */
/* A template of a build, `.in`: what it would fill in between two `@` is 0, what it would decide to
 * define is not defined. True. */
bool generate_fill(Arena *arena, const char *text, Text *out);
/* True for the files that headers are made of: .mc .man .mof .xml .in. */
bool generate_is_source(const char *path);
bool generate_is_name(const char *text);
/* "{01234567-89ab-cdef-0123-456789abcdef}" (braces may be missing) as the initialiser of a GUID:
 * `0x…, 0x…, 0x…, { 0x…, … }`; NULL when it is none. */
const char *generate_guid(Arena *arena, const char *text);

#endif
