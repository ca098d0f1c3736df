
/* ---- reshub ---- */
#define RESOURCE_HUB_CREATE_PATH_FROM_ID(path, low, high) ((NTSTATUS)(((void)(path), (void)(low), (void)(high)), 0))
