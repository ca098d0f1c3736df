
/* ---- ntddndis: ethernet addresses ---- */
#define ETH_LENGTH_OF_ADDRESS 6
#define ETH_IS_MULTICAST(a) ((BOOLEAN)(((PUCHAR)(a))[0] & 1))
#define ETH_IS_BROADCAST(a)                                                                        \
    ((((PUCHAR)(a))[0] == 0xff) && (((PUCHAR)(a))[1] == 0xff) && (((PUCHAR)(a))[2] == 0xff) &&     \
     (((PUCHAR)(a))[3] == 0xff) && (((PUCHAR)(a))[4] == 0xff) && (((PUCHAR)(a))[5] == 0xff))
#define ETH_COPY_NETWORK_ADDRESS(to, from) RtlMoveMemory((to), (from), ETH_LENGTH_OF_ADDRESS)
#define ETH_COMPARE_NETWORK_ADDRESSES(a, b, result) (*(result) = memcmp((a), (b), 6))
#define ETH_COMPARE_NETWORK_ADDRESSES_EQ(a, b, result) (*(result) = (memcmp((a), (b), 6) != 0))
#define _NDIS_CONTROL_CODE(r, m) CTL_CODE(FILE_DEVICE_PHYSICAL_NETCARD, (r), (m), FILE_ANY_ACCESS)
#define NWF_DEFINE_OID(seq, o, m) ((0x0E000000U) | ((o) << 16) | ((m) << 8) | (seq))
