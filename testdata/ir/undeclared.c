/* A name that nobody declares costs the name, not the statement around it. */
int Step(int n);
int *Place(void);

int Values(int n) {
    Step(MISSING + Step(1));
    if (Step(2) == MISSING_STATE && Step(3))
        return Step(4);
    for (int i = 0; i < MISSING_LIMIT; i++)
        Step(5);
    switch (n) {
    case MISSING_CASE:
        Step(6);
        break;
    case 1:
        Step(7);
        break;
    default:
        Step(8);
    }
    missing->Field = Step(9);
    return MISSING ? Step(10) : Step(11);
}

int Types(MISSING_PARAM *param) {
    MISSING_TYPE value = Step(1);
    MISSING_TYPE *pointer = (MISSING_TYPE *)Place();
    pointer->Field = Step(2);
    param->Field = (MISSING_TYPE)Step(3);
    return Step(sizeof(MISSING_TYPE));
}

/* Declared after its use: no stand-in. */
int Early(void) {
    return LATE + Step(1);
}
enum { LATE = 3 };
int Late(void) {
    return LATE;
}
