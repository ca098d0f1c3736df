/* nearest: the name that was probably meant.
 *
 * Distance = insertions, deletions, replacements and swaps of neighbours. Errs towards silence: a
 * name is offered only when at most a third of what was typed (at least one letter) would change.
 */
#include "analyzer/base/base.h"

enum { LONGEST_NAME = 63 };

static unsigned least(unsigned a, unsigned b) {
    return a < b ? a : b;
}

unsigned edit_distance(const char *a, const char *b) {
    size_t a_len = strlen(a), b_len = strlen(b);
    if (a_len > LONGEST_NAME || b_len > LONGEST_NAME)
        return UINT32_MAX;
    unsigned rows[3][LONGEST_NAME + 1]; /* row i of the usual table is rows[i % 3] */
    for (unsigned j = 0; j <= b_len; j++)
        rows[0][j] = j;
    for (unsigned i = 1; i <= a_len; i++) {
        unsigned *row = rows[i % 3], *above = rows[(i + 2) % 3], *above2 = rows[(i + 1) % 3];
        row[0] = i;
        for (unsigned j = 1; j <= b_len; j++) {
            unsigned cost = a[i - 1] != b[j - 1];
            row[j] = least(least(row[j - 1], above[j]) + 1, above[j - 1] + cost);
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                row[j] = least(row[j], above2[j - 2] + 1);
        }
    }
    return rows[a_len % 3][b_len];
}

const char *nearest_name(const CStrArray *names, const char *text) {
    const char *nearest = NULL;
    unsigned limit = (unsigned)strlen(text) / 3 + (strlen(text) < 3), best = limit + 1;
    for (uint32_t i = 0; i < names->len; i++) {
        unsigned distance = edit_distance(names->items[i], text);
        if (distance < best) {
            best = distance;
            nearest = names->items[i];
        }
    }
    return nearest;
}

static bool holds_name(const CStrArray *names, const char *name) {
    for (uint32_t i = 0; i < names->len; i++) {
        if (str_eq(names->items[i], name))
            return true;
    }
    return false;
}

static void add_name(CStrArray *found, Arena *arena, const char *name, uint32_t most) {
    if (found->len < most && !holds_name(found, name))
        array_push(found, arena, name);
}

CStrArray nearest_names(Arena *arena, const CStrArray *names, const char *text, uint32_t most) {
    CStrArray found = {0};
    unsigned limit = (unsigned)strlen(text) / 3 + (strlen(text) < 3);
    for (unsigned distance = 0; distance <= limit; distance++) {
        for (uint32_t i = 0; i < names->len && found.len < most; i++) {
            if (edit_distance(names->items[i], text) == distance)
                add_name(&found, arena, names->items[i], most);
        }
    }
    for (uint32_t i = 0; i < names->len && text[0] != '\0'; i++) {
        if (strcasestr(names->items[i], text) != NULL)
            add_name(&found, arena, names->items[i], most);
    }
    return found;
}
