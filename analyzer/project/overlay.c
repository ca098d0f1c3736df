/* overlay: a clang VFS overlay that makes header names case-insensitive.
 *
 * The overlay lists files under their true names and is declared case-insensitive; clang asks it
 * first and the disk second. Invariant: a name that exists exactly is found exactly as without the
 * overlay, so two files of a folder that differ only in case are both left out. Errs towards a
 * missing header: names that JSON cannot carry and files with unusual suffixes are not listed.
 */
#include "analyzer/project/view.h"

#include <cjson/cJSON.h>

/* Bytes of the UTF-8 sequence at `at`, 0 when it is none or a control character. */
static size_t utf8_len(const unsigned char *at) {
    if (at[0] >= 0x20 && at[0] < 0x7f)
        return 1;
    size_t len = at[0] >= 0xc2 && at[0] < 0xe0   ? 2
                 : at[0] >= 0xe0 && at[0] < 0xf0 ? 3
                 : at[0] >= 0xf0 && at[0] < 0xf5 ? 4
                                                 : 0;
    for (size_t i = 1; i < len; i++) {
        if ((at[i] & 0xc0) != 0x80)
            return 0;
    }
    return len;
}

static bool can_be_listed(const char *path) {
    for (size_t len; *path != '\0'; path += len) {
        len = utf8_len((const unsigned char *)path);
        if (len == 0)
            return false;
    }
    return true;
}

static bool differs_by_case_only(const DirListing *listing, uint32_t index) {
    const char *name = listing->entries[index].name;
    return (index > 0 && str_icmp(listing->entries[index - 1].name, name) == 0) ||
           (index + 1 < listing->len && str_icmp(listing->entries[index + 1].name, name) == 0);
}

static cJSON *new_entry(const char *type, const char *name) {
    cJSON *entry = cJSON_CreateObject();
    cJSON_AddStringToObject(entry, "type", type);
    cJSON_AddStringToObject(entry, "name", name);
    return entry;
}

static void add_folder(FileView *self, cJSON *roots, const char *dir) {
    if (!can_be_listed(dir))
        return;
    cJSON *folder = new_entry("directory", dir);
    cJSON *contents = cJSON_AddArrayToObject(folder, "contents");
    const DirListing *listing = view_list(self, dir);
    for (uint32_t i = 0; i < listing->len; i++) {
        const char *name = listing->entries[i].name;
        if (listing->entries[i].is_dir || !path_is_header(name) || !can_be_listed(name) ||
            differs_by_case_only(listing, i))
            continue;
        cJSON *file = new_entry("file", name);
        cJSON_AddStringToObject(file, "external-contents", path_join(view_arena(self), dir, name));
        cJSON_AddItemToArray(contents, file);
    }
    cJSON_AddItemToArray(roots, folder);
}

/* The model folder and the folders below it. */
static void model_folders(FileView *self, const char *dir, uint32_t depth, CStrArray *dirs) {
    cstr_add(dirs, view_arena(self), dir);
    const DirListing *listing = view_list(self, dir);
    for (uint32_t i = 0; i < listing->len && depth < 4; i++) {
        if (listing->entries[i].is_dir)
            model_folders(self, path_join(view_arena(self), dir, listing->entries[i].name),
                          depth + 1, dirs);
    }
}

const char *fileview_overlay(FileView *self, const CStrArray *dirs) {
    CStrArray all = {0};
    for (uint32_t i = 0; i < dirs->len; i++)
        cstr_add(&all, view_arena(self), dirs->items[i]);
    if (view_model_dir(self) != NULL)
        model_folders(self, view_model_dir(self), 0, &all);
    cstr_sort(&all);
    cJSON *document = cJSON_CreateObject();
    cJSON_AddNumberToObject(document, "version", 0);
    cJSON_AddStringToObject(document, "case-sensitive", "false");
    cJSON_AddStringToObject(document, "use-external-names", "true");
    cJSON *roots = cJSON_AddArrayToObject(document, "roots");
    for (uint32_t i = 0; i < all.len; i++)
        add_folder(self, roots, all.items[i]);
    char *printed = cJSON_PrintUnformatted(document);
    const char *text = arena_strdup(view_arena(self), printed == NULL ? "{}" : printed);
    cJSON_free(printed);
    cJSON_Delete(document);
    return text;
}
