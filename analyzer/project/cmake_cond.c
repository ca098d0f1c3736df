/* cmake_cond: decides if(NAME) and if(NOT NAME).
 *
 * A variable that no call sets is false: options that are given on the command line start as off.
 * What compares, asks for CMake's own variables or combines is unknown. Errs towards unknown.
 */
#include "analyzer/project/cmake_cond.h"

static CmakeTruth truth_not(CmakeTruth truth) {
    return truth == CMAKE_UNKNOWN ? truth : truth == CMAKE_TRUE ? CMAKE_FALSE : CMAKE_TRUE;
}

static bool is_word(const char *text, const char *const *words) {
    while (*words != NULL && str_icmp(text, *words) != 0)
        words++;
    return *words != NULL;
}

static bool is_false_value(const char *text) {
    static const char *const words[] = {"",  "0",      "OFF",      "NO", "FALSE",
                                        "N", "IGNORE", "NOTFOUND", NULL};
    return is_word(text, words) || str_ends_with(text, "-NOTFOUND");
}

static CmakeTruth truth_of(const CmakeScope *scope, const char *name) {
    static const char *const truths[] = {"1", "ON", "YES", "TRUE", "Y", "WIN32", "MSVC", NULL};
    static const char *const others[] = {"UNIX",  "APPLE",  "LINUX", "ANDROID",
                                         "MINGW", "CYGWIN", NULL};
    if (is_word(name, truths))
        return CMAKE_TRUE;
    if (is_false_value(name) || is_word(name, others))
        return CMAKE_FALSE;
    if (str_starts_with(name, "CMAKE_") || strpbrk(name, " ;/\\.$\"") != NULL ||
        (name[0] >= '0' && name[0] <= '9'))
        return CMAKE_UNKNOWN;
    return is_false_value(cmake_get(scope, name)) ? CMAKE_FALSE : CMAKE_TRUE;
}

static CmakeTruth decide(const CmakeScope *scope, const CStrArray *words) {
    if (words->len == 1)
        return truth_of(scope, words->items[0]);
    if (words->len == 2 && str_icmp(words->items[0], "NOT") == 0)
        return truth_not(truth_of(scope, words->items[1]));
    return CMAKE_UNKNOWN;
}

/* The arm after `arm`, whose own condition is `holds`. */
static CmakeArm next_arm(CmakeArm arm, CmakeTruth holds) {
    CmakeArm next = {.earlier = arm.earlier};
    if (arm.now == CMAKE_TRUE || (arm.now == CMAKE_UNKNOWN && next.earlier == CMAKE_FALSE))
        next.earlier = arm.now;
    if (next.earlier == CMAKE_TRUE || holds == CMAKE_FALSE)
        next.now = CMAKE_FALSE;
    else
        next.now = next.earlier == CMAKE_UNKNOWN ? CMAKE_UNKNOWN : holds;
    return next;
}

bool cmake_cond_see(CmakeConds *self, Arena *arena, const CmakeScope *scope, const char *call,
                    const CStrArray *words) {
    bool begins = str_icmp(call, "if") == 0, otherwise = str_icmp(call, "else") == 0;
    bool also = str_icmp(call, "elseif") == 0, ends = str_icmp(call, "endif") == 0;
    if (begins) {
        CmakeArm arm = {decide(scope, words), CMAKE_FALSE};
        array_push(&self->open, arena, arm);
    } else if ((otherwise || also) && self->open.len > 0) {
        CmakeArm *arm = &self->open.items[self->open.len - 1];
        *arm = next_arm(*arm, otherwise ? CMAKE_TRUE : decide(scope, words));
    } else if (ends && self->open.len > 0) {
        self->open.len--;
    }
    return begins || otherwise || also || ends;
}

bool cmake_cond_is_off(const CmakeConds *self) {
    for (uint32_t i = 0; i < self->open.len; i++) {
        if (self->open.items[i].now == CMAKE_FALSE)
            return true;
    }
    return false;
}
