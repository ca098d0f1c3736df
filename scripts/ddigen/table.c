/* table: reads a tab-separated table and checks its shape.
 *
 * Invariant: after table_read the rows are sorted by their key columns (byte order) and unique, or
 * an error was counted; every cell is non-empty in the file, "-" stands for nothing.
 */
#include "scripts/ddigen/ddigen.h"

enum { MAX_TABLE_SIZE = 64 << 20 };

void gen_error(Gen *self, const Table *table, uint32_t line, const char *format, ...) {
    va_list args;
    va_start(args, format);
    char *message = arena_vprintf(self->arena, format, args);
    va_end(args);
    if (line == 0)
        fprintf(stderr, "%s: %s\n", table->path, message);
    else
        fprintf(stderr, "%s:%u: %s\n", table->path, line, message);
    self->error_count++;
}

/* Splits a line at tabs in place; returns the number of cells, at most MAX_COLUMNS + 1. */
static uint32_t split_cells(char *line, const char **cells) {
    uint32_t count = 0;
    for (char *at = line; at != NULL && count <= MAX_COLUMNS;) {
        char *tab = strchr(at, '\t');
        if (tab != NULL)
            *tab++ = '\0';
        if (count < MAX_COLUMNS)
            cells[count] = at;
        count++;
        at = tab;
    }
    return count;
}

static int compare_keys(const Table *table, const Row *a, const Row *b) {
    int order = 0;
    for (uint32_t i = 0; order == 0 && i < table->shape->key_count; i++)
        order = strcmp(a->cells[i], b->cells[i]);
    return order;
}

static void check_order(Gen *self, const Table *table, const Row *row) {
    if (table->rows.len == 0)
        return;
    int order = compare_keys(table, &table->rows.items[table->rows.len - 1], row);
    if (order == 0)
        gen_error(self, table, row->line, "duplicate of the line above: %s", row->cells[0]);
    else if (order > 0)
        gen_error(self, table, row->line, "out of order: %s", row->cells[0]);
}

static uint32_t count_columns(const TableShape *shape) {
    uint32_t count = 1;
    for (const char *at = shape->columns; *at != '\0'; at++)
        count += *at == ' ';
    return count;
}

static bool check_header(Gen *self, const Table *table, const char *line) {
    char *blanks = arena_strdup(self->arena, line);
    for (char *at = blanks; *at != '\0'; at++) {
        if (*at == '\t')
            *at = ' ';
    }
    if (str_eq(blanks, table->shape->columns))
        return true;
    gen_error(self, table, 1, "the header must be: %s", table->shape->columns);
    return false;
}

static void add_row(Gen *self, Table *table, char *text, uint32_t line, uint32_t columns) {
    Row row = {.line = line};
    uint32_t count = split_cells(text, row.cells);
    if (count != columns) {
        gen_error(self, table, line, "%u cells where %u are expected", count, columns);
        return;
    }
    for (uint32_t i = 0; i < columns; i++) {
        if (row.cells[i][0] == '\0')
            gen_error(self, table, line, "cell %u is empty (nothing is written as -)", i + 1);
    }
    check_order(self, table, &row);
    array_push(&table->rows, self->arena, row);
}

/* "-" becomes "" once the order of the keys has been checked. */
static void empty_dashes(Table *table, uint32_t columns) {
    for (uint32_t i = 0; i < table->rows.len; i++) {
        for (uint32_t c = 0; c < columns; c++) {
            if (str_eq(table->rows.items[i].cells[c], "-"))
                table->rows.items[i].cells[c] = "";
        }
    }
}

void table_read(Gen *self, Table *table, const char *dir, const TableShape *shape) {
    Error error = {{0}};
    char *data;
    size_t size;
    table->shape = shape;
    table->path = arena_printf(self->arena, "%s/%s.tsv", dir, shape->name);
    if (file_read(self->arena, table->path, MAX_TABLE_SIZE, &data, &size, &error) != 0) {
        gen_error(self, table, 0, "%s", error.message);
        return;
    }
    self->version = hash_bytes(data, size, self->version);
    uint32_t columns = count_columns(shape), number = 0;
    for (char *line = data; *line != '\0';) {
        char *end = strchr(line, '\n');
        char *next = end == NULL ? line + strlen(line) : end + 1;
        if (end != NULL)
            *end = '\0';
        if (++number == 1 && !check_header(self, table, line))
            return;
        if (number > 1)
            add_row(self, table, line, number, columns);
        line = next;
    }
    if (number == 0)
        gen_error(self, table, 0, "the header is missing");
    empty_dashes(table, columns);
}

const Row *table_find(const Table *table, const char *name) {
    uint32_t low = 0, high = table->rows.len;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        int order = strcmp(table->rows.items[middle].cells[0], name);
        if (order == 0)
            return &table->rows.items[middle];
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}

Cell row_cell(const Row *row, uint32_t column) {
    return (Cell){row->cells[column], row->line};
}
