/* pool: tasks in worker processes, so that a crash or a hang costs one task.
 *
 * Invariants: a worker has at most one task; every task gets exactly one outcome; what a worker
 * prints goes nowhere; it reads and writes what its sandbox allows; no worker outlives its parent.
 * The parent hands out tasks in order and waits with poll, so it never blocks on a worker that does
 * not answer.
 */
#include "analyzer/base/base.h"

#include <errno.h>
#include <fcntl.h>
#include <malloc.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

enum { NO_TASK = UINT32_MAX, MAX_OUTPUT_SIZE = 1 << 30 };

typedef struct Worker {
    pid_t pid;       /* 0: not running */
    int fd;          /* our end of its socket */
    uint32_t task;   /* what it works on, NO_TASK when idle */
    double begin;    /* seconds of the monotonic clock at which it got the task */
    double deadline; /* … at which it is killed */
} Worker;

typedef struct Answer {
    uint32_t task;       /* the task that is done */
    int value;           /* what it returned */
    uint64_t peak_bytes; /* of the worker's memory */
} Answer;

typedef struct Run {
    const Pool *pool;      /* what to do */
    Worker *workers;       /* worker_count of them */
    struct pollfd *polled; /* one for each worker */
    uint32_t worker_count; /* how many */
    uint32_t count;        /* tasks in all */
    uint32_t next;         /* first task not handed out */
    uint32_t finished;     /* tasks with an outcome */
    PoolOutcome *outcomes; /* the result */
} Run;

/* ---- in the worker -------------------------------------------------------------------------- */

/* Bytes of address space in use. */
static uint64_t address_space(void) {
    unsigned long long pages = 0;
    FILE *file = fopen("/proc/self/statm", "re");
    if (file == NULL)
        return 0;
    if (fscanf(file, "%llu", &pages) != 1)
        pages = 0;
    fclose(file);
    return pages * (uint64_t)sysconf(_SC_PAGESIZE);
}

static void limit_worker(const Pool *pool) {
    struct rlimit none = {0, 0};
    setrlimit(RLIMIT_CORE, &none);
    rlim_t size = address_space() + pool->memory_bytes;
    struct rlimit space = {size, size};
    setrlimit(RLIMIT_AS, &space);
    struct rlimit output = {MAX_OUTPUT_SIZE, MAX_OUTPUT_SIZE};
    setrlimit(RLIMIT_FSIZE, &output);
    signal(SIGXFSZ, SIG_IGN); /* the write fails */
}

static void silence_worker(void) {
    int nowhere = open("/dev/null", O_RDWR | O_CLOEXEC);
    for (int fd = 0; nowhere >= 0 && fd < 3; fd++)
        dup2(nowhere, fd);
    signal(SIGINT, SIG_IGN); /* the parent decides what ^C means */
}

/* What one file needed the next will need too: giving it back to the system costs a page fault for
 * each page that is taken again. */
static void keep_memory(void) {
    enum { KEPT = 512 << 20 };
    mallopt(M_TRIM_THRESHOLD, KEPT);
    mallopt(M_MMAP_THRESHOLD, KEPT);
    mallopt(M_TOP_PAD, 16 << 20);
}

static void work(const Run *run, int fd, pid_t parent) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent)
        _exit(0);
    for (uint32_t i = 0; i < run->worker_count; i++) {
        if (run->workers[i].pid != 0)
            close(run->workers[i].fd);
    }
    silence_worker();
    keep_memory();
    limit_worker(run->pool);
    if (run->pool->sandbox != NULL)
        sandbox_enter(run->pool->sandbox);
    Answer answer = {0};
    while (recv(fd, &answer.task, sizeof answer.task, 0) == sizeof answer.task) {
        answer.value = run->pool->run(run->pool->context, answer.task);
        answer.peak_bytes = peak_memory();
        if (send(fd, &answer, sizeof answer, MSG_NOSIGNAL) != sizeof answer)
            break;
    }
    _exit(0);
}

/* ---- in the parent -------------------------------------------------------------------------- */

static int start_worker(Run *run, Worker *worker) {
    int ends[2];
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0)
        return -1;
    pid_t parent = getpid();
    fflush(NULL); /* a worker must not write our buffers a second time */
    pid_t pid = fork();
    if (pid == 0) {
        close(ends[0]);
        work(run, ends[1], parent);
    }
    close(ends[1]);
    if (pid < 0) {
        close(ends[0]);
        return -1;
    }
    *worker = (Worker){.pid = pid, .fd = ends[0], .task = NO_TASK};
    return 0;
}

/* Waits for the end of a worker; the signal that ended it, 0 for none. */
static int reap(Worker *worker) {
    close(worker->fd);
    int status = process_wait(worker->pid);
    worker->pid = 0;
    return status >= 0 && WIFSIGNALED(status) ? WTERMSIG(status) : 0;
}

