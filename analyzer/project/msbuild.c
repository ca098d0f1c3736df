/* msbuild: evaluates a project file and its imports for one configuration.
 *
 * The configuration is the one asked for, else Release|x64 when the project has it, else the x64
 * one, else the Release one that comes first. Invariants: no network, no external entity and no
 * document type is ever read; a file is not entered while it is being read (import cycles), and at
 * most 200 files are. What the Windows kits would import is not there, so their properties are
 * unknown and dropped.
 */
#include "analyzer/project/msbuild.h"
#include "analyzer/project/generate.h"
#include "analyzer/project/xml.h"

enum {
    MAX_XML_SIZE = 16 * 1024 * 1024,
    MAX_TOTAL_SIZE = 64 * 1024 * 1024,
    MAX_FILES = 200,
    MAX_NESTING = 32
};

/* ---- XML ------------------------------------------------------------------------------------ */

static bool is_taken(Msbuild *self, const xmlNode *node, const MsValues *inherited) {
    return ms_condition(self, xml_attribute(self->arena, node, "Condition"), inherited);
}

/* The root element, NULL with the reason. The document is freed at the end of the evaluation. */
static xmlNode *parse_file(Msbuild *self, const char *path, Error *err) {
    char *text;
    size_t size;
    if (text_read(self->arena, path, MAX_XML_SIZE, &text, &size, err) != 0)
        return NULL;
    if (str_ends_with(path, ".in")) {
        Text filled = {0};
        generate_fill(self->arena, text, &filled);
        text = arena_strdup(self->arena, text_cstr(&filled, self->arena));
        size = filled.len;
    }
    self->read_size += size;
    const char *why;
    xmlDoc *document = xml_parse(text, size, &why);
    xmlNode *root = document == NULL ? NULL : xmlDocGetRootElement(document);
    if (document != NULL)
        array_push(&self->documents, self->arena, document);
    if (root == NULL || !xml_is_named(root, "Project")) {
        error_set(err, "%s: not a project file%s%s", path, root == NULL ? ": " : "",
                  root == NULL ? why : "");
        return NULL;
    }
    return root;
}

/* ---- the configuration ---------------------------------------------------------------------- */

/* Visual Studio calls the platform of a C++ project Win32 and that of its solution x86. */
static bool is_platform(const char *name, const char *asked) {
    if (str_icmp(asked, "x86") == 0)
        asked = "Win32";
    return str_icmp(str_icmp(name, "x86") == 0 ? "Win32" : name, asked) == 0;
}

/* How much we want "Release|x64": what is asked for first, the platform before the rest. */
static int wish_for(const Msbuild *self, const char *configuration) {
    const char *bar = strchr(configuration, '|');
    if (bar == NULL)
        return 0;
    const char *name = arena_strndup(self->arena, configuration, (size_t)(bar - configuration));
    bool asked_name = self->configuration != NULL && str_icmp(name, self->configuration) == 0;
    bool asked_platform = self->platform != NULL && is_platform(bar + 1, self->platform);
    int wish = 1 + (asked_name ? 16 : 0) + (asked_platform ? 8 : 0);
    wish += self->platform == NULL && str_icmp(bar + 1, "x64") == 0 ? 4 : 0;
    if (strcasestr(name, "release") != NULL)
        wish += str_icmp(name, "Release") == 0 ? 3 : 2;
    return wish;
}

static bool is_asked_for(const Msbuild *self, const char *configuration) {
    const char *bar = strchr(configuration, '|');
    size_t len = (size_t)(bar - configuration);
    return (self->configuration == NULL ||
            (strlen(self->configuration) == len &&
             strncasecmp(configuration, self->configuration, len) == 0)) &&
           (self->platform == NULL || is_platform(bar + 1, self->platform));
}

/* "Release|x64" of each ProjectConfiguration, in order. */
static void list_configurations(Msbuild *self, const xmlNode *root, CStrArray *names) {
    for (const xmlNode *group = root->children; group != NULL; group = group->next) {
        if (!xml_is_named(group, "ItemGroup"))
            continue;
        for (const xmlNode *item = group->children; item != NULL; item = item->next) {
            const char *name = xml_is_named(item, "ProjectConfiguration")
                                   ? xml_attribute(self->arena, item, "Include")
                                   : NULL;
            if (name != NULL && strchr(name, '|') != NULL)
                cstr_add(names, self->arena, name);
        }
    }
}

