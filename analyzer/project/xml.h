/* xml: untrusted XML text as a tree: no network, no document type, no entity of its own. */
#ifndef IRQLINT_PROJECT_XML_H
#define IRQLINT_PROJECT_XML_H

#include "analyzer/base/base.h"

#include <libxml/tree.h>

/* The document, for xmlFreeDoc; NULL and why when it is not well-formed or has a document type. */
xmlDoc *xml_parse(const char *text, size_t size, const char **why);
/* An element of that name, without regard to case and name space. */
bool xml_is_named(const xmlNode *node, const char *name);
/* The attribute's value in the arena, NULL when there is none. */
const char *xml_attribute(Arena *arena, const xmlNode *node, const char *name);
/* The text in and below the element, "" when there is none. */
const char *xml_content(Arena *arena, const xmlNode *node);
/* The node behind `node` in document order within `root`, NULL at the end; children first. */
const xmlNode *xml_next(const xmlNode *root, const xmlNode *node);

#endif
