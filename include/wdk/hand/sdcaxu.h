/* SoundWire class audio: the interface between the class driver and an extension-unit driver. */
#ifndef IRQLINT_SDCAXU_H
#define IRQLINT_SDCAXU_H
#include <wdm.h>
EXTERN_C const GUID SDCAXU_INTERFACE;
#define SDCAXU_INTERFACE_VERSION_0101 0x0101
#define SDCAXU_INTERFACE_VERSION_0102 0x0102
typedef enum _SDCAXU_NOTIFICATION_TYPE {
    SdcaXuNotificationTypePowerPre, SdcaXuNotificationTypePowerPost,
    SdcaXuNotificationTypeHardwareReset, SdcaXuNotificationTypeFunctionFault,
    SdcaXuNotificationTypeUMPSequenceFault, SdcaXuNotificationTypeStreamingStoppedAbnormally,
    SdcaXuNotificationTypeFunctionNeedsInitialization, SdcaXuNotificationTypeFdlBegin,
    SdcaXuNotificationTypeFdlEnd, SdcaXuNotificationTypeCommitGroup,
    SdcaXuNotificationTypePosture, SdcaXuNotificationTypeJackDetect
} SDCAXU_NOTIFICATION_TYPE, *PSDCAXU_NOTIFICATION_TYPE;
typedef enum _SDCAXU_ENDPOINT_CONFIG_TYPE { SdcaXuEndpointConfigTypeAcxCircuitConfig } SDCAXU_ENDPOINT_CONFIG_TYPE;
typedef enum _SDCAXU_HW_CONFIG_TYPE { SdcaXuHwConfigTypeAcpiBlob } SDCAXU_HW_CONFIG_TYPE;
typedef enum _SDCAXU_POWER_STATE { SdcaXuPowerStateD0, SdcaXuPowerStateD3 } SDCAXU_POWER_STATE;
typedef enum _SDCAXU_JACK_EVENT { SdcaXuJackEventNone } SDCAXU_JACK_EVENT;
typedef struct _SDCAXU_NOTIFICATION_POWER {
    ULONG Size;
    ULONG PowerDomainEntityId;
    SDCAXU_POWER_STATE OldState;
    SDCAXU_POWER_STATE NewState;
} SDCAXU_NOTIFICATION_POWER, *PSDCAXU_NOTIFICATION_POWER;
typedef struct _SDCAXU_NOTIFICATION_JACK_DETECT {
    ULONG Size;
    ULONG GroupEntityId;
    ULONG DetectedMode;
    SDCAXU_JACK_EVENT JackEvent;
} SDCAXU_NOTIFICATION_JACK_DETECT, *PSDCAXU_NOTIFICATION_JACK_DETECT;
typedef struct _SDCAXU_NOTIFICATION_COMMIT_GROUP { ULONG Size; ULONG GroupHandle; } SDCAXU_NOTIFICATION_COMMIT_GROUP, *PSDCAXU_NOTIFICATION_COMMIT_GROUP;
typedef struct _SDCAXU_NOTIFICATION_POSTURE { ULONG Size; ULONG Posture; } SDCAXU_NOTIFICATION_POSTURE, *PSDCAXU_NOTIFICATION_POSTURE;
typedef struct _SDCAXU_NOTIFICATION_FDL_BEGIN { ULONG Size; } SDCAXU_NOTIFICATION_FDL_BEGIN, *PSDCAXU_NOTIFICATION_FDL_BEGIN;
typedef struct _SDCAXU_NOTIFICATION_FDL_END { ULONG Size; } SDCAXU_NOTIFICATION_FDL_END, *PSDCAXU_NOTIFICATION_FDL_END;
typedef struct _SDCAXU_INTERRUPT_INFO {
    ULONG Size;
    ULONG InterruptType;
    ULONG SDCAInterruptMask;
    ULONG SDCAInterrupts;
} SDCAXU_INTERRUPT_INFO, *PSDCAXU_INTERRUPT_INFO;
typedef struct _SDCA_AUDIO_CONTROLS {
    ULONG Size;
    ULONG ControlCount;
} SDCA_AUDIO_CONTROLS, *PSDCA_AUDIO_CONTROLS;
typedef struct _SDCAXU_ACX_CIRCUIT_CONFIG {
    ULONG Size;
    ULONG cbSize;
    GUID ComponentID;
    GUID ContainerID;
    UNICODE_STRING ComponentUri;
    ULONG CircuitType;
    PVOID CircuitContext;
} SDCAXU_ACX_CIRCUIT_CONFIG, *PSDCAXU_ACX_CIRCUIT_CONFIG;
/* . */
#define IRQLINT_SDCAXU_MEMBERS                                                                     \
    INTERFACE InterfaceHeader;                                                                     \
    NTSTATUS (*EvtSetHwConfig)(PVOID Context, SDCAXU_HW_CONFIG_TYPE Type, PVOID Data, ULONG Size); \
    NTSTATUS (*EvtSetEndpointConfig)(PVOID Context, SDCAXU_ENDPOINT_CONFIG_TYPE Type, PVOID Data,  \
                                     ULONG Size);                                                  \
    NTSTATUS (*EvtRemoveEndpointConfig)(PVOID Context, SDCAXU_ENDPOINT_CONFIG_TYPE Type,           \
                                        PVOID Data, ULONG Size);                                   \
    NTSTATUS (*EvtInterruptHandler)(PVOID Context, PSDCAXU_INTERRUPT_INFO Interrupt);              \
    NTSTATUS (*EvtChangeNotification)(PVOID Context, SDCAXU_NOTIFICATION_TYPE Type, PVOID Data,    \
                                      ULONG Size);                                                 \
    NTSTATUS (*EvtSetXUEntities)(PVOID Context, ULONG Count, PULONG Entities);                     \
    NTSTATUS (*EvtRegisterForInterrupts)(PVOID Context, PSDCAXU_INTERRUPT_INFO Interrupt);         \
    NTSTATUS (*EvtSetJackOverride)(PVOID Context, ULONG Group, BOOLEAN Override);                  \
    NTSTATUS (*EvtSetJackSelectedMode)(PVOID Context, ULONG Group, ULONG Mode);                    \
    NTSTATUS (*EvtPDEPowerReferenceAcquire)(PVOID Context, ULONG Entity, SDCAXU_POWER_STATE State);\
    NTSTATUS (*EvtPDEPowerReferenceRelease)(PVOID Context, ULONG Entity, SDCAXU_POWER_STATE State);\
    NTSTATUS (*EvtReadDeferredAudioControls)(PVOID Context, PSDCA_AUDIO_CONTROLS Controls);        \
    NTSTATUS (*EvtWriteDeferredAudioControls)(PVOID Context, PSDCA_AUDIO_CONTROLS Controls);
typedef struct _SDCAXU_INTERFACE_V0101 {
    IRQLINT_SDCAXU_MEMBERS
} SDCAXU_INTERFACE_V0101, *PSDCAXU_INTERFACE_V0101;
typedef struct _SDCAXU_INTERFACE_V0102 {
    IRQLINT_SDCAXU_MEMBERS
    NTSTATUS (*EvtRetrieveSwftFileOverride)(PVOID Context, USHORT VendorId, ULONG FileId,
                                            USHORT FileVersion, ULONG FileLength,
                                            PUSHORT NewFileVersion, PULONG NewFileLength,
                                            ULONG BufferLength, PVOID Buffer);
} SDCAXU_INTERFACE_V0102, *PSDCAXU_INTERFACE_V0102;
#endif
