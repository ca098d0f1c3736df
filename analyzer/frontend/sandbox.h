/* sandbox: what a worker may do to this machine. */
#ifndef IRQLINT_FRONTEND_SANDBOX_H
#define IRQLINT_FRONTEND_SANDBOX_H

#include "analyzer/base/base.h"

typedef struct Sandbox {
    CStrArray readable; /* folders and files that may be read */
    CStrArray writable; /* folders in which files may be made, written and removed too */
} Sandbox;

/* True when this kernel has one. $IRQLINT_SANDBOX=off: false. */
bool sandbox_is_available(void);
/* Takes everything else away from this process, for good. 0, or -1: no sandbox, nothing changed
 * but that no program started from now on gains rights. */
int sandbox_enter(const Sandbox *self);

#endif
