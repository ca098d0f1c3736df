/* Accessors of image headers that are macros. */
#define IMAGE_FIRST_SECTION(headers)                                                               \
    ((PIMAGE_SECTION_HEADER)((ULONG_PTR)(headers) +                                                \
                             FIELD_OFFSET(IMAGE_NT_HEADERS, OptionalHeader) +                      \
                             (headers)->FileHeader.SizeOfOptionalHeader))
#define IMAGE_ORDINAL64(ordinal) ((ordinal) & 0xffff)
#define IMAGE_ORDINAL32(ordinal) ((ordinal) & 0xffff)
#define IMAGE_ORDINAL(ordinal) IMAGE_ORDINAL64(ordinal)
#define IMAGE_SNAP_BY_ORDINAL64(ordinal) (((ordinal) & 0x8000000000000000) != 0)
#define IMAGE_SNAP_BY_ORDINAL32(ordinal) (((ordinal) & 0x80000000) != 0)
#define IMAGE_SNAP_BY_ORDINAL(ordinal) IMAGE_SNAP_BY_ORDINAL64(ordinal)
