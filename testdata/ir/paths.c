/* Places: struct names in every disguise, members of unnamed structs, arrays, pointers, loads. */
typedef struct _INNER {
    int Value;
    int Table[4];
} INNER;

typedef struct {
    INNER *Next;
} UNTAGGED;

typedef struct _OUTER {
    INNER Inner;
    struct _OUTER *Link;
    union {
        int Number;
        struct {
            short Low;
        };
    };
    union {
        struct {
            void *Buffer;
        } Read;
    } Parameters;
    char Bytes[8];
} OUTER, *POUTER;

int Counter;
extern const int Limit;

int Fields(POUTER o, UNTAGGED *u) {
    o->Inner.Value = u->Next->Value;
    o->Number = o->Low;
    o->Parameters.Read.Buffer = 0;
    (*o).Link->Link = o;
    return (&o->Inner)->Value;
}

int Arrays(POUTER o, int i, int *p) {
    int local[3];
    int matrix[2][2];
    int *q = local;
    local[1] = p[i] + p[0] + *p + *(p + 1);
    q[2] = *local;
    matrix[i][1] = o->Inner.Table[i];
    return i[local];
}

INNER *Addresses(POUTER o) {
    INNER copy = o->Inner;
    INNER *p = &copy, **pp = &p;
    (*pp)->Value = copy.Table[0];
    Counter += Limit;
    return &o->Inner;
}

#define CONTAINING_RECORD(address, type, field)                                                    \
    ((type *)((char *)(address) - (unsigned long long)(&((type *)0)->field)))

POUTER Containing(INNER *inner, void *link) {
    POUTER a = CONTAINING_RECORD(inner, OUTER, Inner);
    POUTER b = (POUTER)((char *)link - __builtin_offsetof(OUTER, Link));
    return a ? a : b;
}

long Constants(void) {
    long status = (long)0xC0000001L;
    unsigned char small = (unsigned char)0x1ff;
    int tag = 'tesT';
    return status + small + tag + (long)sizeof(INNER) + (long)(unsigned short)-1;
}
