// wdkgen TABLES_DIR HANDWRITTEN_DIR OUT_DIR: writes the model headers.
// Computes nothing itself. Exit 0: written; 1: the input is broken (said on stderr).
// OUT_DIR/wdkgen.report lists what was dropped (duplicates) and what was guessed (placeholders).
#include "wdkgen.h"

#include <stdarg.h>
#include <stdlib.h>
#include <sys/stat.h>

void die(const char *format, ...) {
    va_list args;
    va_start(args, format);
    fputs("wdkgen: ", stderr);
    vfprintf(stderr, format, args);
    fputc('\n', stderr);
    va_end(args);
    exit(1);
}

int main(int argc, char **argv) {
    if (argc != 4)
        die("usage: wdkgen TABLES_DIR HANDWRITTEN_DIR OUT_DIR");
    Model model = {.hand_dir = argv[2]};
    mkdir(argv[3], 0777);
    char *report = str_printf("%s/wdkgen.report", argv[3]);
    model.report = fopen(report, "w");
    if (!model.report)
        die("%s: cannot write", report);
    build_hand(&model);
    build_all(&model, argv[1]);
    model_resolve(&model);
    emit_all(&model, argv[3]);
    fclose(model.report);
    return 0;
}
