/* Loops; which parts of a for-header are there; switch; goto. */
int Test(int n);
void Use(int n);

void While_loop(int n) {
    while (n > 0) {
        if (Test(n))
            continue;
        n--;
    }
}

void Do_loop(int n) {
    do {
        if (Test(n))
            break;
    } while (--n);
}

void For_full(int n) {
    for (int i = 0; i < n; i++)
        Use(i);
}

void For_no_init(int n) {
    for (; n; n--)
        Use(n);
}

void For_no_test(int n) {
    for (n = 0; /* ; */; n++) {
        if (Test(n))
            break;
    }
}

void For_no_step(int n) {
    for (n = 0; Test(n);)
        Use(n);
}

void For_only_step(int n) {
    for (;; n += ';')
        Use(n);
}

void For_only_test(int n) {
    for (; n < 3;)
        Use(n);
}

#define UNTIL_FALSE(test) for (; test;)
#define COUNT_UP(i) for (;; i++)

void For_in_macros(int n) {
    UNTIL_FALSE(Test(n))
        Use(n);
    COUNT_UP(n)
        if (Test(n))
            return;
}

int Switch_fallthrough(int n) {
    switch (n) {
        Use(9);
    case 1:
        Use(1);
    case 2:
    case 5 ... 7:
        Use(2);
        break;
    case 'abcd':
        return 1;
    default:
        Use(3);
    }
    switch (Test(n)) {
    case -1:
        return 2;
    }
    return 0;
}

int Goto_labels(int n) {
    if (n == 0)
        goto done;
again:
    if (Test(n))
        goto again;
    Use(n);
done:
    return n;
    Use(0);
}
