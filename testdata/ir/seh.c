/* __try, __except, __finally, __leave: what runs on which way out. */
int Test(int n);
void Use(int n);
void Release(void);
void Acquire(void);

int Except_filter(int *p) {
    __try {
        Use(*p);
    } __except (Test(1)) {
        return 1;
    }
    return 0;
}

int Finally_every_way_out(int n) {
    while (n) {
        Acquire();
        __try {
            if (n == 1)
                break;
            if (n == 2)
                continue;
            if (n == 3)
                return Test(3);
            if (n == 4)
                goto out;
            if (n == 5)
                __leave;
            Use(n);
        } __finally {
            Release();
        }
        n--;
    }
out:
    return 0;
}

void Nested(int *p) {
    __try {
        __try {
            if (*p)
                __leave;
            Use(1);
        } __finally {
            if (Test(2))
                goto skip;
            Release();
        skip:
            Use(2);
        }
    } __except (1) {
        Use(3);
    }
}

int Finally_tells_how_it_was_left(int n) {
    __try {
        if (n == 1)
            return 1;
        if (n == 2)
            __leave;
        Use(n);
    } __finally {
        if (_abnormal_termination())
            Release();
    }
    return 0;
}
