/* A library whose source is not here. */
typedef struct _ACME_QUEUE ACME_QUEUE;
typedef VOID ACME_DRAINED(ACME_QUEUE *Queue, PVOID Context);
typedef ACME_DRAINED *PACME_DRAINED;

VOID AcmeLockQueue(ACME_QUEUE *Queue);
VOID AcmeUnlockQueue(ACME_QUEUE *Queue);
VOID AcmeFlushQueue(ACME_QUEUE *Queue, BOOLEAN Wait);
VOID AcmeNotifyDrained(ACME_QUEUE *Queue, PACME_DRAINED Drained, PVOID Context);
