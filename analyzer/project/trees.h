/* trees: what of the disk a run may read. */
#ifndef IRQLINT_PROJECT_TREES_H
#define IRQLINT_PROJECT_TREES_H

#include "analyzer/base/base.h"

typedef struct Trees {
    CStrArray paths; /* folders, and single files, by their real paths */
} Trees;

/* Adds a folder or file and all below it; nothing when it is not there. */
void trees_add(Trees *self, Arena *arena, const char *path);
/* Adds what surrounds a path that the user names: the repository that it lies in, else the folder,
 * for a file its folder. */
void trees_add_given(Trees *self, Arena *arena, const char *path);
/* True when a real path lies in one of the trees. */
bool trees_hold(const Trees *self, const char *real_path);
/* True when it lies in or near one: in a folder that also holds a tree and is neither the root of
 * the disk, one of its topmost folders, the user's home nor above that. A project file may name
 * what is near, a source may not. */
bool trees_are_near(const Trees *self, Arena *arena, const char *real_path);
#endif
