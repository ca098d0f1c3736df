/* headers: the headers below the given trees, by name. */
#ifndef IRQLINT_PROJECT_HEADERS_H
#define IRQLINT_PROJECT_HEADERS_H

#include "analyzer/project/view.h"

/* Lists the folders; files among `trees` are passed over. At most 100,000 entries. */
HeaderIndex *header_index_new(FileView *view, const CStrArray *trees);
/* The folder from which `name` (as an include spells it) is the header meant for `source`; NULL
 * when none or several could be. */
const char *header_index_find(const HeaderIndex *self, FileView *view, const char *name,
                              const char *source);
/* How many folders two paths have in common. */
uint32_t paths_share(const char *a, const char *b);

#endif
