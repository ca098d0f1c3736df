/* project files: FUZZ_NAME is the name under which the bytes are read. */
#include "analyzer/project/project.h"
#include "fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    const char *path = fuzz_file(FUZZ_NAME, data, size);
    Arena *arena = arena_new();
    const char *given = FUZZ_IN_FOLDER ? path_dir(arena, path) : path;
    ProjectOptions options = {.paths = &given, .path_count = 1, .model_dir = IRQLINT_MODEL_DIR};
    Project *project = project_load(arena, &options);
    for (uint32_t i = 0; i < project->drivers.len; i++) {
        const ProjectDriver *driver = &project->drivers.items[i];
        for (uint32_t k = 0; k < driver->units.len; k++) {
            ProjectClosure *closure = fileview_closure(project->view, &driver->units.items[k]);
            fileview_generate(project->view, &driver->units.items[k], closure);
        }
    }
    arena_free(arena);
    return 0;
}
