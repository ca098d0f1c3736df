/* solution: the projects that a Visual Studio solution names, in the old form (.sln, lines of text)
 * or the new one (.slnx, XML).
 *
 * Projects that are not there, and those that build no kernel code, are left out. $(SolutionDir) is
 * the solution's folder, wherever the projects lie.
 */
#include "analyzer/project/load.h"
#include "analyzer/project/xml.h"

enum { MAX_SOLUTION_SIZE = 16 * 1024 * 1024, MAX_NAME_SIZE = 1024 };

/* True when the project builds kernel code. */
static bool take_project(Loader *self, const char *solution, const char *name) {
    const char *project = view_find(self->view, path_dir(self->arena, solution), name, PATH_FILE);
    const char *dot = strrchr(name, '.');
    if (project == NULL || dot == NULL || str_icmp(dot, ".vcxproj") != 0)
        return false;
    self->solution_dir = path_dir(self->arena, solution);
    bool taken = take_kernel_project(self, project);
    self->solution_dir = NULL;
    return taken;
}

/* Project("{kind}") = "name", "folder\name.vcxproj", "{id}" */
static uint32_t read_lines(Loader *self, const char *path, char *text) {
    char *rest;
    uint32_t taken = 0;
    for (char *line = strtok_r(text, "\r\n", &rest); line != NULL;
         line = strtok_r(NULL, "\r\n", &rest)) {
        char name[MAX_NAME_SIZE];
        if (sscanf(line, " Project ( \"%*[^\"]\" ) = \"%*[^\"]\" , \"%1023[^\"]\"", name) == 1)
            taken += take_project(self, path, name);
    }
    return taken;
}

/* <Solution> … <Project Path="folder/name.vcxproj" /> */
static uint32_t read_xml(Loader *self, const char *path, const char *text, size_t size) {
    const char *why;
    uint32_t taken = 0;
    xmlDoc *document = xml_parse(text, size, &why);
    const xmlNode *root = document == NULL ? NULL : xmlDocGetRootElement(document);
    if (root == NULL || !xml_is_named(root, "Solution")) {
        add_problem(self, path, "not a solution%s%s", root == NULL ? ": " : "",
                    root == NULL ? why : "");
        xmlFreeDoc(document);
        return 0;
    }
    for (const xmlNode *node = root; node != NULL; node = xml_next(root, node)) {
        const char *name =
            xml_is_named(node, "Project") ? xml_attribute(self->arena, node, "Path") : NULL;
        if (name != NULL)
            taken += take_project(self, path, name);
    }
    xmlFreeDoc(document);
    return taken;
}

void load_solution(Loader *self, const char *path) {
    Arena *scratch = arena_new();
    char *text;
    size_t size;
    Error err;
    uint32_t problem_count = self->project->problems.len;
    if (text_read(scratch, path, MAX_SOLUTION_SIZE, &text, &size, &err) != 0) {
        add_problem(self, path, "%s", err.message);
        arena_free(scratch);
        return;
    }
    bool xml = str_icmp(strrchr(path, '.'), ".slnx") == 0;
    uint32_t taken = xml ? read_xml(self, path, text, size) : read_lines(self, path, text);
    if (taken == 0 && self->project->problems.len == problem_count)
        add_problem(self, path, "names no kernel driver project");
    arena_free(scratch);
}