static void tell(const Run *run) {
    if (run->pool->progress != NULL)
        run->pool->progress(run->pool->watcher, run->finished, run->count);
}

static void finish(Run *run, uint32_t task, PoolOutcome outcome) {
    run->outcomes[task] = outcome;
    run->finished++;
    tell(run);
}

static bool is_busy(const Worker *worker) {
    return worker->pid != 0 && worker->task != NO_TASK;
}

static bool has_worker(const Run *run) {
    for (uint32_t i = 0; i < run->worker_count; i++) {
        if (run->workers[i].pid != 0)
            return true;
    }
    return false;
}

static void hand_out(Run *run, Worker *worker) {
    if (worker->pid == 0 && start_worker(run, worker) != 0) {
        if (!has_worker(run))
            finish(run, run->next++, (PoolOutcome){.status = POOL_NOT_STARTED});
        return;
    }
    uint32_t task = run->next++;
    worker->task = task;
    worker->begin = clock_seconds();
    worker->deadline = worker->begin + run->pool->timeout_s;
    if (send(worker->fd, &task, sizeof task, MSG_NOSIGNAL) != sizeof task)
        finish(run, task, (PoolOutcome){.status = POOL_CRASHED, .value = reap(worker)});
}

static void hand_out_all(Run *run) {
    for (uint32_t i = 0; i < run->worker_count && run->next < run->count; i++) {
        if (!is_busy(&run->workers[i]))
            hand_out(run, &run->workers[i]);
    }
}

/* Until a deadline or until who watches wants to know; 0 when nobody is busy: then there is nothing
 * to wait for. */
static int milliseconds_to_wait(const Run *run) {
    double left = run->pool->progress == NULL ? 1e6 : 0.1, time = clock_seconds();
    bool any_busy = false;
    for (uint32_t i = 0; i < run->worker_count; i++) {
        if (!is_busy(&run->workers[i]))
            continue;
        any_busy = true;
        if (run->workers[i].deadline - time < left)
            left = run->workers[i].deadline - time;
    }
    return !any_busy || left <= 0 ? 0 : (int)(left * 1000) + 1;
}

static void hear(Run *run, Worker *worker) {
    Answer answer;
    uint32_t task = worker->task;
    ssize_t got = recv(worker->fd, &answer, sizeof answer, MSG_DONTWAIT);
    if (got < 0 && (errno == EINTR || errno == EAGAIN))
        return;
    worker->task = NO_TASK;
    PoolOutcome outcome = {.status = POOL_DONE, .seconds = clock_seconds() - worker->begin};
    if (got == sizeof answer && answer.task == task) {
        outcome.value = answer.value;
        outcome.peak_bytes = answer.peak_bytes;
    } else {
        outcome.status = POOL_CRASHED;
        outcome.value = reap(worker);
    }
    finish(run, task, outcome);
}

static void end_late_worker(Run *run, Worker *worker) {
    kill(worker->pid, SIGKILL);
    reap(worker);
    finish(run, worker->task,
           (PoolOutcome){.status = POOL_TIMED_OUT, .seconds = clock_seconds() - worker->begin});
}

static void wait_for_workers(Run *run) {
    for (uint32_t i = 0; i < run->worker_count; i++) {
        Worker *worker = &run->workers[i];
        run->polled[i] = (struct pollfd){is_busy(worker) ? worker->fd : -1, POLLIN, 0};
    }
    int ready = poll(run->polled, run->worker_count, milliseconds_to_wait(run));
    if (ready < 0)
        return; /* interrupted: ask again */
    if (ready == 0)
        tell(run);
    double time = clock_seconds();
    for (uint32_t i = 0; i < run->worker_count; i++) {
        Worker *worker = &run->workers[i];
        if (run->polled[i].revents != 0)
            hear(run, worker);
        else if (is_busy(worker) && worker->deadline <= time)
            end_late_worker(run, worker);
    }
}

void pool_run(const Pool *self, uint32_t count, PoolOutcome *outcomes) {
    Arena *scratch = arena_new();
    uint32_t worker_count = self->jobs < count ? self->jobs : count;
    Run run = {.pool = self,
               .workers = arena_array_of(scratch, Worker, worker_count + 1),
               .polled = arena_array_of(scratch, struct pollfd, worker_count + 1),
               .worker_count = worker_count,
               .count = count,
               .outcomes = outcomes};
    while (run.finished < count) {
        hand_out_all(&run);
        wait_for_workers(&run);
    }
    for (uint32_t i = 0; i < worker_count; i++) {
        if (run.workers[i].pid == 0)
            continue;
        shutdown(run.workers[i].fd, SHUT_RDWR);
        reap(&run.workers[i]);
    }
    arena_free(scratch);
}
