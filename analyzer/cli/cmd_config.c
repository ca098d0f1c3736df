/* config: `irqlint config show` says what is in force and from where, `config schema` prints the
 * JSON schema of the file. */
#include "analyzer/cli/config.h"

#include "analyzer/json/json.h"

/* ---- show ------------------------------------------------------------------------------------ */

static void show(Cli *cli) {
    const Config *config = cli->config;
    if (config == NULL) {
        puts("no configuration file");
        return;
    }
    printf("%s\n", cli_shown_path(cli, config->path));
    for (uint32_t i = 0; i < config->values.len; i++) {
        const ConfigValue *value = &config->values.items[i];
        printf("%4u  %-14s ", value->line, value->member->name);
        report_put(stdout, value->text);
        puts(value->unused ? "  (the command line says otherwise)" : "");
    }
}

/* ---- schema ---------------------------------------------------------------------------------- */

static cJSON *add_property(cJSON *properties, const char *name, const char *type) {
    cJSON *property = cJSON_AddObjectToObject(properties, name);
    cJSON_AddStringToObject(property, "type", type);
    return property;
}

static void add_words(Cli *cli, cJSON *property, const char *words) {
    cJSON *list = cJSON_AddArrayToObject(property, "enum");
    for (const char *at = words;; at++) {
        size_t len = strcspn(at, "|");
        cJSON_AddItemToArray(list, cJSON_CreateString(arena_strndup(cli->arena, at, len)));
        at += len;
        if (*at == '\0')
            return;
    }
}

static void add_rules(Cli *cli, cJSON *property) {
    uint32_t count;
    const Rule *const *rules = rules_all(&count);
    cJSON *properties = cJSON_AddObjectToObject(property, "properties");
    for (uint32_t i = 0; i < count; i++) {
        cJSON *rule = cJSON_AddObjectToObject(properties, rules[i]->id);
        cJSON_AddStringToObject(rule, "description", rules[i]->title);
        add_words(cli, rule, "off|note|warning|error");
    }
    cJSON_AddBoolToObject(property, "additionalProperties", false);
}

static void add_member(Cli *cli, cJSON *properties, const ConfigMember *member) {
    static const char *const types[] = {
        [CONFIG_FLAG] = "boolean",   [CONFIG_TEXT] = "string",  [CONFIG_CHOICE] = "string",
        [CONFIG_NUMBER] = "integer", [CONFIG_PATH] = "string",  [CONFIG_TEXTS] = "array",
        [CONFIG_PATHS] = "array",    [CONFIG_RULES] = "object", [CONFIG_DRIVERS] = "array",
        [CONFIG_EXCLUDE] = "array"};
    cJSON *property = add_property(properties, member->name, types[member->kind]);
    cJSON_AddStringToObject(property, "description", member->help);
    if (str_eq(types[member->kind], "array"))
        add_property(property, "items", "string");
    if (member->kind == CONFIG_NUMBER)
        cJSON_AddNumberToObject(property, "minimum", 1);
    if (member->kind == CONFIG_CHOICE)
        add_words(cli, property, options_all[member->option].argument);
    if (member->kind == CONFIG_RULES)
        add_rules(cli, property);
}

static void print_schema(Cli *cli) {
    cJSON *root = cJSON_CreateObject();
    cJSON_AddStringToObject(root, "$schema", "https://json-schema.org/draft/2020-12/schema");
    cJSON_AddStringToObject(root, "title", "Configuration of irqlint (.irqlint.json)");
    cJSON_AddStringToObject(root, "type", "object");
    cJSON *properties = cJSON_AddObjectToObject(root, "properties");
    add_property(properties, "$schema", "string");
    cJSON_AddNumberToObject(cJSON_AddObjectToObject(properties, "version"), "const", 1);
    for (uint32_t i = 0; i < config_member_count; i++)
        add_member(cli, properties, &config_members[i]);
    cJSON_AddBoolToObject(root, "additionalProperties", false);
    if (json_put(root, stdout) != 0)
        cli_complain(cli, "out of memory");
}

int cmd_config(Cli *cli) {
    const char *what = cli->paths.len == 1 ? cli->paths.items[0] : "";
    if (str_eq(what, "show"))
        show(cli);
    else if (str_eq(what, "schema"))
        print_schema(cli);
    else
        cli_complain(cli, "config: it takes `show` or `schema` (`irqlint help config`)");
    return cli->incomplete ? EXIT_INCOMPLETE : EXIT_CLEAN;
}
