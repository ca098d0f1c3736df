/* html: the report as one file for a browser: style and script (html/) and the run as JSON.
 *
 * Safe against hostile names and sources: all of it is JSON text in a data block, in which `<`
 * never appears; the script puts it into the page as text only. Only the pages of the rules, which
 * are ours, are HTML. The file fetches nothing.
 */
#include "analyzer/report/internal.h"
#include "irqlint/rule.h"

#include <md4c-html.h>

enum { LINES_AROUND = 3 };

extern const char report_html_css[];
extern const char report_html_js[];
extern const char report_html_body[];

typedef struct Html {
    const Report *report; /* what is shown */
    Sources *sources;     /* lines around */
} Html;

static void add_string(cJSON *array, const char *text) {
    cJSON_AddItemToArray(array, cJSON_CreateString(text));
}

/* ---- rules -------------------------------------------------------------------------------------
 */

typedef struct PageText {
    Arena *arena; /* of the text */
    Text text;    /* so far */
} PageText;

static void take_html(const MD_CHAR *text, MD_SIZE size, void *context) {
    PageText *page = context;
    text_append_len(&page->text, page->arena, text, size);
}

/* Its title is left out: the report has it already. */
static const char *page_of(const Html *self, const Rule *rule) {
    PageText page = {.arena = self->report->arena};
    const char *text = rule_page(rule), *rest = strchr(text, '\n');
    if (rest == NULL ||
        md_html(rest, (MD_SIZE)strlen(rest), take_html, &page, MD_DIALECT_GITHUB, 0) != 0)
        return "";
    return text_cstr(&page.text, page.arena);
}

static bool has_finding_of(const StoredFinding *findings, uint32_t count, const char *rule) {
    for (uint32_t i = 0; i < count; i++) {
        if (str_eq(findings[i].finding.rule, rule))
            return true;
    }
    return false;
}

/* Those that the findings are of. */
static void add_rules(const Html *self, cJSON *root) {
    const Report *report = self->report;
    cJSON *rules = cJSON_AddArrayToObject(root, "rules");
    for (uint32_t i = 0; i < report->run.rules.len; i++) {
        const StoredRule *stored = &report->run.rules.items[i];
        const Rule *rule = check_rule(stored->id);
        bool used =
            has_finding_of(report->run.findings.items, report->run.findings.len, stored->id) ||
            has_finding_of(report->known.items, report->known.len, stored->id) ||
            has_finding_of(report->accepted.items, report->accepted.len, stored->id);
        if (!used || rule == NULL)
            continue;
        cJSON *object = json_add_object(rules);
        cJSON_AddStringToObject(object, "id", stored->id);
        cJSON_AddStringToObject(object, "title", stored->title);
        cJSON_AddStringToObject(object, "hint", rule->hint);
        cJSON_AddStringToObject(object, "page", page_of(self, rule));
    }
}

/* ---- findings ----------------------------------------------------------------------------------
 */

/* The lines around, when the line itself is still what was analysed; else that alone. */
static void add_excerpt(const Html *self, cJSON *object, const StoredStep *stored) {
    Arena *arena = self->report->arena;
    const Step *step = &stored->step;
    uint32_t first = step->line, last = step->line;
    const char *path =
        step->file[0] == '/' ? step->file : path_join(arena, self->report->run.root, step->file);
    if (step->line != 0 && stored->snippet[0] != '\0' &&
        str_eq(sources_spot(self->sources, path, step->line, 0).text, stored->snippet)) {
        uint32_t count = sources_line_count(self->sources, path);
        first = step->line > LINES_AROUND ? step->line - LINES_AROUND : 1;
        last = step->line + LINES_AROUND < count ? step->line + LINES_AROUND : count;
    }
    cJSON_AddNumberToObject(object, "first", first);
    cJSON *lines = cJSON_AddArrayToObject(object, "lines");
    for (uint32_t line = first; line <= last && stored->snippet[0] != '\0'; line++)
        add_string(lines, line == step->line ? stored->snippet
                                             : sources_spot(self->sources, path, line, 0).text);
}

static void add_finding(const Html *self, cJSON *findings, const StoredFinding *stored,
                        const char *state) {
    const char *reason = stored->verdict.kind == VERDICT_OPEN ? "" : stored->verdict.reason;
    cJSON *object = report_add_finding(findings, stored);
    cJSON_AddStringToObject(object, "assumption", stored->assumption);
    cJSON_AddStringToObject(object, "state", state);
    cJSON_AddStringToObject(object, "reason", reason);
    cJSON_AddStringToObject(object, "driver", stored->driver);
    uint32_t i = 0;
    cJSON *step;
    cJSON_ArrayForEach(step, cJSON_GetObjectItemCaseSensitive(object, "steps")) {
        add_excerpt(self, step, &stored->steps[i++]);
    }
}

