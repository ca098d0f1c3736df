/* runner_tags: annotations in sources, held against findings.
 *
 *     code;  // expect: rule-id "TEXT"; other-rule "TEXT"
 *     code;  // expect-missed: rule-id  why nothing is found
 *     code;  // expect-false: rule-id  why the finding is wrong
 *
 * TEXT is part of the finding's message or level. Invariant: every finding is accounted for by
 * exactly one tag and every tag holds; what looks like a tag but is none is a failure.
 */
#include "tests/runner.h"

static const char *skip_blanks(const char *at) {
    return at + strspn(at, " \t");
}

static const char rule_letters[] = "abcdefghijklmnopqrstuvwxyz0123456789-";

/* ---- reading ------------------------------------------------------------------------------- */

/* Where one tag stands. */
typedef struct TagLine {
    const char *file; /* relative to the folder of the test */
    uint32_t line;    /* 1-based */
} TagLine;

static int bad_tag(Runner *self, const TagLine *at, const char *why) {
    return fail(self, "%s:%u: %s", at->file, at->line, why);
}

/* The rule id at *at, or NULL. */
static const char *take_rule(Runner *self, const char **at) {
    *at = skip_blanks(*at);
    size_t len = strspn(*at, rule_letters);
    const char *rule = len == 0 ? NULL : arena_strndup(self->arena, *at, len);
    *at += len;
    return rule;
}

/* `rule "TEXT"; rule "TEXT"` up to the end. */
static int read_expects(Runner *self, const TagLine *at, const char *body, TagArray *tags) {
    for (;;) {
        Tag tag = {.kind = TAG_EXPECT, .file = at->file, .line = at->line};
        tag.rule = take_rule(self, &body);
        body = skip_blanks(body);
        if (tag.rule == NULL || *body != '"')
            return bad_tag(self, at, "expect: needs a rule id and a \"TEXT\"");
        size_t len = strcspn(body + 1, "\"");
        if (len == 0 || body[1 + len] != '"')
            return bad_tag(self, at, "expect: \"TEXT\" is empty or not closed");
        tag.text = arena_strndup(self->arena, body + 1, len);
        array_push(tags, self->arena, tag);
        body = skip_blanks(body + len + 2);
        if (*body == '\0')
            return 0;
        if (*body++ != ';')
            return bad_tag(self, at, "expect: something follows the \"TEXT\"");
    }
}

/* `rule why` up to the end. */
static int read_known(Runner *self, const TagLine *at, TagKind kind, const char *body,
                      TagArray *tags) {
    Tag tag = {.kind = kind, .file = at->file, .line = at->line};
    tag.rule = take_rule(self, &body);
    tag.text = skip_blanks(body);
    if (tag.rule == NULL || tag.text[0] == '\0')
        return bad_tag(self, at, "a known mistake needs a rule id and a reason");
    array_push(tags, self->arena, tag);
    return 0;
}

/* One tag; `tag` begins with "expect:" or "expect-". */
static int read_tag(Runner *self, const TagLine *at, const char *tag, TagArray *tags) {
    size_t name_len = strcspn(tag, ": \t");
    const char *name = arena_strndup(self->arena, tag, name_len);
    if (tag[name_len] != ':')
        return bad_tag(self, at, arena_printf(self->arena, "'%s' lacks its colon", name));
    const char *body = tag + name_len + 1;
    if (str_eq(name, "expect"))
        return read_expects(self, at, body, tags);
    if (str_eq(name, "expect-missed"))
        return read_known(self, at, TAG_MISSED, body, tags);
    if (str_eq(name, "expect-false"))
        return read_known(self, at, TAG_FALSE, body, tags);
    return bad_tag(self, at, arena_printf(self->arena, "unknown tag '%s'", name));
}

/* The next "expect:" or "expect-" at or after `at` that opens a comment, or NULL; *block: the
 * comment is not a line comment. */
