/* suite: the end of every Check program. */
#ifndef IRQLINT_TESTS_SUITE_H
#define IRQLINT_TESTS_SUITE_H

#include <check.h>

/* Runs the suite; the program's exit code. */
static inline int run_suite(Suite *suite) {
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? 0 : 1;
}

#endif
