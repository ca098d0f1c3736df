/* gen_manifest: what the message compiler and the counter preprocessor make of a manifest.
 *
 * Events become macros without effect, because tracing has none on what the analysis decides; what
 * asks whether an event is enabled reads a variable that nobody knows. Counter sets become
 * functions that are declared only. Errs: the arguments of an event are lost.
 */
#include "analyzer/project/generate.h"
#include "analyzer/project/xml.h"

#include <ctype.h>

typedef struct Manifest {
    Arena *arena;       /* owns everything */
    Text *out;          /* the header */
    const char *prefix; /* of counter functions */
    StrTab *names;      /* what was defined already */
} Manifest;

/* The attribute when it is a C identifier that is not defined yet. */
static const char *new_name(Manifest *self, const xmlNode *node, const char *attribute) {
    const char *name = xml_attribute(self->arena, node, attribute);
    if (name == NULL || !generate_is_name(name))
        return NULL;
    uint32_t known = strtab_count(self->names);
    return strtab_add(self->names, name) == known ? name : NULL;
}

static bool is_number(const char *text) {
    size_t hex = text[0] == '0' && (text[1] == 'x' || text[1] == 'X') ? 2 : 0;
    size_t len = strspn(text + hex, hex != 0 ? "0123456789abcdefABCDEF" : "0123456789");
    return len > 0 && len <= 20 && text[hex + len] == '\0';
}

/* `symbol` with the value that an attribute gives. */
static void define_value(Manifest *self, const xmlNode *node, const char *attribute,
                         const char *suffix) {
    const char *value = xml_attribute(self->arena, node, attribute);
    const char *name = new_name(self, node, "symbol");
    if (name != NULL)
        text_printf(self->out, self->arena, "#define %s %s%s\n", name,
                    value != NULL && is_number(value) ? value : "0", suffix);
}

static void define_guid(Manifest *self, const char *name, const char *suffix, const char *guid) {
    const char *value = guid == NULL ? NULL : generate_guid(self->arena, guid);
    if (value != NULL)
        text_printf(self->out, self->arena, "EXTERN_C const GUID %s%s;\n", name, suffix);
}

/* ---- events ------------------------------------------------------------------------------- */

static void define_event(Manifest *self, const xmlNode *node) {
    const char *value = xml_attribute(self->arena, node, "value");
    const char *name = new_name(self, node, "symbol");
    if (name == NULL)
        return;
    text_printf(self->out, self->arena,
                "EXTERN_C const EVENT_DESCRIPTOR %s;\n"
                "#define %s_value %s\n"
                "#define EventEnabled%s() (__irqlint_event_enabled != 0)\n"
                "#define EventWrite%s(...) ((void)0)\n"
                "#define EventWrite%s_AssumeEnabled(...) ((void)0)\n"
                "#define EventWrite%s_ForContext(...) ((void)0)\n",
                name, name, value != NULL && is_number(value) ? value : "0", name, name, name,
                name);
}

static void define_registration(Manifest *self, const char *name) {
    text_printf(self->out, self->arena,
                "#define EventRegister%s() ((ULONG)0)\n#define EventUnregister%s() ((ULONG)0)\n",
                name, name);
}

/* A provider's name becomes part of macros: what no identifier may hold is an underscore. */
static const char *as_name(Manifest *self, const char *text) {
    char *name = arena_strdup(self->arena, text);
    for (char *at = name; *at != '\0'; at++)
        *at = isalnum((unsigned char)*at) ? *at : '_';
    return generate_is_name(arena_printf(self->arena, "_%s", name)) ? name : NULL;
}

static void define_provider(Manifest *self, const xmlNode *node) {
    const char *name = xml_attribute(self->arena, node, "name");
    const char *symbol = new_name(self, node, "symbol");
    name = name == NULL ? NULL : as_name(self, name);
    if (name != NULL)
        define_registration(self, name);
    if (symbol == NULL)
        return;
    if (name == NULL || !str_eq(name, symbol))
        define_registration(self, symbol);
    define_guid(self, symbol, "", xml_attribute(self->arena, node, "guid"));
    text_printf(self->out, self->arena, "EXTERN_C MCGEN_TRACE_CONTEXT %s_Context;\n", symbol);
}