static const char *joined(Arena *arena, const CStrArray *names) {
    Text text = {0};
    for (uint32_t i = 0; i < names->len && text.len < 1000; i++)
        text_printf(&text, arena, "%s%s", i == 0 ? "" : ", ", names->items[i]);
    return text_cstr(&text, arena);
}

static void choose_configuration(Msbuild *self, const xmlNode *root) {
    CStrArray names = {0};
    int wish = 0;
    const char *chosen = arena_printf(self->arena, "%s|%s",
                                      self->configuration == NULL ? "Release" : self->configuration,
                                      self->platform == NULL ? "x64" : self->platform);
    list_configurations(self, root, &names);
    for (uint32_t i = 0; i < names.len; i++) {
        int own = wish_for(self, names.items[i]);
        if (own > wish) {
            wish = own;
            chosen = names.items[i];
        }
    }
    if (!is_asked_for(self, chosen))
        self->lacks = joined(self->arena, &names);
    const char *bar = strchr(chosen, '|');
    const char *name = arena_strndup(self->arena, chosen, (size_t)(bar - chosen));
    ms_set(self, &self->properties, (MsValue){"Configuration", name, false});
    ms_set(self, &self->properties, (MsValue){"Platform", bar + 1, false});
}

/* The nearest folder upwards that holds a solution, else the project's own. */
static const char *solution_dir(Msbuild *self, const char *project_dir) {
    if (self->solution_dir != NULL)
        return self->solution_dir;
    for (const char *dir = project_dir; !str_eq(dir, "/"); dir = path_dir(self->arena, dir)) {
        const DirListing *listing = view_list(self->view, dir);
        for (uint32_t i = 0; i < listing->len; i++) {
            const char *dot = strrchr(listing->entries[i].name, '.');
            if (dot != NULL && (str_icmp(dot, ".sln") == 0 || str_icmp(dot, ".slnx") == 0))
                return dir;
        }
    }
    return project_dir;
}

static void set_well_known(Msbuild *self) {
    const char *dir = path_dir(self->arena, self->project), *base = path_base(self->project);
    const char *dot = strrchr(base, '.');
    const char *name = arena_strndup(self->arena, base, (size_t)(dot - base));
    const char *dir_slash = arena_printf(self->arena, "%s/", dir);
    const char *solution = arena_printf(self->arena, "%s/", solution_dir(self, dir));
    const MsValue values[] = {
        {"ProjectDir", dir_slash, false},
        {"ProjectPath", self->project, false},
        {"ProjectName", name, false},
        {"ProjectFileName", base, false},
        {"MSBuildProjectDirectory", dir, false},
        {"MSBuildProjectName", name, false},
        {"MSBuildProjectFile", base, false},
        {"MSBuildProjectFullPath", self->project, false},
        {"MSBuildProjectExtension", dot, false},
        {"SolutionDir", solution, false},
        {"ProjectExt", dot, false},
        {"DesignTimeBuild", "false", false},
        {"VisualStudioVersion", "17.0", false},
        {"MSBuildToolsVersion", "Current", false},
        {"OS", "Windows_NT", false},
        {"BuildingInsideVisualStudio", "", false},
    };
    for (size_t i = 0; i < sizeof values / sizeof *values; i++)
        ms_set(self, &self->properties, values[i]);
}

/* ---- first pass: properties and imports ----------------------------------------------------- */

static void evaluate_children(Msbuild *self, const xmlNode *parent);

/* Like MSBuild, $(Configuration) and $(Platform) come from outside: a project cannot set them. */
static bool is_fixed(const char *name) {
    return str_icmp(name, "Configuration") == 0 || str_icmp(name, "Platform") == 0 ||
           str_icmp(name, "SolutionDir") == 0;
}

static void evaluate_properties(Msbuild *self, const xmlNode *group) {
    for (const xmlNode *node = group->children; node != NULL; node = node->next) {
        if (node->type != XML_ELEMENT_NODE || is_fixed((const char *)node->name) ||
            !is_taken(self, node, NULL))
            continue;
        MsValue value = {.name = arena_strdup(self->arena, (const char *)node->name)};
        value.value = ms_expand(self, xml_content(self->arena, node), NULL, &value.partial);
        ms_set(self, &self->properties, value);
    }
}

