/* graph: the call graph of the last run: DOT, JSON, or a picture that Graphviz makes of the DOT. */
#include "analyzer/cli/cli.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

enum { FORM_DOT, FORM_SVG, FORM_JSON };
enum { MAX_PICTURE = 1 << 30 };

/* Graphviz's exit code, 127: it is not there; -1: no process. */
static int run_dot(const char *from, const char *to) {
    fflush(NULL);
    pid_t pid = fork();
    if (pid == 0) {
        execlp("dot", "dot", "-Tsvg", "-o", to, from, (char *)NULL);
        _exit(127);
    }
    return pid < 0 ? -1 : cli_exit_code(pid);
}

/* Turns DOT into SVG, by way of files that nobody else sees. 0 or -1. */
static int draw(Cli *cli, Text *text, Error *err) {
    TempDir temp;
    char *svg = NULL;
    size_t size = 0;
    if (temp_dir_open(&temp, cli->arena, err) != 0)
        return -1;
    const char *from = path_join(cli->arena, temp.path, "graph.dot");
    const char *to = path_join(cli->arena, temp.path, "graph.svg");
    int status = file_write(from, text->items, text->len, err);
    if (status == 0) {
        int code = run_dot(from, to);
        if (code == 127)
            status = error_set(err, "--format=svg: Graphviz (`dot`) is not installed");
        else if (code != 0)
            status = error_set(err, "--format=svg: `dot` failed (exit code %d)", code);
        else
            status = file_read(cli->arena, to, MAX_PICTURE, &svg, &size, err);
    }
    temp_dir_close(&temp);
    text->len = 0;
    if (status == 0)
        text_append_len(text, cli->arena, svg, size);
    return status;
}

static int make_graph(Cli *cli, Store *store, const StoredRun *run, Text *text, Error *err) {
    StoredCalls calls;
    GraphOptions options = {.chosen = cli_choose_functions(cli, run),
                            .around = cli->paths.len == 0 ? 0 : cli->around,
                            .certainty = cli->certainty,
                            .json = cli->graph_form == FORM_JSON};
    if (cli->incomplete)
        return 0;
    FILE *out = text_stream(text, cli->arena);
    if (out == NULL)
        return error_set(err, "%s", strerror(errno));
    int status = store_read_calls(cli->arena, store, run->id, &calls, err);
    if (status == 0)
        status = report_graph(cli->arena, run, &calls, &options, out, err);
    fclose(out);
    if (status == 0 && cli->graph_form == FORM_SVG)
        status = draw(cli, text, err);
    return status;
}

int cmd_graph(Cli *cli) {
    StoredRun run;
    Text text = {0};
    Error err = {0};
    Store *store = cli_open_last_run(cli, &run);
    if (store == NULL)
        return EXIT_INCOMPLETE;
    if (make_graph(cli, store, &run, &text, &err) != 0)
        cli_complain(cli, "%s", err.message);
    store_close(store);
    FILE *out = cli->incomplete ? NULL : cli_open_output(cli, cli->output);
    if (out != NULL) {
        fwrite(text.items, 1, text.len, out);
        cli_close_output(cli, cli->output, out);
    }
    return cli->incomplete ? EXIT_INCOMPLETE : EXIT_CLEAN;
}
