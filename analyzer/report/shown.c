/* shown: how paths, source text and the steps of a path are spelled for people.
 *
 * What comes from the sources is untrusted: control characters never reach the terminal.
 */
#include "analyzer/report/internal.h"

/* ---- paths of files ------------------------------------------------------------------------- */

static bool is_inside(const char *dir, const char *path) {
    size_t len = strlen(dir);
    return strncmp(dir, path, len) == 0 && (path[len] == '/' || path[len] == '\0');
}

/* From `base`, which does not hold `path`, by way of the nearest folder that holds both. */
static const char *path_upwards(Arena *arena, const char *base, const char *path) {
    Text text = {0};
    const char *both = base;
    for (; !is_inside(both, path); both = path_dir(arena, both))
        text_append(&text, arena, "../");
    text_append(&text, arena, path + strlen(both) + 1);
    return text_cstr(&text, arena);
}

const char *report_shown_path(Arena *arena, const char *base, const char *root, const char *path) {
    if (base == NULL || path[0] == '\0')
        return path;
    const char *full = path[0] == '/' ? path : path_join(arena, root, path);
    if (is_inside(base, full))
        return path_relative(arena, base, full);
    return path[0] != '/' && is_inside(root, base) ? path_upwards(arena, base, full) : path;
}

/* ---- text ----------------------------------------------------------------------------------- */

void report_put(FILE *out, const char *text) {
    for (const unsigned char *at = (const unsigned char *)text; *at != '\0'; at++) {
        bool c1 = at[0] == 0xc2 && at[1] < 0xa0;
        if ((*at < 0x20 && *at != '\t') || *at == 0x7f || c1)
            fputc('?', out);
        else
            fputc(*at, out);
        at += c1;
    }
}

const char *report_plural(uint32_t count) {
    return count == 1 ? "" : "s";
}

uint32_t report_width(const char *text) {
    uint32_t width = 0;
    for (; *text != '\0'; text++)
        width += ((unsigned char)*text & 0xc0) != 0x80;
    return width;
}

void report_put_padded(FILE *out, const char *text, uint32_t width) {
    report_put(out, text);
    for (uint32_t used = report_width(text); used < width; used++)
        fputc(' ', out);
}

/* ---- steps ---------------------------------------------------------------------------------- */

static const char *place_of(Arena *arena, const Step *step) {
    return arena_printf(arena, "%s:%u:", step->file, step->line);
}

uint32_t report_place_width(Arena *arena, uint32_t width, const Step *step) {
    uint32_t own = report_width(place_of(arena, step));
    return own > width ? own : width;
}

void report_put_step(Arena *arena, FILE *out, const Step *step, uint32_t number, uint32_t width) {
    fprintf(out, "  %3u. %-6s ", number, step_kind_name(step->kind));
    report_put_padded(out, place_of(arena, step), width);
    fputc(' ', out);
    if (step->function[0] != '\0') {
        report_put(out, step->function);
        fputs(": ", out);
    }
    report_put(out, step->message);
    if (strstr(step->message, irql_name(step->irql)) == NULL)
        fprintf(out, " [%s]", irql_name(step->irql));
    fputc('\n', out);
}
