/* junit: the report as JUnit XML, for servers that show test results.
 *
 * One suite. A finding is a failed test case, named by rule and line, whose text is its path; a
 * file that could not be analysed, or a problem, is a case with an error. A run without any of
 * these is one case that passed, because servers take an empty suite for a run that did not happen.
 */
#include "analyzer/report/internal.h"

#include <libxml/xmlwriter.h>

/* XML 1.0 has no control characters but tab and line ends. */
static const xmlChar *xml_text(const Report *self, const char *text) {
    char *copy = arena_strdup(self->arena, text);
    for (char *at = copy; *at != '\0'; at++) {
        unsigned char c = (unsigned char)*at;
        if ((c < 0x20 && c != '\t' && c != '\n') || c == 0x7f)
            *at = '?';
        if (c == 0xef && (unsigned char)at[1] == 0xbf && (unsigned char)at[2] >= 0xbe)
            memcpy(at, "???", 3); /* U+FFFE and U+FFFF */
    }
    return BAD_CAST copy;
}

static void attribute(const Report *self, xmlTextWriter *out, const char *name, const char *value) {
    xmlTextWriterWriteAttribute(out, BAD_CAST name, xml_text(self, value));
}

static void number(const Report *self, xmlTextWriter *out, const char *name, uint32_t value) {
    attribute(self, out, name, arena_printf(self->arena, "%u", value));
}

static void begin_case(const Report *self, xmlTextWriter *out, const char *class_name,
                       const char *name) {
    xmlTextWriterStartElement(out, BAD_CAST "testcase");
    attribute(self, out, "classname", class_name);
    attribute(self, out, "name", name);
}

static const char *story_of(const Report *self, const StoredFinding *stored) {
    Text text = {0};
    text_printf(&text, self->arena, "%s %s\n", stored->finding.message,
                report_certainty(self, stored));
    for (uint32_t i = 0; i < stored->finding.step_count; i++) {
        const Step *step = &stored->steps[i].step;
        text_printf(&text, self->arena, "%u. %s %s:%u: %s%s%s [%s]\n", i + 1,
                    step_kind_name(step->kind), step->file, step->line, step->function,
                    step->function[0] == '\0' ? "" : ": ", step->message, irql_name(step->irql));
    }
    return text_cstr(&text, self->arena);
}

static void add_finding(const Report *self, xmlTextWriter *out, const StoredFinding *stored) {
    const Finding *finding = &stored->finding;
    begin_case(
        self, out, stored->driver,
        arena_printf(self->arena, "%s at %s:%u", finding->rule, finding->file, finding->line));
    attribute(self, out, "file", finding->file);
    number(self, out, "line", finding->line);
    xmlTextWriterStartElement(out, BAD_CAST "properties");
    xmlTextWriterStartElement(out, BAD_CAST "property");
    attribute(self, out, "name", "fingerprint");
    attribute(self, out, "value", finding->fingerprint);
    xmlTextWriterEndElement(out);
    xmlTextWriterEndElement(out);
    xmlTextWriterStartElement(out, BAD_CAST "failure");
    attribute(self, out, "type", finding_level_name(finding->level));
    attribute(self, out, "message", finding->message);
    xmlTextWriterWriteString(out, xml_text(self, story_of(self, stored)));
    xmlTextWriterEndElement(out);
    xmlTextWriterEndElement(out);
}

static void add_error(const Report *self, xmlTextWriter *out, const char *class_name,
                      const char *name, const char *message) {
    begin_case(self, out, class_name, name);
    xmlTextWriterStartElement(out, BAD_CAST "error");
    attribute(self, out, "message", message);
    xmlTextWriterEndElement(out);
    xmlTextWriterEndElement(out);
}

static void add_errors(const Report *self, xmlTextWriter *out) {
    for (uint32_t i = 0; i < self->run.units.len; i++) {
        const StoredUnit *unit = &self->run.units.items[i];
        if (unit->status != IR_FAILED)
            continue;
        const char *why = unit->message_count == 0 ? "not analysed"
                                                   : report_unit_message(self, &unit->messages[0]);
        add_error(self, out, unit->driver, unit->file, why);
    }
    for (uint32_t i = 0; i < self->run.problems.len; i++)
        add_error(self, out, "irqlint", "problem", self->run.problems.items[i]);
}

static void add_suite(const Report *self, xmlTextWriter *out) {
    uint32_t failures = self->run.findings.len;
    uint32_t errors = self->units[IR_FAILED] + self->run.problems.len;
    bool clean = failures + errors == 0;
    xmlTextWriterStartElement(out, BAD_CAST "testsuite");
    attribute(self, out, "name", "irqlint");
    number(self, out, "tests", failures + errors + clean);
    number(self, out, "failures", failures);
    number(self, out, "errors", errors);
    for (uint32_t i = 0; i < failures; i++)
        add_finding(self, out, &self->run.findings.items[i]);
    add_errors(self, out);
    if (clean) {
        begin_case(self, out, "irqlint", "no findings");
        xmlTextWriterEndElement(out);
    }
    xmlTextWriterEndElement(out);
}

int report_junit(const Report *self, FILE *out) {
    xmlBuffer *buffer = xmlBufferCreate();
    xmlTextWriter *writer = buffer == NULL ? NULL : xmlNewTextWriterMemory(buffer, 0);
    if (writer == NULL) {
        xmlBufferFree(buffer);
        return -1;
    }
    xmlTextWriterSetIndent(writer, 1);
    xmlTextWriterStartDocument(writer, NULL, "UTF-8", NULL);
    xmlTextWriterStartElement(writer, BAD_CAST "testsuites");
    add_suite(self, writer);
    int status = xmlTextWriterEndDocument(writer) < 0 ? -1 : 0;
    xmlFreeTextWriter(writer);
    if (status == 0)
        fputs((const char *)xmlBufferContent(buffer), out);
    xmlBufferFree(buffer);
    return status;
}
