/* xml: libxml2 with everything off that could reach outside of the text.
 *
 * Invariant: a text with a document type is refused before the parser sees it, so there are no
 * entities to expand or fetch; libxml2's own limits on depth and size stay on.
 */
#include "analyzer/project/xml.h"

#include <libxml/parser.h>
#include <limits.h>

xmlDoc *xml_parse(const char *text, size_t size, const char **why) {
    *why = "it has a document type";
    if (strstr(text, "<!DOCTYPE") != NULL || strstr(text, "<!ENTITY") != NULL)
        return NULL;
    *why = "it is not well-formed XML";
    if (size > INT_MAX)
        return NULL;
    return xmlReadMemory(text, (int)size, NULL, "UTF-8",
                         XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING);
}

bool xml_is_named(const xmlNode *node, const char *name) {
    return node->type == XML_ELEMENT_NODE && str_icmp((const char *)node->name, name) == 0;
}

const char *xml_attribute(Arena *arena, const xmlNode *node, const char *name) {
    xmlChar *value = xmlGetNoNsProp(node, (const xmlChar *)name);
    const char *copy = value == NULL ? NULL : arena_strdup(arena, (const char *)value);
    xmlFree(value);
    return copy;
}

const char *xml_content(Arena *arena, const xmlNode *node) {
    xmlChar *value = xmlNodeGetContent(node);
    const char *copy = value == NULL ? "" : arena_strdup(arena, (const char *)value);
    xmlFree(value);
    return copy;
}

const xmlNode *xml_next(const xmlNode *root, const xmlNode *node) {
    if (node->type == XML_ELEMENT_NODE && node->children != NULL)
        return node->children;
    while (node != NULL && node != root && node->next == NULL)
        node = node->parent;
    return node == NULL || node == root ? NULL : node->next;
}
