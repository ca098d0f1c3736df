/* base: what every stage may use: arena, strings, arrays, maps, error message.
 *
 * Memory: one arena a run, one scratch arena a function; nothing is freed one by one. Out of memory
 * ends the program with exit code 2: no caller tests for it.
 * Errors: a function that can fail returns 0 or -1 and leaves one line in an Error; only the
 * command line prints.
 */
#ifndef IRQLINT_BASE_H
#define IRQLINT_BASE_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

/* ---- arena -------------------------------------------------------------------------------- */

typedef struct Arena Arena;

/* A new, empty arena. With IRQLINT_ARENA_DEBUG defined at build time every item is a malloc of its
 * own, so that AddressSanitizer sees overruns and uses after arena_free. */
Arena *arena_new(void);
/* Ends the arena and all that was allocated from it. NULL is ignored. */
void arena_free(Arena *self);
/* Makes the arena empty; what was handed out is gone, some of the memory is kept for reuse. */
void arena_reset(Arena *self);
/* `size` zeroed bytes, aligned for any type. Never NULL. */
void *arena_alloc(Arena *self, size_t size);
/* Grows an allocation: copies old_size bytes, zeroes the rest. The old block stays in the arena. */
void *arena_grow(Arena *self, void *old, size_t old_size, size_t new_size);
/* Bytes handed out so far. */
size_t arena_used(const Arena *self);
char *arena_strdup(Arena *self, const char *text);
char *arena_strndup(Arena *self, const char *text, size_t len);
char *arena_printf(Arena *self, const char *format, ...) __attribute__((format(printf, 2, 3)));
char *arena_vprintf(Arena *self, const char *format, va_list args);

#define arena_new_of(arena, type) ((type *)arena_alloc((arena), sizeof(type)))
#define arena_array_of(arena, type, count)                                                         \
    ((type *)arena_alloc((arena), sizeof(type) * (size_t)(count)))

/* ---- Array(T) ----------------------------------------------------------------------------- */

/* A growing array in an arena: `typedef Array(int) IntArray;`, zero-initialised is empty. */
#define Array(T)                                                                                   \
    struct {                                                                                       \
        T *items;     /* the elements */                                                           \
        uint32_t len; /* elements in use */                                                        \
        uint32_t cap; /* elements allocated */                                                     \
    }

void array_reserve_bytes(void **items, uint32_t *cap, uint32_t need, size_t item_size,
                         Arena *arena);

#define array_reserve(self, arena, need)                                                           \
    do {                                                                                           \
        if ((uint32_t)(need) > (self)->cap)                                                        \
            array_reserve_bytes((void **)&(self)->items, &(self)->cap, (uint32_t)(need),           \
                                sizeof(*(self)->items), (arena));                                  \
    } while (0)
#define array_push(self, arena, ...)                                                               \
    do {                                                                                           \
        array_reserve((self), (arena), (self)->len + 1);                                           \
        (self)->items[(self)->len++] = (__VA_ARGS__);                                              \
    } while (0)

typedef Array(uint32_t) U32Array;
typedef Array(const char *) CStrArray;

/* ---- interned strings --------------------------------------------------------------------- */

typedef uint32_t StrId; /* id of an interned string; 0 is the empty string */

typedef struct StrTab StrTab;

StrTab *strtab_new(Arena *arena);
StrId strtab_add(StrTab *self, const char *text);
StrId strtab_add_len(StrTab *self, const char *text, size_t len);
/* The id of `text`, or UINT32_MAX when it was never added. */
StrId strtab_find(const StrTab *self, const char *text);
StrId strtab_find_len(const StrTab *self, const char *text, size_t len);
/* NUL-terminated; stays valid as long as the arena. */
const char *strtab_get(const StrTab *self, StrId id);
/* Number of strings; ids are 0 … count-1 in the order of their first addition. */
uint32_t strtab_count(const StrTab *self);

/* ---- maps --------------------------------------------------------------------------------- */

/* uint64_t -> uint32_t, open addressing. Iteration order is never used: determinism. */
typedef struct Map64 Map64;

Map64 *map64_new(Arena *arena);
/* Points at the value of `key`, created as 0 when absent; *created (may be NULL) says which.
 * Valid until the next put. */
uint32_t *map64_put(Map64 *self, uint64_t key, bool *created);
/* Points at the value, or NULL. */
const uint32_t *map64_get(const Map64 *self, uint64_t key);
uint32_t map64_count(const Map64 *self);
uint64_t hash_bytes(const void *data, size_t size, uint64_t seed);

/* Stands for a content: two contents of one hash are taken for equal. */
typedef struct Hash128 {
    uint64_t low;  /* the lower half */
    uint64_t high; /* the upper half */
} Hash128;

Hash128 hash128(const void *data, size_t size);
bool hash128_eq(Hash128 a, Hash128 b);

/* ---- text --------------------------------------------------------------------------------- */

/* A string under construction. */
typedef Array(char) Text;

