/* SAL annotations on functions, parameters and typedefs; roles. */
#define SAL(text) __attribute__((annotate("sal:" text)))
#define _IRQL_requires_max_(level) SAL("_IRQL_requires_max_(" #level ")")
#define _IRQL_saves_ SAL("_IRQL_saves_")
#define _IRQL_restores_ SAL("_IRQL_restores_")
#define _When_(...) SAL("_When_(" #__VA_ARGS__ ")")

typedef unsigned char KIRQL;

_IRQL_requires_max_(DISPATCH_LEVEL) typedef void CALLBACK(void *context);
typedef CALLBACK *PCALLBACK;
typedef void EVT_OTHER(_IRQL_restores_ KIRQL old);

CALLBACK OnTimer;
EVT_OTHER OnTimer2;

_IRQL_requires_max_(PASSIVE_LEVEL) void Declared(_IRQL_saves_ KIRQL *old, int wait);

_When_(wait == 1, _IRQL_requires_max_(APC_LEVEL)) void Declared(KIRQL *old, int wait) {
    *old = (KIRQL)wait;
}

void OnTimer(void *context) {
    (void)context;
}

typedef struct _QUEUE {
    PCALLBACK OnEvent;
    struct {
        EVT_OTHER *Inner;
    };
} QUEUE;

#define LOCKED_CALL(n) Declared(0, n)

void Macro(void) {
    LOCKED_CALL(1);
}
