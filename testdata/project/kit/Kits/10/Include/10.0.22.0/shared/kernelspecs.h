#ifndef KERNELSPECS_H
#define KERNELSPECS_H
#define _IRQL_requires_max_(level)
#define _Function_class_(name)
#endif
