/* if, else, && || ! ?: as conditions and as values, comma, constant conditions. */
int Test(int n);
void Use(int n);

int Simple_if(int a) {
    if (a > 1)
        Use(1);
    else if (a == 0)
        Use(2);
    return a;
}

int Short_circuit(int a, int *p) {
    if (p && *p == a || !Test(a))
        return 1;
    return 0;
}

int Logical_value(int a, int b) {
    int both = a && b;
    return both || !a;
}

int Conditional(int a, int *p) {
    int kept = a ? *p : Test(a);
    if (a ? kept : Test(2))
        Use(3);
    a ? Use(4) : Use(5);
    return kept ?: a;
}

int Comma_and_steps(int a, int *p) {
    int old = a++, after = --a;
    *p++ = a;
    (*p)--;
    return Use(old), after += 2, after;
}

void Constant_conditions(int a) {
    do {
        Use(a);
    } while (0);
    if (0)
        Use(1);
    if (sizeof(int) == 4)
        Use(2);
    while (1) {
        if (Test(a))
            break;
    }
}