static const char *next_tag(const char *at, bool *block) {
    for (; (at = strchr(at, '/')) != NULL; at++) {
        const char *word = skip_blanks(at + 2 * (at[1] == '/' || at[1] == '*'));
        bool tagged = str_starts_with(word, "expect:") || str_starts_with(word, "expect-");
        if (tagged && word != at && (at[1] == '/' || at[1] == '*')) {
            *block = at[1] == '*';
            return word;
        }
    }
    return NULL;
}

static int read_line(Runner *self, const TagLine *at, const char *line, TagArray *tags) {
    int bad = 0;
    bool block = false, next_block = false;
    const char *tag = next_tag(line, &block);
    while (tag != NULL) {
        const char *next = next_tag(tag, &next_block);
        const char *end = tag + strlen(tag);
        if (next != NULL) /* back over the blanks and the `//` that open the next one */
            for (end = next; end[-1] != '/' && end[-1] != '*';)
                end--;
        size_t len = (size_t)(end - tag) - (next != NULL ? 2 : 0);
        while (len > 0 && strchr(" \t\r", tag[len - 1]) != NULL)
            len--;
        bad += block ? bad_tag(self, at, "a tag must be a // comment")
                     : read_tag(self, at, arena_strndup(self->arena, tag, len), tags);
        tag = next;
        block = next_block;
    }
    return bad;
}

int read_tags(Runner *self, const char *file, const char *source, TagArray *tags) {
    TagLine at = {file, 0};
    int bad = 0;
    while (*source != '\0') {
        size_t len = strcspn(source, "\n");
        at.line++;
        bad += read_line(self, &at, arena_strndup(self->arena, source, len), tags);
        source += len + (source[len] == '\n');
    }
    return bad;
}

/* ---- matching ------------------------------------------------------------------------------ */

/* The report may give the file relative to a folder further up. */
static bool same_file(const char *reported, const char *file) {
    size_t reported_len = strlen(reported), len = strlen(file);
    if (reported_len == len)
        return str_eq(reported, file);
    return reported_len > len && reported[reported_len - len - 1] == '/' &&
           str_ends_with(reported, file);
}

static bool at_tag(const Found *found, const Tag *tag) {
    return found->line == tag->line && str_eq(found->rule, tag->rule) &&
           same_file(found->file, tag->file);
}

static bool text_fits(const Found *found, const Tag *tag) {
    return tag->kind != TAG_EXPECT || strstr(found->message, tag->text) != NULL ||
           strstr(found->irql, tag->text) != NULL;
}

static bool take_finding(const Tag *tag, FoundArray *found) {
    for (uint32_t i = 0; i < found->len; i++) {
        Found *candidate = &found->items[i];
        if (!candidate->taken && at_tag(candidate, tag) && text_fits(candidate, tag)) {
            candidate->taken = true;
            return true;
        }
    }
    return false;
}

static bool any_finding(const Tag *tag, const FoundArray *found) {
    for (uint32_t i = 0; i < found->len; i++)
        if (at_tag(&found->items[i], tag))
            return true;
    return false;
}

static int check_tag(Runner *self, const Tag *tag, FoundArray *found) {
    switch (tag->kind) {
    case TAG_EXPECT:
        return take_finding(tag, found) ? 0
                                        : fail(self, "%s:%u: not found: %s \"%s\"", tag->file,
                                               tag->line, tag->rule, tag->text);
    case TAG_FALSE:
        return take_finding(tag, found) ? 0
                                        : fail(self, "%s:%u: the false %s is gone: remove its tag",
                                               tag->file, tag->line, tag->rule);
    case TAG_MISSED:
        return any_finding(tag, found)
                   ? fail(self, "%s:%u: %s is no longer missed: make it an expect", tag->file,
                          tag->line, tag->rule)
                   : 0;
    default:
        return 0;
    }
}

int match_tags(Runner *self, const TagArray *tags, FoundArray *found) {
    int failures = 0;
    for (uint32_t i = 0; i < tags->len; i++)
        failures += check_tag(self, &tags->items[i], found);
    for (uint32_t i = 0; i < found->len; i++) {
        const Found *one = &found->items[i];
        if (!one->taken)
            failures += fail(self, "%s:%u: finding without a tag: %s: %s [%s]", one->file,
                             one->line, one->rule, one->message, one->irql);
    }
    return failures;
}
