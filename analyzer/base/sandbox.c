/* sandbox: what a worker may do to this machine: read the given trees, write its own folder.
 *
 * By Landlock of the Linux kernel (5.13 and later); an older kernel, or one built without, gives no
 * sandbox, and the front end looks at what was included afterwards instead. Invariant: what is not
 * listed cannot be opened, made, removed or executed by this process and those it starts, and it
 * cannot open a TCP connection. The names of files and their sizes stay visible.
 */
#include "analyzer/base/base.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

/* As in linux/landlock.h, which may be older than the kernel. */
enum {
    CREATE_RULESET = 444,
    ADD_RULE = 445,
    RESTRICT_SELF = 446,
    ASK_VERSION = 1,
    RULE_PATH_BENEATH = 1,
    FIRST_WITH_TRUNCATE = 3,
    FIRST_WITH_NETWORK = 4
};

enum {
    MAY_WRITE_FILE = 1 << 1,
    MAY_READ_FILE = 1 << 2,
    MAY_READ_DIR = 1 << 3,
    MAY_REMOVE_FILE = 1 << 5,
    MAY_MAKE_FILE = 1 << 8,
    MAY_ALL_OF_FIRST = (1 << 13) - 1, /* … also: execute, make and remove everything else */
    MAY_TRUNCATE = 1 << 14,
    MAY_ANY_TCP = 3
};

typedef struct Ruleset {
    uint64_t files;   /* rights that are taken away unless a rule gives them */
    uint64_t network; /* the same; from version 4 on */
} Ruleset;

typedef struct __attribute__((packed)) PathRule {
    uint64_t allowed; /* rights */
    int32_t fd;       /* of the folder or file */
} PathRule;

static long version(void) {
    const char *asked = getenv("IRQLINT_SANDBOX");
    if (asked != NULL && str_eq(asked, "off"))
        return 0;
    return syscall(CREATE_RULESET, NULL, 0, ASK_VERSION);
}

bool sandbox_is_available(void) {
    return version() > 0;
}

/* What is not there needs no rule. */
static int allow(int ruleset, const char *path, uint64_t rights) {
    struct stat info;
    int fd = open(path, O_PATH | O_CLOEXEC);
    if (fd < 0)
        return 0;
    if (fstat(fd, &info) == 0 && !S_ISDIR(info.st_mode))
        rights &= MAY_READ_FILE | MAY_WRITE_FILE | MAY_TRUNCATE;
    PathRule rule = {rights, fd};
    long result = syscall(ADD_RULE, ruleset, RULE_PATH_BENEATH, &rule, 0);
    close(fd);
    return result == 0 ? 0 : -1;
}

static int allow_all(int ruleset, const Sandbox *self, uint64_t handled) {
    uint64_t read = MAY_READ_FILE | MAY_READ_DIR;
    uint64_t write = read | MAY_WRITE_FILE | MAY_MAKE_FILE | MAY_REMOVE_FILE | MAY_TRUNCATE;
    for (uint32_t i = 0; i < self->readable.len; i++) {
        if (allow(ruleset, self->readable.items[i], read) != 0)
            return -1;
    }
    for (uint32_t i = 0; i < self->writable.len; i++) {
        if (allow(ruleset, self->writable.items[i], write & handled) != 0)
            return -1;
    }
    return 0;
}

int sandbox_enter(const Sandbox *self) {
    long known = version();
    if (known <= 0)
        return -1;
    Ruleset wanted = {MAY_ALL_OF_FIRST, MAY_ANY_TCP};
    if (known >= FIRST_WITH_TRUNCATE)
        wanted.files |= MAY_TRUNCATE;
    size_t size = known >= FIRST_WITH_NETWORK ? sizeof wanted : sizeof wanted.files;
    int ruleset = (int)syscall(CREATE_RULESET, &wanted, size, 0);
    if (ruleset < 0)
        return -1;
    int result = allow_all(ruleset, self, wanted.files);
    if (result == 0 &&
        (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 || syscall(RESTRICT_SELF, ruleset, 0) != 0))
        result = -1;
    close(ruleset);
    return result;
}