static void define_task(Manifest *self, const xmlNode *node) {
    const char *name = xml_attribute(self->arena, node, "symbol");
    bool is_new = name != NULL && strtab_find(self->names, name) == UINT32_MAX;
    define_value(self, node, "value", "");
    if (is_new && generate_is_name(name))
        define_guid(self, name, "Id", xml_attribute(self->arena, node, "eventGUID"));
}

/* ---- counters ----------------------------------------------------------------------------- */

/* The functions of a counter set, which the build puts into the driver: pageable or not is not
 * known. */
static void declare_counter_set(Manifest *self, const xmlNode *node) {
    const char *name = new_name(self, node, "symbol");
    const char *p = self->prefix;
    if (name == NULL)
        return;
    define_guid(self, name, "Guid", xml_attribute(self->arena, node, "guid"));
    text_printf(self->out, self->arena,
                "EXTERN_C NTSTATUS %sRegister%s(PPCW_CALLBACK Callback, PVOID Context);\n"
                "EXTERN_C VOID %sUnregister%s(VOID);\n"
                "EXTERN_C NTSTATUS %sCreate%s();\n"
                "EXTERN_C VOID %sClose%s(PPCW_INSTANCE Instance);\n"
                "EXTERN_C NTSTATUS %sAdd%s();\n",
                p, name, p, name, p, name, p, name, p, name);
}

/* ---- the manifest ------------------------------------------------------------------------- */

static void read_element(Manifest *self, const xmlNode *node) {
    if (xml_is_named(node, "provider"))
        define_provider(self, node);
    else if (xml_is_named(node, "event"))
        define_event(self, node);
    else if (xml_is_named(node, "keyword"))
        define_value(self, node, "mask", "");
    else if (xml_is_named(node, "task"))
        define_task(self, node);
    else if (xml_is_named(node, "opcode") || xml_is_named(node, "level") ||
             xml_is_named(node, "map"))
        define_value(self, node, "value", "");
    else if (xml_is_named(node, "channel"))
        define_value(self, node, "value", "");
    else if (xml_is_named(node, "counterSet"))
        declare_counter_set(self, node);
}

bool generate_manifest(Arena *arena, const char *text, size_t size, const char *prefix, Text *out) {
    const char *why;
    xmlDoc *document = xml_parse(text, size, &why);
    const xmlNode *root = document == NULL ? NULL : xmlDocGetRootElement(document);
    bool known = root != NULL && xml_is_named(root, "instrumentationManifest");
    Manifest self = {arena, out, prefix, strtab_new(arena)};
    if (known)
        text_append(out, arena,
                    "#include <wdm.h>\n"
                    "#include <evntprov.h>\n"
                    "EXTERN_C volatile unsigned char __irqlint_event_enabled;\n"
                    "#ifndef MCGEN_TRACE_CONTEXT_DEF\n"
                    "#define MCGEN_TRACE_CONTEXT_DEF\n"
                    "typedef struct _MCGEN_TRACE_CONTEXT {\n"
                    "    REGHANDLE RegistrationHandle, Logger;\n"
                    "    ULONGLONG MatchAnyKeyword, MatchAllKeyword;\n"
                    "    ULONG Flags, IsEnabled;\n"
                    "    UCHAR Level, Reserve;\n"
                    "    USHORT EnableBitsCount;\n"
                    "    ULONG *EnableBitMask;\n"
                    "    const ULONGLONG *EnableKeyWords;\n"
                    "    const UCHAR *EnableLevel;\n"
                    "} MCGEN_TRACE_CONTEXT, *PMCGEN_TRACE_CONTEXT;\n"
                    "#define MCGEN_USE_KERNEL_MODE_APIS 1\n"
                    "#define MCGEN_EVENT_ENABLED(name) (__irqlint_event_enabled != 0)\n"
                    "#define MCGEN_EVENTREGISTER EtwRegister\n"
                    "#define MCGEN_EVENTUNREGISTER EtwUnregister\n"
                    "#define MCGEN_EVENTWRITETRANSFER EtwWriteTransfer\n"
                    "#endif\n");
    for (const xmlNode *node = root; known && node != NULL; node = xml_next(root, node)) {
        if (node->type == XML_ELEMENT_NODE)
            read_element(&self, node);
    }
    xmlFreeDoc(document);
    return known;
}
