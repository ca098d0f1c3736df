
/* ---- smclib ---- */
#define SmartcardDebug(level, list)
#define SMCLIB_VERSION 0x0150
#define MAXIMUM_ATR_LENGTH 33
#define MIN_BUFFER_SIZE 288
#define DEBUG_IOCTL 1
#define DEBUG_ATR 2
#define DEBUG_PROTOCOL 4
#define DEBUG_DRIVER 8
#define DEBUG_TRACE 16
#define DEBUG_ERROR 32
#define DEBUG_INFO DEBUG_TRACE
#define RDF_CARD_POWER 0
#define RDF_TRANSMIT 1
#define RDF_CARD_EJECT 2
#define RDF_READER_SWALLOW 3
#define RDF_SET_PROTOCOL 4
#define RDF_CARD_TRACKING 5
#define RDF_IOCTL_VENDOR 6
#define SCARD_CTL_CODE(code) CTL_CODE(FILE_DEVICE_SMARTCARD, (code), METHOD_BUFFERED, FILE_ANY_ACCESS)
#define SmartcardLogError(object, code, insertion, data) ((void)(object), (void)(code))
EXTERN_C const GUID SmartCardReaderGuid;
