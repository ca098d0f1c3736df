
/* ---- wsk ---- */
#define MAKE_WSK_VERSION(major, minor) ((USHORT)((major) << 8) | (USHORT)((minor)&0xff))
#define WSKAPI __stdcall
