/* Names without a version; fwpmk.h and fwpsk.h have them too. */
#ifndef IRQLINT_FWPVI_H
#define IRQLINT_FWPVI_H
#endif
