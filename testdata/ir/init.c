/* Initialisers: braces, designators, elision, zeroes, unions, strings; compound literals. */
typedef union _LARGE {
    struct {
        unsigned Low;
        int High;
    };
    long long Quad;
} LARGE;

typedef struct _POINT {
    int X, Y;
} POINT;

typedef struct _SHAPE {
    POINT From, To;
    const char *Name;
    int Weights[3];
} SHAPE;

typedef int HANDLER(void *context);

typedef struct _ENTRY {
    unsigned Code;
    HANDLER *Handler;
} ENTRY;

HANDLER First, Second;
void Use(const void *p);

static const ENTRY Table[] = {{1, First}, {.Handler = Second, .Code = 2}, 3, First};
HANDLER *Chosen[4] = {[2] = Second};
int Plain = 5, Undefined;

void Locals(int n) {
    int unset;
    int set = n;
    POINT zero = {0}, partly = {n}, designated = {.Y = 2};
    LARGE timeout = {0}, quad = {.Quad = -10};
    SHAPE shape = {1, 2, {3}, .Name = "shape", {[1] = 7, 8}};
    char text[] = "text";
    static int calls = 3;
    calls++;
    Use(&unset + set);
    Use(&zero);
    Use(&partly);
    Use(&designated);
    Use(&timeout);
    Use(&quad);
    Use(&shape);
    Use(text);
    Use(&(POINT){n, 4});
}

/* A designator names an element behind the last one; it ends members without braces. */
struct Choice {
    struct {
        int x, y;
    } pair;
    union {
        int number;
        int (*call)(int);
    };
};
int Called(int n);
struct Choice choices[2] = {[1].number = 2, [0].call = Called, [1].call = Called};
struct Choice elided = {1, .call = Called};
