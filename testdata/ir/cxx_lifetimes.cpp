// When objects end: results of calls, conditional temporaries, ranges, what a function returns.
int Do(int n);

struct Lock {
    explicit Lock(int *lock);
    Lock(const Lock &other);
    Lock &operator=(const Lock &other);
    ~Lock();
    operator int() const;
    int *held;
};
Lock Make(int n);
int word;

// The result becomes the variable.
void Variable() {
    Lock lock = Make(1);
    Do(2);
}

// The temporary ends after the whole expression.
void Whole() {
    Do(Make(1).held ? 1 : 2);
    Do(3);
}

// The object is made in the caller.
Lock Returned(int n) {
    if (n)
        return Lock(&word);
    return n ? Make(1) : Lock(&word);
}

// One object, whichever arm made it; it lives as long as the reference.
void Conditional(int n) {
    const Lock &kept = n ? Make(1) : Lock(&word);
    Lock copy = n ? Make(2) : Make(3);
    Do(4);
}

void Assigned(Lock &lock) {
    lock = Make(1);
    while (Make(2))
        Do(3);
}

struct Iterator {
    bool operator!=(const Iterator &other) const;
    Iterator &operator++();
    Lock operator*();
};
struct List {
    ~List();
    Iterator begin();
    Iterator end();
};
List Items();

// The list ends on every way out of the loop, the element after each round.
int Range() {
    for (Lock item : Items()) {
        if (item)
            return Do(1);
        if (word)
            break;
        Do(2);
    }
    return Do(3);
}

// The variable of a condition ends with each round.
void Rounds(int n) {
    while (Lock held = Make(n)) {
        if (n)
            break;
        Do(1);
    }
    for (int i = 0; Lock held = Make(i); i++)
        Do(2);
}

// A value in a condition, a jump out of two scopes.
void Scopes(int n) {
    Lock outer(&word);
    for (int i = 0; i < n; i++) {
        Lock inner(&word);
        if (i == 1)
            continue;
        if (i == 2)
            goto out;
        Do(i);
    }
out:
    Do(4);
}
