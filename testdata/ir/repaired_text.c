/* A text with a macro for its prefix, which is `L` and not a token of its own to Microsoft's compiler. */
#define PREFIX L
#define NAME PREFIX"name"

void Use(const void *text, int n);

void Named(int n) {
    Use(NAME, n);
    Use(PREFIX"a" PREFIX"b", n + 1);
}
