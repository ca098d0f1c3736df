/* table: the answer to a query, as aligned text, JSON (an array of objects) or CSV (RFC 4180). */
#include "analyzer/report/internal.h"

static void put_text(const QueryResult *result, Arena *arena, FILE *out) {
    uint32_t columns = result->columns.len, rows = result->cells.len / columns;
    uint32_t *width = arena_array_of(arena, uint32_t, columns);
    for (uint32_t c = 0; c < columns; c++) {
        width[c] = report_width(result->columns.items[c]);
        for (uint32_t r = 0; r < rows; r++) {
            uint32_t own = report_width(result->cells.items[r * columns + c].text);
            width[c] = own > width[c] ? own : width[c];
        }
    }
    for (uint32_t r = 0; r <= rows; r++) {
        for (uint32_t c = 0; c < columns; c++) {
            const char *text =
                r == 0 ? result->columns.items[c] : result->cells.items[(r - 1) * columns + c].text;
            if (c + 1 < columns)
                report_put_padded(out, text, width[c] + 2);
            else
                report_put(out, text);
        }
        fputc('\n', out);
    }
}

static int put_json(const QueryResult *result, FILE *out) {
    uint32_t columns = result->columns.len;
    cJSON *root = cJSON_CreateArray();
    for (uint32_t at = 0; at + columns <= result->cells.len; at += columns) {
        cJSON *row = json_add_object(root);
        for (uint32_t c = 0; c < columns; c++) {
            const QueryCell *cell = &result->cells.items[at + c];
            cJSON *value = cell->is_null     ? cJSON_CreateNull()
                           : cell->is_number ? cJSON_CreateRaw(cell->text)
                                             : cJSON_CreateString(cell->text);
            cJSON_AddItemToObject(row, result->columns.items[c], value);
        }
    }
    return json_put(root, out);
}

static void put_csv_field(const char *text, FILE *out) {
    if (text[strcspn(text, ",\"\r\n")] == '\0') {
        fputs(text, out);
        return;
    }
    fputc('"', out);
    for (; *text != '\0'; text++) {
        if (*text == '"')
            fputc('"', out);
        fputc(*text, out);
    }
    fputc('"', out);
}

static void put_csv(const QueryResult *result, FILE *out) {
    uint32_t columns = result->columns.len;
    for (uint32_t c = 0; c < columns; c++) {
        put_csv_field(result->columns.items[c], out);
        fputs(c + 1 < columns ? "," : "\r\n", out);
    }
    for (uint32_t i = 0; i < result->cells.len; i++) {
        put_csv_field(result->cells.items[i].text, out);
        fputs((i + 1) % columns != 0 ? "," : "\r\n", out);
    }
}

int report_table(Arena *arena, const QueryResult *result, TableFormat format, FILE *out,
                 Error *err) {
    int status = 0;
    if (result->columns.len == 0)
        return 0;
    if (format == TABLE_JSON)
        status = put_json(result, out);
    else if (format == TABLE_CSV)
        put_csv(result, out);
    else
        put_text(result, arena, out);
    return status == 0 ? 0 : error_set(err, "out of memory");
}
