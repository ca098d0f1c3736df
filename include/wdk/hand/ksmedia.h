
/* ---- ksmedia ---- */
#define DEFINE_WAVEFORMATEX_GUID(tag) (USHORT)(tag), 0x0000, 0x0010, 0x80, 0x00, 0x00, 0xaa, 0x00, 0x38, 0x9b, 0x71
#define INIT_WAVEFORMATEX_GUID(guid, tag) ((void)(guid), (void)(tag))
#define EXTRACT_WAVEFORMATEX_ID(guid) ((USHORT)((guid)->Data1))
#define IS_VALID_WAVEFORMATEX_GUID(guid) ((guid)->Data2 == 0)
#define KS_DIBSIZE(bi) ((bi).biHeight * (bi).biWidth * 4)
#define KS_SIZE_VIDEOHEADER(p) ((p)->bmiHeader.biSize + FIELD_OFFSET(KS_VIDEOINFOHEADER, bmiHeader))
