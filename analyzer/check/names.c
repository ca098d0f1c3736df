/* names: the words for steps and finding levels, the same in the store and in every report. */
#include "irqlint/finding.h"

const char *step_kind_name(StepKind kind) {
    static const char *const names[] = {
        [STEP_ROOT] = "root",   [STEP_CALL] = "call",     [STEP_RAISE] = "raise",
        [STEP_LOWER] = "lower", [STEP_ACCESS] = "access", [STEP_SINK] = "sink",
    };
    return names[kind];
}

const char *finding_level_name(FindingLevel level) {
    static const char *const names[] = {
        [LEVEL_NOTE] = "note",
        [LEVEL_WARNING] = "warning",
        [LEVEL_ERROR] = "error",
    };
    return names[level];
}