static void add_findings(const Html *self, cJSON *root) {
    const Report *report = self->report;
    cJSON *findings = cJSON_AddArrayToObject(root, "findings");
    for (uint32_t i = 0; i < report->run.findings.len; i++)
        add_finding(self, findings, &report->run.findings.items[i], "open");
    for (uint32_t i = 0; i < report->known.len; i++)
        add_finding(self, findings, &report->known.items[i], "in the baseline");
    for (uint32_t i = 0; i < report->accepted.len; i++)
        add_finding(self, findings, &report->accepted.items[i], "suppressed");
}

/* ---- functions and files -----------------------------------------------------------------------
 */

/* [name, file, line, driver, section, [[context, level], …]] */
static void add_function(const Html *self, cJSON *functions, const StoredFunction *function) {
    cJSON *row = cJSON_CreateArray(), *list = cJSON_CreateArray();
    cJSON_AddItemToArray(functions, row);
    add_string(row, function->name);
    add_string(row, function->file);
    cJSON_AddItemToArray(row, cJSON_CreateNumber(function->line));
    add_string(row, function->driver);
    add_string(row, function->segment);
    cJSON_AddItemToArray(row, list);
    PairSet pairs = report_pairs(function, self->report->options->certainty);
    for (unsigned pair = 0; pair < CONTEXT_COUNT * IRQL_COUNT; pair++) {
        if ((pairs >> pair & 1) == 0)
            continue;
        cJSON *place = cJSON_CreateArray();
        cJSON_AddItemToArray(list, place);
        add_string(place, context_name(pair_context(pair)));
        add_string(place, irql_name(pair_irql(pair)));
    }
}

static void add_file(const Html *self, cJSON *files, const StoredUnit *unit) {
    cJSON *object = json_add_object(files);
    cJSON_AddStringToObject(object, "file", unit->file);
    cJSON_AddStringToObject(object, "driver", unit->driver);
    cJSON_AddStringToObject(object, "status", ir_status_name(unit->status));
    cJSON_AddNumberToObject(object, "functions", unit->functions);
    cJSON_AddNumberToObject(object, "incomplete", unit->incomplete_functions);
    cJSON *messages = cJSON_AddArrayToObject(object, "messages");
    for (uint32_t i = 0; i < unit->message_count; i++)
        add_string(messages, report_unit_message(self->report, &unit->messages[i]));
}

static void add_words(cJSON *root) {
    cJSON *contexts = cJSON_AddArrayToObject(root, "contexts");
    for (unsigned context = 0; context < CONTEXT_COUNT; context++)
        add_string(contexts, context_name((Context)context));
    cJSON *levels = cJSON_AddArrayToObject(root, "levels");
    for (unsigned irql = 0; irql < IRQL_COUNT; irql++)
        add_string(levels, irql_name((Irql)irql));
}

/* ---- the file ----------------------------------------------------------------------------------
 */

static cJSON *data_of(const Html *self) {
    const StoredRun *run = &self->report->run;
    cJSON *root = cJSON_CreateObject();
    add_rules(self, root);
    add_findings(self, root);
    cJSON *drivers = cJSON_AddArrayToObject(root, "drivers");
    for (uint32_t i = 0; i < run->drivers.len; i++)
        add_string(drivers, run->drivers.items[i]);
    cJSON *functions = cJSON_AddArrayToObject(root, "functions");
    for (uint32_t i = 0; i < run->functions.len; i++)
        add_function(self, functions, &run->functions.items[i]);
    cJSON *files = cJSON_AddArrayToObject(root, "files");
    for (uint32_t i = 0; i < run->units.len; i++)
        add_file(self, files, &run->units.items[i]);
    cJSON *problems = cJSON_AddArrayToObject(root, "problems");
    for (uint32_t i = 0; i < run->problems.len; i++)
        add_string(problems, run->problems.items[i]);
    for (uint32_t i = 0; i < run->notices.len; i++)
        add_string(problems, report_notice(self->report, &run->notices.items[i]));
    add_words(root);
    return root;
}

/* In JSON `<` stands in strings only; escaped there it cannot end the block or open a comment. */
static void put_json(const char *text, FILE *out) {
    for (; *text != '\0'; text++) {
        if (*text == '<')
            fputs("\\u003c", out);
        else
            fputc(*text, out);
    }
}

int report_html(const Report *self, FILE *out) {
    Html html = {.report = self, .sources = sources_new(self->arena)};
    cJSON *root = data_of(&html);
    char *text = cJSON_PrintUnformatted(root);
    cJSON_Delete(root);
    if (text == NULL)
        return -1;
    fputs("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
          "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
          "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
          "style-src 'unsafe-inline'; script-src 'unsafe-inline'\">\n"
          "<title>irqlint report</title>\n<style>\n",
          out);
    fprintf(out, "%s</style>\n</head>\n%s", report_html_css, report_html_body);
    fputs("<script type=\"application/json\" id=\"data\">", out);
    put_json(text, out);
    fprintf(out, "</script>\n<script>\n%s</script>\n</body>\n</html>\n", report_html_js);
    cJSON_free(text);
    return 0;
}
