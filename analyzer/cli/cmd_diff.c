/* diff: what came and what went between the last runs of two databases. */
#include "analyzer/cli/cli.h"

#include "analyzer/json/json.h"

typedef struct Side {
    const char *name;            /* in JSON */
    char sign;                   /* in text */
    const StoredFinding **items; /* the findings */
    uint32_t len;                /* how many */
} Side;

static void put_text(const Side *sides, FILE *out) {
    for (unsigned s = 0; s < 2; s++) {
        for (uint32_t i = 0; i < sides[s].len; i++) {
            const Finding *finding = &sides[s].items[i]->finding;
            fprintf(out, "%c ", sides[s].sign);
            report_put(out, finding->file);
            fprintf(out, ":%u: %s: ", finding->line, finding_level_name(finding->level));
            report_put(out, finding->message);
            fprintf(out, " [%s] (%s)\n", finding->rule, certainty_name(finding->certainty));
        }
    }
    fprintf(out, "%u introduced, %u fixed, %u unchanged\n", sides[0].len, sides[1].len,
            sides[2].len);
}

static void add_side(cJSON *root, const Side *side) {
    cJSON *list = cJSON_AddArrayToObject(root, side->name);
    for (uint32_t i = 0; i < side->len; i++) {
        const Finding *finding = &side->items[i]->finding;
        cJSON *object = json_add_object(list);
        cJSON_AddStringToObject(object, "rule", finding->rule);
        cJSON_AddStringToObject(object, "certainty", certainty_name(finding->certainty));
        cJSON_AddStringToObject(object, "driver", side->items[i]->driver);
        cJSON_AddStringToObject(object, "file", finding->file);
        cJSON_AddNumberToObject(object, "line", finding->line);
        cJSON_AddStringToObject(object, "function", finding->function);
        cJSON_AddStringToObject(object, "message", finding->message);
        cJSON_AddStringToObject(object, "fingerprint", finding->fingerprint);
    }
}

static void put_json(Cli *cli, const Side *sides, FILE *out) {
    cJSON *root = cJSON_CreateObject();
    cJSON_AddNumberToObject(root, "version", 1);
    for (unsigned s = 0; s < 3; s++)
        add_side(root, &sides[s]);
    if (json_put(root, out) != 0)
        cli_complain(cli, "out of memory");
}

int cmd_diff(Cli *cli) {
    StoredRun before, after;
    GateDiff diff = {0};
    if (cli->paths.len != 2) {
        cli_complain(cli, "diff: it takes two databases (`irqlint help diff`)");
        return EXIT_INCOMPLETE;
    }
    if (cli_read_last_run(cli, cli->paths.items[0], &before) != 0 ||
        cli_read_last_run(cli, cli->paths.items[1], &after) != 0)
        return EXIT_INCOMPLETE;
    gate_compare(cli->arena, &before, &after, cli->certainty, &diff);
    const Side sides[] = {{"introduced", '+', diff.introduced.items, diff.introduced.len},
                          {"fixed", '-', diff.fixed.items, diff.fixed.len},
                          {"unchanged", '=', diff.unchanged.items, diff.unchanged.len}};
    FILE *out = cli_open_output(cli, cli->output);
    if (out == NULL)
        return EXIT_INCOMPLETE;
    if (cli->format == REPORT_JSON)
        put_json(cli, sides, out);
    else
        put_text(sides, out);
    cli_close_output(cli, cli->output, out);
    return cli->incomplete ? EXIT_INCOMPLETE : diff.introduced.len > 0 ? EXIT_FINDINGS : EXIT_CLEAN;
}