static void import_file(Msbuild *self, const char *path) {
    Error err;
    if (cstr_has(&self->importing, path) || self->importing.len >= MAX_NESTING ||
        self->documents.len >= MAX_FILES || self->read_size >= MAX_TOTAL_SIZE)
        return;
    const xmlNode *root = parse_file(self, path, &err);
    if (root == NULL)
        return; /* as if it were not there: most imports are not */
    const char *outer = self->file;
    self->file = path;
    array_push(&self->importing, self->arena, path);
    evaluate_children(self, root);
    self->importing.len--;
    self->file = outer;
}

static void evaluate_import(Msbuild *self, const xmlNode *node) {
    const char *project = xml_attribute(self->arena, node, "Project");
    bool partial = false;
    if (project == NULL)
        return;
    project = ms_expand(self, project, NULL, &partial);
    const char *dir = path_dir(self->arena, self->file);
    const char *path = partial ? NULL : view_find(self->view, dir, project, PATH_FILE);
    if (path != NULL)
        import_file(self, path);
}

/* The first When that is taken, else Otherwise. */
static void evaluate_choose(Msbuild *self, const xmlNode *choose) {
    for (const xmlNode *node = choose->children; node != NULL; node = node->next) {
        if ((xml_is_named(node, "When") && is_taken(self, node, NULL)) ||
            xml_is_named(node, "Otherwise")) {
            evaluate_children(self, node);
            return;
        }
    }
}

static void keep_group(Msbuild *self, const xmlNode *node) {
    MsGroup group = {(void *)(uintptr_t)node, self->file};
    array_push(&self->groups, self->arena, group);
}

static void evaluate_children(Msbuild *self, const xmlNode *parent) {
    if (self->group_depth >= MAX_NESTING * 2)
        return;
    self->group_depth++;
    for (const xmlNode *node = parent->children; node != NULL; node = node->next) {
        if (xml_is_named(node, "ItemGroup") || xml_is_named(node, "ItemDefinitionGroup"))
            keep_group(self, node);
        else if (xml_is_named(node, "Choose"))
            evaluate_choose(self, node);
        else if (node->type != XML_ELEMENT_NODE || !is_taken(self, node, NULL))
            continue;
        else if (xml_is_named(node, "PropertyGroup"))
            evaluate_properties(self, node);
        else if (xml_is_named(node, "ImportGroup"))
            evaluate_children(self, node);
        else if (xml_is_named(node, "Import"))
            evaluate_import(self, node);
    }
    self->group_depth--;
}

/* Directory.Build.props and .targets of the nearest folder upwards. */
static void import_above(Msbuild *self, const char *name) {
    for (const char *dir = path_dir(self->arena, self->project);;
         dir = path_dir(self->arena, dir)) {
        const char *path = view_find(self->view, dir, name, PATH_FILE);
        if (path != NULL)
            import_file(self, path);
        if (path != NULL || str_eq(dir, "/"))
            return;
    }
}

/* ---- second and third pass: definitions and items ------------------------------------------- */

static MsValues *definition_of(Msbuild *self, const char *type) {
    for (uint32_t i = 0; i < self->definitions.len; i++) {
        if (str_icmp(self->definitions.items[i].type, type) == 0)
            return &self->definitions.items[i].metadata;
    }
    MsDefinition definition = {.type = arena_strdup(self->arena, type)};
    array_push(&self->definitions, self->arena, definition);
    return &self->definitions.items[self->definitions.len - 1].metadata;
}

const char *msbuild_definition(const Msbuild *self, const char *type, const char *name) {
    for (uint32_t i = 0; i < self->definitions.len; i++) {
        if (str_icmp(self->definitions.items[i].type, type) == 0)
            return ms_get(&self->definitions.items[i].metadata, name);
    }
    return NULL;
}

/* Sets the metadata that the children of an item or a definition give. */
static void evaluate_metadata(Msbuild *self, const xmlNode *item, MsValues *metadata) {
    for (const xmlNode *node = item->children; node != NULL; node = node->next) {
        if (node->type != XML_ELEMENT_NODE || !is_taken(self, node, metadata))
            continue;
        MsValue value = {.name = arena_strdup(self->arena, (const char *)node->name)};
        value.value = ms_expand(self, xml_content(self->arena, node), metadata, &value.partial);
        ms_set(self, metadata, value);
    }
}

