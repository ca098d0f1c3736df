/* drafts: from the reports of the rules to the findings of a driver: order, de-duplication,
 * fingerprints.
 *
 * Invariants: findings are sorted by file, line, column, rule, subject, and no two agree in all of
 * them: an inline function of a header that many units see gives one finding. A fingerprint depends
 * on rule, file (relative), function and subject, and on which of several equal ones it is: lines,
 * columns, locals and layout may change. It errs towards keeping: what differs in any of these
 * stays two findings.
 */
#include "analyzer/check/internal.h"

#include <stdlib.h>

static int compare_u32(uint32_t a, uint32_t b) {
    return (a > b) - (a < b);
}

static uint32_t key_column(const Draft *draft) {
    return draft->access ? 0 : draft->finding.column;
}

/* Equal for drafts that are one finding. */
static int compare_keys(const Draft *a, const Draft *b) {
    int order = strcmp(a->finding.file, b->finding.file);
    if (order == 0)
        order = compare_u32(a->finding.line, b->finding.line);
    if (order == 0)
        order = strcmp(a->finding.rule, b->finding.rule);
    if (order == 0)
        order = strcmp(a->finding.subject, b->finding.subject);
    if (order == 0)
        order = compare_u32(key_column(a), key_column(b));
    return order;
}

/* The one to keep comes first: surest, highest level, shortest path, leftmost. */
static int compare_drafts(const void *left, const void *right) {
    const Draft *a = left, *b = right;
    int order = compare_keys(a, b);
    if (order == 0)
        order = compare_u32(a->finding.certainty, b->finding.certainty);
    if (order == 0)
        order = compare_u32(b->finding.irql, a->finding.irql);
    if (order == 0)
        order = compare_u32(a->finding.step_count, b->finding.step_count);
    if (order == 0)
        order = compare_u32(a->finding.column, b->finding.column);
    if (order == 0)
        order = compare_u32(a->finding.context, b->finding.context);
    if (order == 0)
        order = strcmp(a->finding.message, b->finding.message);
    if (order == 0)
        order = strcmp(a->finding.function, b->finding.function);
    return order;
}

static int compare_findings(const void *left, const void *right) {
    const Finding *a = left, *b = right;
    int order = strcmp(a->file, b->file);
    if (order == 0)
        order = compare_u32(a->line, b->line);
    if (order == 0)
        order = compare_u32(a->column, b->column);
    if (order == 0)
        order = strcmp(a->rule, b->rule);
    if (order == 0)
        order = strcmp(a->subject, b->subject);
    return order;
}

/* ---- hashes -----------------------------------------------------------------------------------
 */

/* FNV-1a over the text and its NUL. Part of the fingerprint's definition (irqlintFingerprint/v1):
 * baselines hold its values, so it must not change. */
static uint64_t mix(uint64_t hash, const char *text) {
    do {
        hash = (hash ^ (unsigned char)*text) * 0x100000001b3u;
    } while (*text++ != '\0');
    return hash;
}

/* ---- one cause, many lines -------------------------------------------------------------------
 */

/* Rests on the framework's default level alone: one setting of the driver would end it. */
static bool is_by_default(const Finding *finding) {
    return finding->assumption == ASSUME_DEFAULT_LEVEL && finding->certainty == POSSIBLE &&
           finding->step_count > 0;
}

/* Of a rule and a root. */
static uint64_t cause_of(const Finding *finding) {
    const Step *root = &finding->steps[0];
    char place[32];
    snprintf(place, sizeof place, "%u:%u", root->line, root->column);
    return mix(mix(mix(mix(0xcbf29ce484222325u, finding->rule), root->file), place), root->message);
}

/* Everything below a callback is wrong when the framework calls it at DISPATCH_LEVEL. That is one
 * thing to decide, so the shortest path stays and says how many there are; the others are weak. */
static void keep_one_by_cause(Arena *arena, FindingArray *findings) {
    Map64 *shortest = map64_new(arena), *count = map64_new(arena);
    for (uint32_t i = 0; i < findings->len; i++) {
        const Finding *finding = &findings->items[i];
        bool created;
        if (!is_by_default(finding))
            continue;
        uint64_t cause = cause_of(finding);
        uint32_t *best = map64_put(shortest, cause, &created);
        if (created || finding->step_count < findings->items[*best].step_count)
            *best = i;
        (*map64_put(count, cause, NULL))++;
    }
    for (uint32_t i = 0; i < findings->len; i++) {
        Finding *finding = &findings->items[i];
        if (!is_by_default(finding))
            continue;
        uint32_t others = *map64_get(count, cause_of(finding)) - 1;
        if (*map64_get(shortest, cause_of(finding)) != i)
            finding->certainty = POSSIBLE_WEAK;
        else if (others > 0)
            finding->message = arena_printf(
                arena, "%s, and %u more line%s below the same callback would be as wrong",
                finding->message, others, others == 1 ? "" : "s");
    }
}

/* ---- fingerprints ------------------------------------------------------------------------- */

/* A file outside the driver's folder lies somewhere else on every machine: its name must do. */
static const char *stable_path(Arena *arena, const char *base_dir, const char *file) {
    const char *relative = path_relative(arena, base_dir, file);
    return relative[0] == '/' ? path_base(relative) : relative;
}

static void set_fingerprints(Arena *arena, const char *base_dir, FindingArray *findings) {
    Map64 *seen = map64_new(arena);
    for (uint32_t i = 0; i < findings->len; i++) {
        Finding *finding = &findings->items[i];
        uint64_t hash = mix(0xcbf29ce484222325u, finding->rule);
        hash = mix(hash, stable_path(arena, base_dir, finding->file));
        hash = mix(hash, finding->function);
        hash = mix(hash, finding->subject);
        uint32_t ordinal = (*map64_put(seen, hash, NULL))++;
        char number[16];
        snprintf(number, sizeof number, "%u", ordinal);
        finding->fingerprint =
            arena_printf(arena, "%016llx", (unsigned long long)mix(hash, number));
    }
}

void drafts_finish(DraftArray *drafts, Arena *arena, const char *base_dir, FindingArray *findings) {
    if (drafts->len == 0)
        return;
    qsort(drafts->items, drafts->len, sizeof *drafts->items, compare_drafts);
    for (uint32_t i = 0; i < drafts->len; i++) {
        if (i == 0 || compare_keys(&drafts->items[i - 1], &drafts->items[i]) != 0)
            array_push(findings, arena, drafts->items[i].finding);
    }
    qsort(findings->items, findings->len, sizeof *findings->items, compare_findings);
    keep_one_by_cause(arena, findings);
    set_fingerprints(arena, base_dir, findings);
}
