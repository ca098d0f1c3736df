/* What an exception handler of the system answers. */
#ifndef IRQLINT_EXCPT_H
#define IRQLINT_EXCPT_H
#include <irqlint_marks.h>
typedef enum _EXCEPTION_DISPOSITION {
    ExceptionContinueExecution,
    ExceptionContinueSearch,
    ExceptionNestedException,
    ExceptionCollidedUnwind
} EXCEPTION_DISPOSITION;
#endif
