/* Calls: direct, through variables, fields, tables; functions as values; evaluation before calls. */
typedef int HANDLER(void *context, int n);
typedef HANDLER *PHANDLER;
typedef int (*PLAIN)(int n);

typedef struct _OPS {
    PHANDLER Open;
    HANDLER *Close;
    PLAIN Plain;
    int (*Unnamed)(void);
    HANDLER *Many[2];
} OPS;

HANDLER OpenDisk;
static HANDLER CloseDisk;
__declspec(noreturn) void Die(int code);
void Take(PHANDLER handler, ...);
OPS Global;

int Calls(OPS *ops, int n, void *context) {
    PHANDLER local = n ? OpenDisk : &CloseDisk;
    ops->Open = local;
    ops->Many[n] = *OpenDisk;
    local(context, n++);
    (*ops->Open)(context, OpenDisk(context, 1));
    (OpenDisk)(context, ops->Many[1](context, 2));
    (**CloseDisk)(context, n);
    Take(CloseDisk, 1, "text", &Take, (n = 3, n));
    return Global.Unnamed() + Global.Plain(n);
}

static int CloseDisk(void *context, int n) {
    if (n == 0)
        Die(1);
    return n;
}

static __inline int Inline(int n) {
    return ({
        int twice = n * 2;
        twice;
    });
}

int Caller(int n) {
    return Undeclared(Inline(n));
}
