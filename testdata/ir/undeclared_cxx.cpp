// As in C; functions and templates are named by nobody too.
int Step(int n);
int *Place();
int Pick(int n);
int Pick(int *place, int n);

struct Holder {
    MISSING_TYPE Field;
    MISSING_TYPE *Get(int n) { return Step(n) ? &Field : nullptr; }
};

int Values(int n) {
    Missing(Step(1), MISSING_FLAG);
    Pick(MISSING);
    Pick(Place(), MISSING);
    if (Step(2) == MISSING && Step(3))
        return Step(4);
    auto place = reinterpret_cast<MISSING_TYPE *>(Place());
    MissingTemplate<int> object = Step(5);
    switch (n) {
    case MISSING_CASE:
        return Step(6);
    }
    return MISSING ? Step(7) : Step(8);
}

struct Thing;
void Free(void *memory);

// The argument does not fit, now that nobody knows the type: the call stays.
void Refused(MISSING_POINTER pointer, Thing *thing) {
    Free(pointer);
    thing->Field = Step(1);
}
