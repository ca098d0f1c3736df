/* coverage_json: how much was understood, for the JSON report and SARIF's invocation.
 *
 * Complete but for the single unresolved calls, which SARIF leaves out. docs/json-report.md.
 */
#include "analyzer/report/internal.h"

static void add_language(cJSON *parent, const char *name, const LanguageCoverage *language) {
    cJSON *object = cJSON_AddObjectToObject(parent, name);
    cJSON_AddNumberToObject(object, "files", language->files);
    cJSON_AddNumberToObject(object, "files_without_error", language->clean_files);
    cJSON_AddNumberToObject(object, "files_failed", language->failed);
    cJSON_AddNumberToObject(object, "functions", language->functions);
    cJSON_AddNumberToObject(object, "functions_understood", language->understood);
}

static void add_missing(cJSON *parent, const Coverage *coverage) {
    cJSON *missing = cJSON_AddArrayToObject(parent, "missing");
    for (uint32_t i = 0; i < coverage->missing.len; i++) {
        const MissingName *name = &coverage->missing.items[i];
        cJSON *object = json_add_object(missing);
        cJSON_AddStringToObject(object, "kind", missing_kind_name(name->kind));
        cJSON_AddStringToObject(object, "name", name->name);
        cJSON_AddNumberToObject(object, "files", name->files);
    }
    cJSON_AddNumberToObject(parent, "other_errors", coverage->other_errors);
}

static void add_api_function(cJSON *functions, const StoredApi *api) {
    cJSON *object = json_add_object(functions);
    cJSON_AddStringToObject(object, "name", api->name);
    cJSON_AddStringToObject(object, "origin", api_origin_name(api->origin));
    cJSON_AddStringToObject(object, "level", api_level_name(api->level));
    cJSON_AddNumberToObject(object, "calls", api->calls);
    cJSON_AddNumberToObject(object, "drivers", api->drivers);
}

static void add_calls(const Report *self, cJSON *parent) {
    const Coverage *coverage = &self->coverage;
    cJSON *calls = cJSON_AddObjectToObject(parent, "kernel_calls");
    cJSON_AddNumberToObject(calls, "total", coverage->api_total);
    for (ApiLevel level = API_LEVEL_DEFINITE; level < API_LEVEL_COUNT; level++)
        cJSON_AddNumberToObject(calls, api_level_name(level), coverage->api_calls[level]);
    cJSON_AddNumberToObject(calls, "functions", coverage->api_functions);
    cJSON *kernel = cJSON_AddArrayToObject(parent, "kernel_functions_without_level");
    cJSON *other = cJSON_AddArrayToObject(parent, "functions_without_source");
    for (uint32_t i = 0; i < self->run.apis.len; i++) {
        const StoredApi *api = &self->run.apis.items[i];
        if (api->level != API_LEVEL_DEFINITE)
            add_api_function(coverage_is_kernel(api) ? kernel : other, api);
    }
}

static void add_unresolved(const Report *self, cJSON *parent) {
    cJSON *unresolved = cJSON_AddArrayToObject(parent, "unresolved");
    for (uint32_t i = 0; i < self->run.unresolved.len; i++) {
        const StoredUnresolved *call = &self->run.unresolved.items[i];
        cJSON *object = json_add_object(unresolved);
        cJSON_AddStringToObject(object, "file", call->file);
        cJSON_AddNumberToObject(object, "line", call->line);
        cJSON_AddNumberToObject(object, "column", call->column);
        cJSON_AddStringToObject(object, "function", call->function);
        cJSON_AddStringToObject(object, "driver", call->driver);
    }
}

void report_add_coverage(const Report *self, cJSON *parent, bool complete) {
    const Coverage *coverage = &self->coverage;
    cJSON *object = cJSON_AddObjectToObject(parent, "coverage");
    cJSON_AddNumberToObject(object, "drivers", self->run.drivers.len);
    cJSON_AddNumberToObject(object, "files", coverage->files.len);
    cJSON_AddNumberToObject(object, "functions", coverage->c.functions + coverage->cxx.functions);
    add_language(object, "c", &coverage->c);
    add_language(object, "cxx", &coverage->cxx);
    add_missing(object, coverage);
    add_calls(self, object);
    cJSON_AddNumberToObject(object, "unresolved_calls", self->run.unresolved.len);
    if (complete)
        add_unresolved(self, object);
}
