/* value: intervals over int64 with "not zero" and pointer origins.
 *
 * Invariant: lo <= hi; a value that could not be is signalled by the caller's *possible. Errs
 * towards wider intervals; overflow gives the full interval.
 */
#include "analyzer/infer/internal.h"

const AbsValue VALUE_TOP = {INT64_MIN, INT64_MAX, 0, 0, 0, 0};

/* Numbers of KIRQL by Irql: least and greatest. */
static const int64_t LEVEL_LO[IRQL_COUNT] = {0, 1, 2, 3, 13};
static const int64_t LEVEL_HI[IRQL_COUNT] = {0, 1, 2, 12, 15};

AbsValue abs_const(int64_t number) {
    return (AbsValue){number, number, number != 0, 0, 0, 0};
}

AbsValue abs_of_origin(uint16_t origin) {
    AbsValue value = VALUE_TOP;
    value.origin = origin;
    if ((origin & ORIGIN_MODE) != 0)
        value.lo = 0, value.hi = 1; /* KernelMode, UserMode */
    return value;
}

AbsValue abs_of_levels(IrqlSet levels) {
    AbsValue value = {INT64_MAX, INT64_MIN, 0, 0, 0, 0};
    for (unsigned i = 0; i < IRQL_COUNT; i++) {
        if ((levels & irql_bit(i)) == 0)
            continue;
        value.lo = LEVEL_LO[i] < value.lo ? LEVEL_LO[i] : value.lo;
        value.hi = LEVEL_HI[i] > value.hi ? LEVEL_HI[i] : value.hi;
    }
    value.nonzero = value.lo > 0;
    return levels == 0 ? VALUE_TOP : value;
}

IrqlSet abs_levels(AbsValue value) {
    IrqlSet levels = 0;
    for (unsigned i = 0; i < IRQL_COUNT; i++) {
        if (value.lo <= LEVEL_HI[i] && value.hi >= LEVEL_LO[i])
            levels |= irql_bit(i);
    }
    return levels == 0 ? IRQL_SET_ALL : levels;
}

bool abs_is_top(AbsValue value) {
    return value.lo == INT64_MIN && value.hi == INT64_MAX && !value.nonzero && value.origin == 0;
}

bool abs_is_const(AbsValue value) {
    return value.lo == value.hi;
}

bool abs_equal(AbsValue a, AbsValue b) {
    return a.lo == b.lo && a.hi == b.hi && a.nonzero == b.nonzero && a.origin == b.origin &&
           a.stored == b.stored && a.source == b.source;
}

/* Origins of a value that is one or the other; NULL has no say. */
static uint16_t join_origins(AbsValue a, AbsValue b) {
    const uint16_t tracked = ORIGIN_USER | ORIGIN_PAGED | ORIGIN_COPY;
    bool a_null = a.lo == 0 && a.hi == 0, b_null = b.lo == 0 && b.hi == 0;
    if (a_null != b_null)
        return (uint16_t)((a_null ? b.origin : a.origin) & ~ORIGIN_NO_DUMP);
    uint16_t origin = a.origin | b.origin;
    if (!a_null && ((a.origin ^ b.origin) & tracked) != 0)
        origin |= ORIGIN_MAYBE;
    if (((a.origin & ORIGIN_BARE) != 0) != ((b.origin & ORIGIN_BARE) != 0))
        origin |= ORIGIN_PARTLY;
    /* only what holds of either */
    const uint16_t both = ORIGIN_PROBED | ORIGIN_DUMP | ORIGIN_NO_DUMP | ORIGIN_PRIVATE;
    return (uint16_t)((origin & ~both) | (a.origin & b.origin & both));
}

AbsValue abs_join(AbsValue a, AbsValue b) {
    return (AbsValue){a.lo < b.lo ? a.lo : b.lo, a.hi > b.hi ? a.hi : b.hi,
                      a.nonzero && b.nonzero,    a.stored | b.stored,
                      join_origins(a, b),        a.source == b.source ? a.source : 0};
}

