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
