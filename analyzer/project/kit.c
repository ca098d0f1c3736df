/* kit: what the property sheets of the driver kit add to a project, which are not here to import.
 *
 * Known are the macros that sources ask for: framework versions by the type of the driver, the
 * Windows version that is targeted when it is not the newest, a checked build. A project's own
 * definitions win. Errs towards not defining.
 */
#include "analyzer/project/load.h"
#include "analyzer/project/msbuild.h"

#include <ctype.h>

static bool is_property(const Msbuild *build, const char *name, const char *value) {
    return str_icmp(ms_property(build, name), value) == 0;
}

/* "-DNAME=value" unless the arguments define the name already. */
static void define(Arena *arena, CStrArray *args, const char *name, const char *value) {
    size_t len = strlen(name);
    for (uint32_t i = 0; i < args->len; i++) {
        const char *arg = args->items[i];
        bool same = (str_starts_with(arg, "-D") || str_starts_with(arg, "-U")) &&
                    strncmp(arg + 2, name, len) == 0 && (arg[2 + len] == '=' || arg[2 + len] == 0);
        if (same)
            return;
    }
    array_push(args, arena, arena_printf(arena, "-D%s=%s", name, value));
}

static bool is_number(const char *text) {
    return isdigit((unsigned char)text[0]) && strlen(text) <= 12 &&
           text[strspn(text, "0123456789abcdefABCDEFx")] == '\0';
}

/* A number out of a property, else out of `otherwise`. */
static const char *number(const Msbuild *build, const char *name, const char *otherwise) {
    const char *value = ms_property(build, name);
    return is_number(value) ? value : otherwise;
}

static void define_framework(const Msbuild *build, CStrArray *args) {
    bool user = is_property(build, "DriverType", "UMDF");
    if (!user && !is_property(build, "DriverType", "KMDF"))
        return;
    const char *kind = user ? "UMDF" : "KMDF";
    const char *major = arena_printf(build->arena, "%s_VERSION_MAJOR", kind);
    const char *minor = arena_printf(build->arena, "%s_VERSION_MINOR", kind);
    define(build->arena, args, major, number(build, major, user ? "2" : "1"));
    define(build->arena, args, minor, number(build, minor, "15"));
}

/* _WIN32_WINNT of a TargetVersion, NULL for the newest and for what is not known. */
static const char *windows_version(const char *target) {
    static const char *const versions[][2] = {
        {"Vista", "0x0600"},       {"WindowsVista", "0x0600"}, {"Win7", "0x0601"},
        {"Windows7", "0x0601"},    {"Win8", "0x0602"},         {"Windows8", "0x0602"},
        {"WindowsV6.3", "0x0603"}, {"WinBlue", "0x0603"},      {"Windows8.1", "0x0603"},
    };
    for (size_t i = 0; i < sizeof versions / sizeof *versions; i++) {
        if (str_icmp(target, versions[i][0]) == 0)
            return versions[i][1];
    }
    return NULL;
}

static void define_windows_version(const Msbuild *build, CStrArray *args) {
    const char *version = windows_version(ms_property(build, "TargetVersion"));
    if (version == NULL)
        return;
    define(build->arena, args, "_WIN32_WINNT", version);
    define(build->arena, args, "WINVER", version);
    define(build->arena, args, "NTDDI_VERSION", arena_printf(build->arena, "%s0000", version));
}

void add_kit_macros(const Msbuild *build, CStrArray *args) {
    define_framework(build, args);
    define_windows_version(build, args);
    const char *configuration = ms_property(build, "Configuration");
    if (is_property(build, "UseDebugLibraries", "true") ||
        (ms_property(build, "UseDebugLibraries")[0] == '\0' &&
         strcasestr(configuration, "debug") != NULL))
        define(build->arena, args, "DBG", "1");
}
