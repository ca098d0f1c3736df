/* gitlab: findings as a GitLab code quality report, which merge requests show beside the lines. */
#include "analyzer/report/internal.h"

/* Its words, from how bad and how sure. */
static const char *severity_of(const Finding *finding) {
    switch (finding->level) {
    case LEVEL_ERROR:
        return finding->certainty == CERTAIN ? "critical" : "major";
    case LEVEL_WARNING:
        return "minor";
    default:
        return "info";
    }
}

int report_gitlab(const Report *self, FILE *out) {
    cJSON *root = cJSON_CreateArray();
    for (uint32_t i = 0; i < self->run.findings.len; i++) {
        const StoredFinding *stored = &self->run.findings.items[i];
        const Finding *finding = &stored->finding;
        cJSON *object = json_add_object(root);
        const char *text =
            arena_printf(self->arena, "%s %s", finding->message, report_certainty(self, stored));
        cJSON_AddStringToObject(object, "description", text);
        cJSON_AddStringToObject(object, "check_name", finding->rule);
        cJSON_AddStringToObject(object, "fingerprint", finding->fingerprint);
        cJSON_AddStringToObject(object, "severity", severity_of(finding));
        cJSON *location = cJSON_AddObjectToObject(object, "location");
        cJSON_AddStringToObject(location, "path", finding->file);
        cJSON *lines = cJSON_AddObjectToObject(location, "lines");
        cJSON_AddNumberToObject(lines, "begin", finding->line);
    }
    return json_put(root, out);
}
