/* C++: a plain structure is copied as in C; a class with an assignment of its own is not. */
struct Plain {
    int a;
    int *b;
};

struct Own {
    int a;
    Own &operator=(const Own &other) {
        a = other.a + 1;
        return *this;
    }
};

Plain Make();
Plain &Refer();

void Copies(Plain *to, Plain *from, const Plain &other, Plain copy) {
    *to = *from;
    *to = other;
    *to = copy;
    *to = Make();
    *to = Refer();
    to[1] = to[0] = *from;
    (*to = other).a = 3;
}

void Calls(Own *to, Own *from) {
    *to = *from;
}