Truth abs_truth(AbsValue value) {
    if (value.nonzero || value.lo > 0 || value.hi < 0)
        return TRUTH_TRUE;
    return value.lo == 0 && value.hi == 0 ? TRUTH_FALSE : TRUTH_UNKNOWN;
}

static Truth truth_not(Truth truth) {
    return truth == TRUTH_UNKNOWN ? truth : truth == TRUTH_TRUE ? TRUTH_FALSE : TRUTH_TRUE;
}

static Truth compare_equal(AbsValue a, AbsValue b) {
    if (a.hi < b.lo || b.hi < a.lo)
        return TRUTH_FALSE;
    if (abs_is_const(a) && abs_is_const(b))
        return TRUTH_TRUE;
    bool apart = (a.nonzero && b.lo == 0 && b.hi == 0) || (b.nonzero && a.lo == 0 && a.hi == 0);
    return apart ? TRUTH_FALSE : TRUTH_UNKNOWN;
}

static Truth compare_less(AbsValue a, AbsValue b) {
    if (a.hi < b.lo)
        return TRUTH_TRUE;
    return a.lo >= b.hi ? TRUTH_FALSE : TRUTH_UNKNOWN;
}

Truth abs_compare(IrBinary op, AbsValue a, AbsValue b) {
    switch (op) {
    case IR_EQ:
        return compare_equal(a, b);
    case IR_NE:
        return truth_not(compare_equal(a, b));
    case IR_LT:
        return compare_less(a, b);
    case IR_GE:
        return truth_not(compare_less(a, b));
    case IR_GT:
        return compare_less(b, a);
    case IR_LE:
        return truth_not(compare_less(b, a));
    default:
        return TRUTH_UNKNOWN;
    }
}

static AbsValue from_truth(Truth truth) {
    if (truth == TRUTH_UNKNOWN)
        return (AbsValue){0, 1, 0, 0, 0, 0};
    return abs_const(truth == TRUTH_TRUE);
}

static AbsValue fold(IrBinary op, int64_t a, int64_t b) {
    switch (op) {
    case IR_AND:
        return abs_const(a & b);
    case IR_OR:
        return abs_const(a | b);
    case IR_XOR:
        return abs_const(a ^ b);
    case IR_MUL: {
        int64_t product;
        return __builtin_mul_overflow(a, b, &product) ? VALUE_TOP : abs_const(product);
    }
    case IR_DIV:
        return b == 0 || (a == INT64_MIN && b == -1) ? VALUE_TOP : abs_const(a / b);
    case IR_MOD:
        return b == 0 || (a == INT64_MIN && b == -1) ? VALUE_TOP : abs_const(a % b);
    case IR_SHL:
        return b < 0 || b > 62 || a < 0 || (a >> (62 - b)) != 0 ? VALUE_TOP : abs_const(a << b);
    case IR_SHR:
        return b < 0 || b > 63 || a < 0 ? VALUE_TOP : abs_const(a >> b);
    default:
        return VALUE_TOP;
    }
}

static AbsValue add(AbsValue a, AbsValue b, bool subtract) {
    AbsValue sum = VALUE_TOP;
    int64_t lo, hi;
    bool overflow =
        subtract
            ? __builtin_sub_overflow(a.lo, b.hi, &lo) || __builtin_sub_overflow(a.hi, b.lo, &hi)
            : __builtin_add_overflow(a.lo, b.lo, &lo) || __builtin_add_overflow(a.hi, b.hi, &hi);
    if (!overflow) {
        sum.lo = lo;
        sum.hi = hi;
        sum.nonzero = lo > 0 || hi < 0;
    }
    bool pointer_last =
        a.origin == 0 && abs_is_const(a); /* else an offset into what `a` points at */
    sum.origin = (pointer_last ? b.origin : a.origin) & (uint16_t)~(ORIGIN_DUMP | ORIGIN_NO_DUMP);
    sum.source = pointer_last ? b.source : a.source;
    return sum;
}

