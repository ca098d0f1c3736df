/* Names of the exact width for what is declared by its type's name. */
#define RtlUInt32Add RtlUIntAdd
#define RtlUInt32Sub RtlUIntSub
#define RtlUInt32Mult RtlUIntMult
#define RtlUInt64Add RtlULongLongAdd
#define RtlUInt64Sub RtlULongLongSub
#define RtlUInt64Mult RtlULongLongMult
#define RtlULong64ToULong RtlULongLongToULong
#define RtlULong64ToUShort RtlULongLongToUShort
#define RtlULong64Add RtlULongLongAdd
#define RtlULong64Sub RtlULongLongSub
#define RtlULong64Mult RtlULongLongMult
#define RtlLong64Mult RtlLongLongMult
#define RtlLong64Sub RtlLongLongSub
#define RtlLong64Add RtlLongLongAdd
