/* select: what of a project is checked, as the configuration says: drivers, files, rules. */
#include "analyzer/cli/cli.h"

#include <fnmatch.h>

static bool fits(const CStrArray *patterns, const char *text) {
    for (uint32_t i = 0; i < patterns->len; i++) {
        if (fnmatch(patterns->items[i], text, 0) == 0)
            return true;
    }
    return false;
}

/* The path, or its end after some slash. */
static bool fits_path(const CStrArray *patterns, const char *path) {
    for (const char *at = path; at != NULL; at = strchr(at, '/')) {
        at += *at == '/';
        if (fits(patterns, at))
            return true;
    }
    return fits(patterns, path);
}

static void leave_out_units(const Cli *cli, ProjectDriver *driver) {
    uint32_t kept = 0;
    for (uint32_t i = 0; i < driver->units.len; i++) {
        if (!fits_path(&cli->excluded, driver->units.items[i].path))
            driver->units.items[kept++] = driver->units.items[i];
    }
    driver->units.len = kept;
}

void cli_select_sources(Cli *cli, Project *project) {
    uint32_t kept = 0, before = project->drivers.len;
    for (uint32_t i = 0; i < before; i++) {
        ProjectDriver *driver = &project->drivers.items[i];
        leave_out_units(cli, driver);
        bool wanted = cli->drivers.len == 0 || fits(&cli->drivers, driver->name);
        if (wanted && driver->units.len > 0)
            project->drivers.items[kept++] = *driver;
    }
    project->drivers.len = kept;
    if (kept == 0 && before > 0)
        cli_complain(cli, "%s: 'drivers' and 'exclude' leave nothing to check",
                     cli_shown_path(cli, cli_config_path(cli)));
}

void cli_select_rules(Cli *cli) {
    uint32_t count, off = 0;
    const Rule *const *rules = rules_all(&count);
    for (uint32_t i = 0; i < cli->rule_settings.len; i++)
        off += cli->rule_settings.items[i].off;
    if (off == 0 || cli->rules.len > 0) /* who names rules means them */
        return;
    for (uint32_t r = 0; r < count; r++) {
        bool is_off = false;
        for (uint32_t i = 0; i < cli->rule_settings.len; i++) {
            const RuleSetting *setting = &cli->rule_settings.items[i];
            is_off = is_off || (setting->off && str_eq(setting->rule, rules[r]->id));
        }
        if (!is_off)
            array_push(&cli->rules, cli->arena, rules[r]->id);
    }
}

static void set_level(const Cli *cli, const char *rule, FindingLevel *level) {
    for (uint32_t i = 0; i < cli->rule_settings.len; i++) {
        const RuleSetting *setting = &cli->rule_settings.items[i];
        if (!setting->off && str_eq(setting->rule, rule))
            *level = setting->level;
    }
}

void cli_set_levels(const Cli *cli, StoredRun *run) {
    for (uint32_t i = 0; i < run->rules.len; i++)
        set_level(cli, run->rules.items[i].id, &run->rules.items[i].level);
    for (uint32_t i = 0; i < run->findings.len; i++)
        set_level(cli, run->findings.items[i].finding.rule, &run->findings.items[i].finding.level);
}
