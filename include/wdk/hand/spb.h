
/* ---- spb ---- */
#define SPB_TRANSFER_LIST_AND_ENTRIES(n)                                                           \
    struct {                                                                                       \
        SPB_TRANSFER_LIST List;                                                                    \
        SPB_TRANSFER_LIST_ENTRY Transfers[(n) > 1 ? (n)-1 : 1];                                    \
    }
