/* The user-mode spelling of ntintsafe.h. */
#define SizeTAdd RtlSizeTAdd
#define SizeTSub RtlSizeTSub
#define SizeTMult RtlSizeTMult
#define UIntAdd RtlUIntAdd
#define UIntSub RtlUIntSub
#define UIntMult RtlUIntMult
#define UInt32Add RtlUIntAdd
#define UInt32Mult RtlUIntMult
#define ULongAdd RtlULongAdd
#define ULongSub RtlULongSub
#define ULongMult RtlULongMult
#define ULongLongAdd RtlULongLongAdd
#define ULongLongMult RtlULongLongMult