static void evaluate_definitions(Msbuild *self, const xmlNode *group) {
    for (const xmlNode *node = group->children; node != NULL; node = node->next) {
        if (node->type == XML_ELEMENT_NODE && is_taken(self, node, NULL))
            evaluate_metadata(self, node, definition_of(self, (const char *)node->name));
    }
}

static MsValues copy_values(Msbuild *self, const MsValues *values) {
    MsValues copy = {0};
    for (uint32_t i = 0; i < values->len; i++)
        array_push(&copy, self->arena, values->items[i]);
    return copy;
}

static void remove_items(Msbuild *self, const char *type, const CStrArray *names) {
    uint32_t kept = 0;
    if (!ms_may_work(self, (uint64_t)self->items.len * names->len))
        return;
    for (uint32_t i = 0; i < self->items.len; i++) {
        MsItem item = self->items.items[i];
        bool removed = false;
        for (uint32_t n = 0; n < names->len && str_icmp(item.type, type) == 0; n++)
            removed |= str_icmp(item.include, names->items[n]) == 0;
        if (!removed)
            self->items.items[kept++] = item;
    }
    self->items.len = kept;
}

static bool is_excluded(const CStrArray *excluded, const char *name) {
    for (uint32_t i = 0; i < excluded->len; i++) {
        if (str_icmp(excluded->items[i], name) == 0)
            return true;
    }
    return false;
}

/* Splits an attribute; true when something unknown was left out of it. */
static bool split_attribute(Msbuild *self, const xmlNode *node, const char *name,
                            CStrArray *parts) {
    const char *text = xml_attribute(self->arena, node, name);
    bool partial = false;
    if (text != NULL)
        ms_split(self, ms_expand(self, text, NULL, &partial), parts);
    return partial;
}

static bool names_itself(const MsValues *metadata) {
    for (uint32_t i = 0; i < metadata->len; i++) {
        if (strstr(metadata->items[i].value, "%(") != NULL)
            return true;
    }
    return false;
}

static void evaluate_item(Msbuild *self, const xmlNode *node) {
    const char *type = (const char *)node->name;
    CStrArray names = {0}, excluded = {0}, removed = {0};
    split_attribute(self, node, "Remove", &removed);
    if (removed.len != 0)
        remove_items(self, type, &removed);
    bool partial = split_attribute(self, node, "Include", &names);
    split_attribute(self, node, "Exclude", &excluded);
    if (names.len == 0 || self->items.len > 100000 ||
        !ms_may_work(self, (uint64_t)names.len * excluded.len))
        return;
    MsValues metadata = copy_values(self, definition_of(self, type));
    evaluate_metadata(self, node, &metadata);
    const char *dir = path_dir(self->arena, self->project);
    for (uint32_t i = 0; i < names.len; i++) {
        MsItem item = {arena_strdup(self->arena, type), names.items[i], dir, partial, metadata};
        if (is_excluded(&excluded, names.items[i]))
            continue;
        if (names_itself(&metadata))
            ms_expand_item(self, &item);
        array_push(&self->items, self->arena, item);
    }
}

static void evaluate_items(Msbuild *self, const xmlNode *group) {
    for (const xmlNode *node = group->children; node != NULL; node = node->next) {
        if (node->type == XML_ELEMENT_NODE && is_taken(self, node, NULL))
            evaluate_item(self, node);
    }
}

static void evaluate_groups(Msbuild *self, const char *name,
                            void (*evaluate)(Msbuild *, const xmlNode *)) {
    for (uint32_t i = 0; i < self->groups.len; i++) {
        const xmlNode *node = self->groups.items[i].node;
        self->file = self->groups.items[i].file;
        if (xml_is_named(node, name) && is_taken(self, node, NULL))
            evaluate(self, node);
    }
}

int msbuild_evaluate(Msbuild *self, Error *err) {
    self->file = self->project;
    const xmlNode *root = parse_file(self, self->project, err);
    if (root != NULL) {
        set_well_known(self);
        choose_configuration(self, root);
        array_push(&self->importing, self->arena, self->project);
        import_above(self, "Directory.Build.props");
        evaluate_children(self, root);
        import_above(self, "Directory.Build.targets");
        evaluate_groups(self, "ItemDefinitionGroup", evaluate_definitions);
        evaluate_groups(self, "ItemGroup", evaluate_items);
    }
    for (uint32_t i = 0; i < self->documents.len; i++)
        xmlFreeDoc(self->documents.items[i]);
    return root == NULL ? -1 : 0;
}
