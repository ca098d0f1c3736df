
/* ---- acpiioct: walking arguments ---- */
#define ACPI_METHOD_ARGUMENT_LENGTH(n) (FIELD_OFFSET(ACPI_METHOD_ARGUMENT, Data) + (n))
#define ACPI_METHOD_ARGUMENT_LENGTH_FROM_ARGUMENT(a) ACPI_METHOD_ARGUMENT_LENGTH((a)->DataLength)
#define ACPI_METHOD_NEXT_ARGUMENT(a)                                                               \
    ((PACPI_METHOD_ARGUMENT)((PUCHAR)(a) + ACPI_METHOD_ARGUMENT_LENGTH_FROM_ARGUMENT(a)))
#define ACPI_METHOD_SET_ARGUMENT_INTEGER(a, v) ((a)->Argument = (v))
#define ACPI_METHOD_SET_ARGUMENT_STRING(a, s) ((void)(a), (void)(s))
#define ACPI_METHOD_SET_ARGUMENT_BUFFER(a, b, n) ((void)(a), (void)(b), (void)(n))
#define ACPI_EVAL_OUTPUT_BUFFER_ARGUMENTS_BEGIN(b) ((PACPI_METHOD_ARGUMENT)(b)->Argument)
#define ACPI_EVAL_OUTPUT_BUFFER_ARGUMENTS_END(b) ((PACPI_METHOD_ARGUMENT)((PUCHAR)(b) + (b)->Length))
#define ACPI_ENUM_CHILD_NEXT(c) (c)
