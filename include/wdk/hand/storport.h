
/* ---- storport ---- */
#define StorPortCopyMemory(to, from, n) StorPortMoveMemory((to), (from), (n))
