/* C++: constant integers are their values; what is not constant, or has no initialiser here, is read. */
void Use(unsigned n);
static constexpr unsigned Product = 50 * 10;
const unsigned Plain = 7;
extern const unsigned Elsewhere;
const volatile unsigned Register = 1;
static unsigned Variable = 2;
enum class Level : unsigned char { Low = 3 };
constexpr Level Chosen = Level::Low;

struct Limits {
    static constexpr unsigned Most = 9;
    void Default(unsigned n = Product) {
        Use(n);
    }
};

void All(Limits *limits) {
    const unsigned *address = &Plain;
    limits->Default();
    Use(Product);
    Use(Plain + Limits::Most);
    Use(Elsewhere);
    Use(Register);
    Use(Variable);
    Use((unsigned)Chosen);
    Use(*address);
}
