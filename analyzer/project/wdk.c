/* wdk: a real driver kit on this machine instead of the model headers.
 *
 * Known layouts below the folder that is named, in any case: Include/<version>/{km,shared} with
 * Include/wdf/kmdf/<version> (the newest version; of the framework the one that a unit's macros
 * ask for), Include/{km,shared}, and inc/{ddk,api,crt} of the oldest kits. The kit's folders are
 * searched behind the driver's and before the model's; in front of them lies what is laid over the
 * kit: annotations and marks as the front end reads them.
 */
#include "analyzer/project/load.h"

#include <stdlib.h>

static const char *folder(Loader *self, const char *dir, const char *name) {
    return dir == NULL ? NULL : view_find(self->view, dir, name, PATH_DIR);
}

/* The folder below `dir` with the greatest version that holds `inside`; `wanted` before all. */
static const char *newest(Loader *self, const char *dir, const char *inside, const char *wanted) {
    const char *best = NULL;
    const DirListing *listing = dir == NULL ? NULL : view_list(self->view, dir);
    for (uint32_t i = 0; listing != NULL && i < listing->len; i++) {
        const char *name = listing->entries[i].name;
        const char *path = path_join(self->arena, dir, name);
        if (name[0] < '0' || name[0] > '9' ||
            view_find(self->view, path, inside, PATH_FILE) == NULL)
            continue;
        if (wanted != NULL && str_eq(name, wanted))
            return path;
        if (best == NULL || strverscmp(name, path_base(best)) > 0)
            best = path;
    }
    return best;
}

/* "1.31" of the unit's framework macros, NULL when they do not say. */
static const char *framework_version(Loader *self, const ProjectUnit *unit) {
    static const char minor[] = "-DKMDF_VERSION_MINOR=";
    for (uint32_t i = 0; i < unit->args.len; i++) {
        if (str_starts_with(unit->args.items[i], minor))
            return arena_printf(self->arena, "1.%s", unit->args.items[i] + strlen(minor));
    }
    return NULL;
}

static const char *version_asked_for(void) {
    const char *version = getenv("WindowsSDKVersion");
    return version != NULL && version[0] != '\0' ? version : NULL;
}

static void add_if_there(Loader *self, Kit *kit, const char *dir, const char *name) {
    const char *path = folder(self, dir, name);
    if (path != NULL)
        cstr_add(&kit->dirs, self->arena, path);
}

/* Fills the kit from its Include folder; false when this is none. */
static bool read_include(Loader *self, Kit *kit, const char *include) {
    static const char *const parts[] = {"km", "km/crt", "shared", "ucrt", NULL};
    if (include == NULL)
        return false;
    const char *asked = version_asked_for();
    if (asked != NULL)
        asked = path_base(path_join(self->arena, "/", slashes(self->arena, asked)));
    const char *base = newest(self, include, "km/wdm.h", asked);
    if (base == NULL && view_find(self->view, include, "km/wdm.h", PATH_FILE) != NULL)
        base = include;
    for (uint32_t i = 0; base != NULL && parts[i] != NULL; i++)
        add_if_there(self, kit, base, parts[i]);
    kit->frameworks = folder(self, include, "wdf/kmdf");
    return base != NULL;
}

static bool read_old_include(Loader *self, Kit *kit, const char *include) {
    static const char *const parts[] = {"ddk", "api", "crt", NULL};
    if (include == NULL || view_find(self->view, include, "ddk/wdm.h", PATH_FILE) == NULL)
        return false;
    for (uint32_t i = 0; parts[i] != NULL; i++)
        add_if_there(self, kit, include, parts[i]);
    kit->frameworks = folder(self, include, "wdf/kmdf");
    return true;
}

static bool read_kit(Loader *self, Kit *kit, const char *dir) {
    static const char *const places[] = {"Include",
                                         ".",
                                         "c/Include",
                                         "Program Files/Windows Kits/10/Include",
                                         "Windows Kits/10/Include",
                                         NULL};
    for (uint32_t i = 0; places[i] != NULL; i++) {
        if (read_include(self, kit, folder(self, dir, places[i])))
            return true;
    }
    return read_old_include(self, kit, folder(self, dir, "inc"));
}

/* ---- the units ------------------------------------------------------------------------------ */

static void add_kit_args(Loader *self, const Kit *kit, ProjectUnit *unit) {
    const char *over = arena_printf(self->arena, "%s-kit", view_model_dir(self->view));
    const char *framework = newest(self, kit->frameworks, "wdf.h", framework_version(self, unit));
    array_push(&unit->args, self->arena, "-include");
    array_push(&unit->args, self->arena, path_join(self->arena, over, "irqlint_laid_over.h"));
    array_push(&unit->args, self->arena, arena_printf(self->arena, "-I%s", over));
    for (uint32_t i = 0; i < kit->dirs.len; i++)
        array_push(&unit->args, self->arena, arena_printf(self->arena, "-I%s", kit->dirs.items[i]));
    if (framework != NULL)
        array_push(&unit->args, self->arena, arena_printf(self->arena, "-I%s", framework));
}

static const char *kit_in_environment(void) {
    static const char *const names[] = {"WDKContentRoot", "WindowsSdkDir", NULL};
    for (uint32_t i = 0; names[i] != NULL; i++) {
        const char *value = getenv(names[i]);
        if (value != NULL && value[0] != '\0')
            return value;
    }
    return NULL;
}

const char *kit_asked_for(Loader *self) {
    const char *asked = self->options->wdk;
    const char *name = asked != NULL ? asked : kit_in_environment();
    if (name == NULL || self->options->model_dir == NULL)
        return NULL;
    return view_find(self->view, path_absolute(self->arena, "."), name, PATH_DIR);
}

void use_kit(Loader *self) {
    Kit kit = {0};
    const char *asked = self->options->wdk;
    const char *dir = kit_asked_for(self);
    if (self->options->model_dir == NULL || (asked == NULL && dir == NULL))
        return;
    if (dir == NULL || !read_kit(self, &kit, dir)) {
        if (asked != NULL)
            add_problem(self, asked,
                        "holds no driver kit: neither Include/…/km/wdm.h nor "
                        "inc/ddk/wdm.h; the model headers are used");
        return;
    }
    self->project->kit_dir = dir;
    for (uint32_t d = 0; d < self->project->drivers.len; d++) {
        ProjectUnitArray *units = &self->project->drivers.items[d].units;
        for (uint32_t u = 0; u < units->len; u++)
            add_kit_args(self, &kit, &units->items[u]);
    }
}
