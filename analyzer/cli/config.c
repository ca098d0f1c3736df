/* config: finds and reads `.irqlint.json`.
 *
 * Invariant: the command line goes before the file, the file before what the program does by
 * itself; lists are joined, those of the file last. What the file says wrong is an error with its
 * line, and nothing is analysed.
 */
#include "analyzer/cli/config.h"

#include "analyzer/json/json.h"

#include <stdlib.h>
#include <unistd.h>

const ConfigMember config_members[] = {
#define CONFIG(name, kind, option, help) {name, kind, option, help},
#include "analyzer/cli/config.def"
#undef CONFIG
};
const uint32_t config_member_count = sizeof config_members / sizeof config_members[0];

enum { MAX_CONFIG_SIZE = 1 << 20 };

/* One file being read. */
typedef struct Reader {
    Cli *cli;
    Config *config;    /* the result */
    const char *dir;   /* that paths are relative to */
    const char *shown; /* the file, for messages */
    Error *err;
} Reader;

static int fail(const Reader *self, const cJSON *where, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

static int fail(const Reader *self, const cJSON *where, const char *format, ...) {
    va_list args;
    va_start(args, format);
    const char *what = arena_vprintf(self->cli->arena, format, args);
    va_end(args);
    return error_set(self->err, "%s:%u: %s", self->shown, json_line(where), what);
}

/* ---- values ---------------------------------------------------------------------------------- */

static int set_value(Reader *self, const ConfigMember *member, const cJSON *node,
                     const char *text) {
    Error err;
    ConfigValue value = {member, text, json_line(node), false};
    if (member->option != OPTION_COUNT &&
        cli_configure(self->cli, (OptionId)member->option, text, &value.unused, &err) != 0)
        return fail(self, node, "%s", err.message);
    array_push(&self->config->values, self->cli->arena, value);
    return 0;
}

static int set_text(Reader *self, const ConfigMember *member, const cJSON *node, bool is_path) {
    if (!cJSON_IsString(node) || node->valuestring[0] == '\0')
        return fail(self, node, "'%s' wants a text", member->name);
    const char *text = arena_strdup(self->cli->arena, node->valuestring);
    return set_value(self, member, node,
                     is_path ? path_join(self->cli->arena, self->dir, text) : text);
}

static int set_number(Reader *self, const ConfigMember *member, const cJSON *node) {
    if (!cJSON_IsNumber(node) || node->valuedouble < 1 || node->valuedouble > 1e9 ||
        node->valuedouble != (double)(long)node->valuedouble)
        return fail(self, node, "'%s' wants a whole number from 1", member->name);
    return set_value(self, member, node,
                     arena_printf(self->cli->arena, "%ld", (long)node->valuedouble));
}

static int set_list(Reader *self, const ConfigMember *member, const cJSON *node) {
    if (!cJSON_IsArray(node))
        return fail(self, node, "'%s' wants a list: […]", member->name);
    for (const cJSON *at = node->child; at != NULL; at = at->next) {
        if (set_text(self, member, at, member->kind == CONFIG_PATHS) != 0)
            return -1;
        const char *text = self->config->values.items[self->config->values.len - 1].text;
        if (member->kind == CONFIG_DRIVERS)
            array_push(&self->cli->drivers, self->cli->arena, text);
        else if (member->kind == CONFIG_EXCLUDE)
            array_push(&self->cli->excluded, self->cli->arena, text);
    }
    return 0;
}

/* ---- rules ----------------------------------------------------------------------------------- */

static const char *const rule_states[] = {"note", "warning", "error", "off"};

static int set_rule(Reader *self, const ConfigMember *member, const cJSON *node) {
    Arena *arena = self->cli->arena;
    const char *id = arena_strdup(arena, node->string);
    int state = 0;
    if (check_rule(id) == NULL) {
        const char *near = cli_nearest_rule(self->cli, id);
        return near == NULL
                   ? fail(self, node, "there is no rule '%s'", id)
                   : fail(self, node, "there is no rule '%s', did you mean '%s'?", id, near);
    }
    while (state < 4 && !(cJSON_IsString(node) && str_eq(node->valuestring, rule_states[state])))
        state++;
    if (state == 4)
        return fail(self, node, "'%s' wants \"off\", \"note\", \"warning\" or \"error\"", id);
    RuleSetting setting = {id, state == 3, (FindingLevel)state};
    array_push(&self->cli->rule_settings, arena, setting);
    return set_value(self, member, node, arena_printf(arena, "%s=%s", id, rule_states[state]));
}

static int set_rules(Reader *self, const ConfigMember *member, const cJSON *node) {
    if (!cJSON_IsObject(node))
        return fail(self, node, "'%s' wants an object: {…}", member->name);
    for (const cJSON *at = node->child; at != NULL; at = at->next) {
        if (set_rule(self, member, at) != 0)
            return -1;
    }
    return 0;
}

/* ---- the file -------------------------------------------------------------------------------- */

static int set_member(Reader *self, const ConfigMember *member, const cJSON *node) {
    switch (member->kind) {
    case CONFIG_FLAG:
        if (!cJSON_IsBool(node))
            return fail(self, node, "'%s' wants true or false", member->name);
        return cJSON_IsTrue(node) ? set_value(self, member, node, "true") : 0;
    case CONFIG_TEXT:
    case CONFIG_CHOICE:
        return set_text(self, member, node, false);
    case CONFIG_PATH:
        return set_text(self, member, node, true);
    case CONFIG_NUMBER:
        return set_number(self, member, node);
    case CONFIG_TEXTS:
    case CONFIG_PATHS:
    case CONFIG_DRIVERS:
    case CONFIG_EXCLUDE:
        return set_list(self, member, node);
    case CONFIG_RULES:
        return set_rules(self, member, node);
    }
    return 0;
}

static int read_root(Reader *self, const cJSON *root) {
    const char *keys[64] = {"$schema", "version"};
    JsonFault fault;
    for (uint32_t i = 0; i < config_member_count; i++)
        keys[i + 2] = config_members[i].name;
    if (!cJSON_IsObject(root))
        return fail(self, root, "a configuration is an object: {…}");
    if (json_check_members(self->cli->arena, root, keys, &fault) != 0)
        return error_set(self->err, "%s:%u: %s", self->shown, fault.line, fault.text);
    const cJSON *version = cJSON_GetObjectItemCaseSensitive(root, "version");
    if (version != NULL && (!cJSON_IsNumber(version) || version->valuedouble != 1))
        return fail(self, version, "'version' is not 1");
    for (const cJSON *at = root->child; at != NULL; at = at->next) {
        for (uint32_t i = 0; i < config_member_count; i++) {
            if (str_eq(config_members[i].name, at->string) &&
                set_member(self, &config_members[i], at) != 0)
                return -1;
        }
    }
    return 0;
}

static int read_config(Cli *cli, const char *path, Error *err) {
    Config *config = arena_new_of(cli->arena, Config);
    Reader reader = {.cli = cli, .config = config, .err = err};
    config->path = path;
    reader.dir = path_dir(cli->arena, path);
    reader.shown = cli_shown_path(cli, path);
    cJSON *root = json_read(cli->arena, reader.shown, MAX_CONFIG_SIZE, err);
    if (root == NULL)
        return -1;
    int status = read_root(&reader, root);
    cJSON_Delete(root);
    cli->config = config;
    return status;
}

/* In the folder of the first path, or the nearest one above it; without paths, in the current one.
 */
static const char *find_config(Cli *cli) {
    const CStrArray *given = cli->of.len > 0 ? &cli->of : &cli->paths;
    bool by_path = (command_bit(cli->command) & FOR_ANALYSIS) != 0 && given->len > 0;
    const char *dir = path_absolute(cli->arena, by_path ? given->items[0] : ".");
    for (;; dir = path_dir(cli->arena, dir)) {
        const char *path = path_join(cli->arena, dir, ".irqlint.json");
        if (access(path, F_OK) == 0)
            return path;
        if (str_eq(dir, "/") || str_eq(dir, "."))
            return NULL;
    }
}

const char *cli_config_path(const Cli *cli) {
    return cli->config == NULL ? "" : cli->config->path;
}

int config_load(Cli *cli, Error *err) {
    const unsigned users = FOR_ANALYSIS | FOR_LISTINGS | FOR_BASELINE | FOR_CONFIG | FOR_CACHE;
    bool too_early = (command_bit(cli->command) & FOR_LINK) != 0 && cli->of.len == 0;
    if ((command_bit(cli->command) & users) == 0 || cli->no_config || cli->help || too_early)
        return 0;
    const char *path =
        cli->config_file != NULL ? path_absolute(cli->arena, cli->config_file) : find_config(cli);
    return path == NULL ? 0 : read_config(cli, path, err);
}
