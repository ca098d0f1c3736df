/* no guard: ends a pshpackN.h */
#pragma pack(pop)