/* What the result of a comparison says about the mode that was compared. */
static uint16_t compare_origin(IrBinary op, AbsValue mode, AbsValue number) {
    if ((mode.origin & ORIGIN_DUMP) == 0 || !abs_is_const(number) || number.lo < 0)
        return 0;
    bool zero = number.lo == 0;
    if (op == IR_GT || (zero ? op == IR_NE : op == IR_EQ || op == IR_GE))
        return ORIGIN_DUMP;
    return zero && (op == IR_EQ || op == IR_LE) ? ORIGIN_NO_DUMP : 0;
}

AbsValue abs_binary(IrBinary op, AbsValue a, AbsValue b) {
    if (op >= IR_EQ) {
        Truth truth = abs_compare(op, a, b);
        AbsValue value = from_truth(truth);
        value.origin = truth == TRUTH_UNKNOWN ? compare_origin(op, a, b) : 0;
        return value;
    }
    if (op == IR_ADD || op == IR_SUB)
        return add(a, b, op == IR_SUB);
    if (abs_is_const(a) && abs_is_const(b))
        return fold(op, a.lo, b.lo);
    AbsValue result = VALUE_TOP;
    if (op == IR_AND && abs_is_const(b) && b.lo >= 0) {
        result.lo = 0;
        result.hi = b.lo;
    }
    if (op == IR_AND || op == IR_OR)
        result.origin = a.origin, result.source = a.source; /* a pointer with tag bits */
    if (op == IR_OR && (a.nonzero || b.nonzero))
        result.nonzero = 1;
    return result;
}

AbsValue abs_unary(IrUnary op, AbsValue a) {
    if (op == IR_NOT) {
        Truth truth = abs_truth(a);
        AbsValue value = from_truth(truth_not(truth));
        if (truth == TRUTH_UNKNOWN && (a.origin & (ORIGIN_DUMP | ORIGIN_NO_DUMP)) != 0)
            value.origin = (a.origin & ORIGIN_DUMP) != 0 ? ORIGIN_NO_DUMP : ORIGIN_DUMP;
        return value;
    }
    if (!abs_is_const(a) || a.lo == INT64_MIN)
        return VALUE_TOP;
    return abs_const(op == IR_NEG ? -a.lo : ~a.lo);
}

AbsValue abs_refine(AbsValue value, IrBinary op, AbsValue constant, bool *possible) {
    AbsValue result = value;
    if (op == IR_EQ) {
        result.lo = constant.lo > value.lo ? constant.lo : value.lo;
        result.hi = constant.hi < value.hi ? constant.hi : value.hi;
        result.nonzero = value.nonzero || constant.nonzero;
    } else if (op == IR_NE && abs_is_const(constant)) {
        if (constant.lo == 0)
            result.nonzero = 1;
        if (value.lo == constant.lo && value.lo != INT64_MAX)
            result.lo++;
        if (value.hi == constant.lo && value.hi != INT64_MIN)
            result.hi--;
    } else if (op == IR_LT && constant.hi != INT64_MIN) {
        result.hi = constant.hi - 1 < value.hi ? constant.hi - 1 : value.hi;
    } else if (op == IR_LE) {
        result.hi = constant.hi < value.hi ? constant.hi : value.hi;
    } else if (op == IR_GT && constant.lo != INT64_MAX) {
        result.lo = constant.lo + 1 > value.lo ? constant.lo + 1 : value.lo;
    } else if (op == IR_GE) {
        result.lo = constant.lo > value.lo ? constant.lo : value.lo;
    }
    *possible = result.lo <= result.hi && !(result.nonzero && result.lo == 0 && result.hi == 0);
    if (*possible && (result.lo > 0 || result.hi < 0))
        result.nonzero = 1;
    return *possible ? result : value;
}
