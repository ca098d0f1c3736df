/* path: the path of a pair, put together from the links that causes.c wrote.
 *
 * Words are those of the witness in a finding: the same path reads the same in both.
 */
#include "analyzer/store/internal.h"

typedef struct PathReader {
    Arena *arena;      /* of the result */
    int64_t driver_id; /* whose links */
    Context context;   /* of the whole path */
    Query links;       /* by number: the link, its call, its root */
    Query raises;      /* by link */
    Array(Step) steps; /* so far, in order */
    bool failed;       /* something went wrong */
} PathReader;

static const char *text(PathReader *self, Query *query, int column) {
    return query_text(query, self->arena, column);
}

static Irql irql_at(Query *query, int column) {
    uint32_t irql = query_u32(query, column);
    return irql < IRQL_COUNT ? (Irql)irql : IRQL_HIGH;
}

static const char *root_message(PathReader *self, Irql irql) {
    Query *link = &self->links;
    const char *name = text(self, link, 2), *via = text(self, link, 8);
    const char *through = text(self, link, 9), *role = text(self, link, 10);
    const char *at = irql_name(irql), *where = context_name(self->context);
    if (str_eq(via, "argument") || str_eq(via, "field"))
        return arena_printf(self->arena, "%s is registered through %s as %s: runs at %s (%s)", name,
                            through, role, at, where);
    if (str_eq(via, "name"))
        return arena_printf(self->arena, "%s is called by the system at %s (%s)", name, at, where);
    if (str_eq(via, "type"))
        return arena_printf(self->arena, "%s is declared as %s: runs at %s (%s)", name, role, at,
                            where);
    return arena_printf(self->arena, "%s is not %scalled from any known root: %s %s", name,
                        through[0] != '\0' ? "surely " : "",
                        irql == IRQL_PASSIVE ? "taken to start at" : "its annotations allow", at);
}

static const char *call_message(PathReader *self) {
    Query *link = &self->links;
    const char *name = text(self, link, 2), *callee = text(self, link, 6);
    bool direct = query_u32(link, 7) != 0;
    if (str_eq(name, callee) && direct)
        return arena_printf(self->arena, "calls %s", name);
    if (str_eq(name, callee) || callee[0] == '\0')
        return arena_printf(self->arena, "calls %s through a pointer", name);
    return arena_printf(self->arena, "%s calls %s", callee, name);
}

static void add_link_step(PathReader *self) {
    Query *link = &self->links;
    Irql irql = irql_at(link, 1);
    bool is_root = sqlite3_column_type(link->stmt, 8) != SQLITE_NULL;
    Step step = {.kind = is_root ? STEP_ROOT : STEP_CALL,
                 .file = text(self, link, 3),
                 .line = query_u32(link, 4),
                 .column = query_u32(link, 5),
                 .function = text(self, link, 11),
                 .message = is_root ? root_message(self, irql) : call_message(self),
                 .irql = irql};
    array_push(&self->steps, self->arena, step);
}

static void add_raises(PathReader *self, uint32_t number) {
    query_bind(&self->raises, "iu", self->driver_id, number);
    while (query_next(&self->raises, &self->failed)) {
        Query *raise = &self->raises;
        Irql irql = irql_at(raise, 0);
        bool up = query_u32(raise, 1) != 0;
        const char *callee = text(self, raise, 5);
        Step step = {.kind = up ? STEP_RAISE : STEP_LOWER,
                     .file = text(self, raise, 2),
                     .line = query_u32(raise, 3),
                     .column = query_u32(raise, 4),
                     .function = text(self, raise, 6),
                     .message = arena_printf(self->arena, "%s %s %s",
                                             callee[0] == '\0' ? "a function pointer" : callee,
                                             up ? "raises to" : "lowers to", irql_name(irql)),
                     .irql = irql};
        array_push(&self->steps, self->arena, step);
    }
}

/* Numbers from the last link to the root; they fall, so this ends whatever the file holds. */
static U32Array chain_of(PathReader *self, uint32_t last) {
    U32Array chain = {0};
    for (uint32_t number = last; number != 0;) {
        array_push(&chain, self->arena, number);
        query_bind(&self->links, "iu", self->driver_id, number);
        uint32_t parent = query_next(&self->links, &self->failed) ? query_u32(&self->links, 0) : 0;
        number = parent < number ? parent : 0;
    }
    return chain;
}

static void read_steps(PathReader *self, uint32_t last) {
    U32Array chain = chain_of(self, last);
    for (uint32_t i = chain.len; i-- > 0 && !self->failed;) {
        add_raises(self, chain.items[i]);
        query_bind(&self->links, "iu", self->driver_id, chain.items[i]);
        if (query_next(&self->links, &self->failed))
            add_link_step(self);
    }
}

static PathReader path_reader(Arena *arena, Store *store, Context context, Error *err) {
    const char *links = "SELECT u.parent, u.irql, f.name, coalesce(c.file, r.file), "
                        "coalesce(c.line, r.line), coalesce(c.column, 0), c.callee, c.direct, "
                        "r.via, r.through, r.role, coalesce(p.name, r.registered_in) "
                        "FROM causes AS u JOIN functions AS f ON f.id = u.function_id "
                        "LEFT JOIN calls AS c ON c.id = u.call_id "
                        "LEFT JOIN functions AS p ON p.id = c.caller_id "
                        "LEFT JOIN roots AS r ON r.id = u.root_id "
                        "WHERE u.driver_id = ? AND u.number = ?";
    const char *raises = "SELECT x.irql, x.raises, c.file, c.line, c.column, c.callee, p.name "
                         "FROM raises AS x JOIN calls AS c ON c.id = x.call_id "
                         "JOIN functions AS p ON p.id = c.caller_id "
                         "WHERE x.driver_id = ? AND x.cause = ? ORDER BY x.ordinal";
    return (PathReader){.arena = arena,
                        .context = context,
                        .links = query_new(store, links, err),
                        .raises = query_new(store, raises, err)};
}

int store_read_path(Arena *arena, Store *store, int64_t function_id, unsigned pair,
                    StoredPath *path, Error *err) {
    PathReader reader = path_reader(arena, store, pair_context(pair), err);
    *path = (StoredPath){.assumption = ""};
    Query query = query_new(store,
                            "SELECT f.driver_id, x.certainty, a.text, x.cause FROM contexts AS x "
                            "JOIN functions AS f ON f.id = x.function_id "
                            "LEFT JOIN assumptions AS a ON a.id = x.assumption "
                            "WHERE x.function_id = ? AND x.context = ? AND x.irql = ?",
                            err);
    query_bind(&query, "iuu", function_id, (uint32_t)pair_context(pair), (uint32_t)pair_irql(pair));
    if (query_next(&query, &reader.failed)) {
        uint32_t certainty = query_u32(&query, 1);
        reader.driver_id = sqlite3_column_int64(query.stmt, 0);
        path->certainty = certainty < CERTAINTY_COUNT ? (Certainty)certainty : POSSIBLE_WEAK;
        path->assumption = text(&reader, &query, 2);
        read_steps(&reader, query_u32(&query, 3));
    }
    query_end(&query);
    query_end(&reader.links);
    query_end(&reader.raises);
    path->steps = reader.steps.items;
    path->step_count = reader.steps.len;
    return reader.failed ? -1 : 0;
}