void text_append(Text *self, Arena *arena, const char *text);
void text_append_len(Text *self, Arena *arena, const char *text, size_t len);
void text_printf(Text *self, Arena *arena, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* The text so far, NUL-terminated. */
const char *text_cstr(Text *self, Arena *arena);
/* A stream whose output is appended to the text, once it is closed at the latest; NULL: errno says
 * why not. */
FILE *text_stream(Text *self, Arena *arena);

bool str_starts_with(const char *text, const char *prefix);
bool str_ends_with(const char *text, const char *suffix);
/* ASCII case-insensitive comparison, as strcmp. */
int str_icmp(const char *a, const char *b);
bool str_eq(const char *a, const char *b);

/* ---- what was meant (nearest.c) ------------------------------------------------------------ */

/* Insertions, deletions, replacements and swaps of neighbours that make one name the other;
 * UINT32_MAX for names longer than 63 bytes. */
unsigned edit_distance(const char *a, const char *b);
/* The name nearest to `text`, NULL when none is near. */
const char *nearest_name(const CStrArray *names, const char *text);
/* Up to `most` names, the nearest first, then those that hold `text`; each once. */
CStrArray nearest_names(Arena *arena, const CStrArray *names, const char *text, uint32_t most);

/* ---- errors ------------------------------------------------------------------------------- */

/* The stored message of what went wrong; empty when nothing did. */
typedef struct Error {
    char message[512]; /* one line, without a newline at the end */
} Error;

/* Stores the message and returns -1, so that callers write `return error_set(err, …)`. */
int error_set(Error *self, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* ---- files -------------------------------------------------------------------------------- */

/* Reads a whole regular file (at most max_size bytes) into the arena, NUL-terminated.
 * Returns 0, or -1 with the reason in err: missing, not a regular file, too large. */
int file_read(Arena *arena, const char *path, size_t max_size, char **data, size_t *size,
              Error *err);
/* Writes atomically (temporary file beside it, then rename). */
int file_write(const char *path, const void *data, size_t size, Error *err);
/* Joins and normalises: no `.`/`..` where they can be resolved lexically, one slash. */
char *path_join(Arena *arena, const char *dir, const char *name);
/* Absolute lexically normalised form (no symlink resolution). */
char *path_absolute(Arena *arena, const char *path);
/* The part before the last slash ("." when there is none), and the part after it. */
char *path_dir(Arena *arena, const char *path);
const char *path_base(const char *path);
/* `path` relative to `base_dir` when it is inside it, else `path` itself. */
const char *path_relative(Arena *arena, const char *base_dir, const char *path);
/* True when `path` is `dir` or lies below it; both normalised. */
bool path_is_below(const char *dir, const char *path);
/* The path without symbolic links; NULL when it is not there. */
const char *path_real(Arena *arena, const char *path);

/* ---- this process and its children (process.c) ------------------------------------------------
 */

/* Seconds of the monotonic clock, and of the processor in this process. */
double clock_seconds(void);
double busy_seconds(void);
/* Bytes of memory that this process had at most; 0 unknown. */
uint64_t peak_memory(void);
/* Waits for the end of a child; its status as waitpid's, -1: there is none. */
int process_wait(int pid);

/* ---- a temporary folder (temp.c) --------------------------------------------------------------
 */

typedef struct TempDir {
    const char *path; /* the folder */
    int guard_fd;     /* while it is open somewhere the folder stays */
    int guard_pid;    /* the process that removes it, 0: we do */
} TempDir;

/* A new empty folder that vanishes with this process, however it ends. 0, or -1 with the reason. */
int temp_dir_open(TempDir *self, Arena *arena, Error *err);
/* Removes the folder and all in it; returns when it is gone. */
void temp_dir_close(TempDir *self);

/* ---- what a process may do (sandbox.c) ------------------------------------------------------ */

typedef struct Sandbox {
    CStrArray readable; /* folders and files that may be read */
    CStrArray writable; /* folders in which files may be made, written and removed too */
} Sandbox;

/* True when this kernel has one. $IRQLINT_SANDBOX=off: false. */
bool sandbox_is_available(void);
/* Takes everything else away from this process, for good. 0, or -1: no sandbox, nothing changed
 * but that no program started from now on gains rights. */
int sandbox_enter(const Sandbox *self);

/* ---- worker processes (pool.c) ------------------------------------------------------------- */

/* Runs in a worker process; the value is handed to the parent. */
typedef int (*PoolRun)(void *context, uint32_t task);
/* Is told in the parent whenever a task is done, and about ten times a second in between: so many
 * of so many tasks are. */
typedef void (*PoolProgress)(void *context, uint32_t finished, uint32_t count);

typedef enum PoolStatus {
    POOL_DONE,       /* value is what the task returned */
    POOL_CRASHED,    /* value is the signal that ended the worker, 0: it exited */
    POOL_TIMED_OUT,  /* killed after timeout_s */
    POOL_NOT_STARTED /* no worker process could be started */
} PoolStatus;

typedef struct PoolOutcome {
    PoolStatus status;   /* what became of the task */
    int value;           /* see PoolStatus */
    double seconds;      /* on the clock, that a worker had the task */
    uint64_t peak_bytes; /* of the worker's memory so far; 0: it did not answer */
} PoolOutcome;

typedef struct Pool {
    uint32_t jobs;          /* worker processes at most */
    uint32_t timeout_s;     /* seconds per task */
    uint64_t memory_bytes;  /* growth of a worker's address space */
    const Sandbox *sandbox; /* what a worker may read and write, NULL: everything */
    PoolRun run;            /* the work */
    void *context;          /* its first argument */
    PoolProgress progress;  /* NULL: nobody watches */
    void *watcher;          /* its first argument */
} Pool;

/* Runs tasks 0 … count-1 and fills outcomes[0 … count-1]. Which worker runs a task, and when, shows
 * nowhere. Call before this process has threads. */
void pool_run(const Pool *self, uint32_t count, PoolOutcome *outcomes);

#endif
