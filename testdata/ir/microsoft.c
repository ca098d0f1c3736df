/* What the Microsoft compiler accepts: lvalue casts, integers as pointers, other prototypes. */
typedef unsigned long long ULONG_PTR;
typedef struct _FILE_OBJECT {
    void *FsContext;
    long Flags;
} FILE_OBJECT;
typedef struct _A *PA;
typedef struct _B *PB;

#define SetFlag(f, m) ((f) |= (m))

void Take(long *p);
int Other(PA a);

void Lvalue_casts(FILE_OBJECT *f, char *p, int n) {
    (ULONG_PTR)p += n;
    (ULONG_PTR)f->FsContext = 3;
    SetFlag((ULONG_PTR)f->FsContext, 4);
    ((ULONG_PTR)p)++;
    *((int *)p)++;
    Take(&(long)f->Flags);
    p = 5;
    n = p;
}

int Other(PB b) {
    return b != 0;
}

int One(int a);

int Surplus_arguments(int (*through)(void), PA a) {
    One(1, Other(a));
    return One(One(2), 3) + through(4);
}

typedef int SAME_SIZE;
typedef long SAME_SIZE;
typedef char LAYOUT_OF_ANOTHER_MACHINE[sizeof(void *) == 4 ? 1 : -1];

int Local_prototype(int n) {
    static int Later(int n);
    return Later(n);
}

__declspec(naked) void Assembly_of_x86(void) {
    __asm {
        lock inc [eax]
        jmp dword ptr [eax + 4]
    }
}
