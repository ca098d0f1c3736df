/* SoundWire bus: the configuration of a data port */
#ifndef IRQLINT_SOUNDWIRECONTROLLER_H
#define IRQLINT_SOUNDWIRECONTROLLER_H
#include <ks.h>
typedef enum _SOUNDWIRE_DATAPORT_MODES {
    SoundWireDataPortModeIsochronous = 1,
    SoundWireDataPortModeTxControlled = 2,
    SoundWireDataPortModeRxControlled = 4,
    SoundWireDataPortModeFullAsynchronous = 8
} SOUNDWIRE_DATAPORT_MODES;
typedef struct _SOUNDWIRE_DATAPORT_CONFIGURATION {
    ULONG Size;
    ULONG DataPortNumber;
    ULONG EndpointId;
    ULONG ChannelMask;
    ULONG Modes;
} SOUNDWIRE_DATAPORT_CONFIGURATION, *PSOUNDWIRE_DATAPORT_CONFIGURATION;
#endif
