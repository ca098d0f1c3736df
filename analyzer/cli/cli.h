/* cli: what the commands share: the parsed command line and one driver's way through the stages. */
#ifndef IRQLINT_CLI_H
#define IRQLINT_CLI_H

#include "analyzer/base/base.h"
#include "analyzer/check/check.h"
#include "analyzer/frontend/frontend.h"
#include "analyzer/gate/gate.h"
#include "analyzer/infer/infer.h"
#include "analyzer/project/project.h"
#include "analyzer/report/report.h"
#include "analyzer/store/store.h"

/* ---- exit codes ---------------------------------------------------------------------------- */

enum {
    EXIT_CLEAN = 0,     /* no findings */
    EXIT_FINDINGS = 1,  /* findings */
    EXIT_INCOMPLETE = 2 /* not all that was asked for could be done */
};

/* ---- commands ------------------------------------------------------------------------------ */

typedef struct Cli Cli;

typedef struct Command {
    const char *name;      /* as typed */
    const char *arguments; /* for the usage line */
    const char *summary;   /* one line */
    int (*run)(Cli *cli);  /* returns the exit code */
} Command;

/* Positions in commands.def. */
enum {
#define COMMAND(symbol, name, arguments, summary) COMMAND_##symbol,
#include "analyzer/cli/commands.def"
#undef COMMAND
    COMMAND_COUNT
};

/* Bits for options.def. */
enum {
    FOR_EXTRACT = 1 << COMMAND_extract,
    FOR_LINK = 1 << COMMAND_link,
    FOR_PLAN = 1 << COMMAND_plan,
    FOR_MERGE = 1 << COMMAND_merge,
    FOR_CHECK = 1 << COMMAND_check | FOR_LINK,
    FOR_DUMP = 1 << COMMAND_dump,
    FOR_WHY = 1 << COMMAND_why,
    FOR_CONTEXTS = 1 << COMMAND_contexts,
    FOR_ANNOTATE = 1 << COMMAND_annotate,
    FOR_BASELINE = 1 << COMMAND_baseline,
    FOR_DIFF = 1 << COMMAND_diff,
    FOR_CONFIG = 1 << COMMAND_config,
    FOR_CACHE = 1 << COMMAND_cache,
    FOR_RULES = 1 << COMMAND_rules,
    FOR_EXPLAIN = 1 << COMMAND_explain,
    FOR_GRAPH = 1 << COMMAND_graph,
    FOR_QUERY = 1 << COMMAND_query,
    FOR_COMPLETION = 1 << COMMAND_completion,
    FOR_HELP = 1 << COMMAND_help,
    FOR_LISTINGS = FOR_WHY | FOR_CONTEXTS,
    FOR_ANALYSIS = FOR_CHECK | FOR_DUMP | FOR_ANNOTATE | FOR_EXTRACT | FOR_PLAN,
    FOR_ALL = (1 << COMMAND_COUNT) - 1
};

#define COMMAND(symbol, name, arguments, summary) int cmd_##symbol(Cli *cli);
#include "analyzer/cli/commands.def"
#undef COMMAND

const Command *commands_all(uint32_t *count);
/* The command of that name, or NULL. */
const Command *command_find(const char *name);
/* Its FOR_… bit. */
unsigned command_bit(const Command *command);

/* ---- options ------------------------------------------------------------------------------- */

typedef enum OptionId {
#define OPTION(symbol, letter, name, argument, commands, help) OPTION_##symbol,
#include "analyzer/cli/options.def"
#undef OPTION
    OPTION_COUNT
} OptionId;

typedef struct Option {
    char letter;          /* 0: none */
    const char *name;     /* NULL: none */
    const char *argument; /* NULL: takes none */
    unsigned commands;    /* FOR_… */
    const char *help;     /* one line */
} Option;

/* Indexed by OptionId. */
extern const Option options_all[OPTION_COUNT];

typedef enum DumpStage { DUMP_IR, DUMP_LINK, DUMP_CONTEXTS, DUMP_COMMANDS, DUMP_NONE } DumpStage;
typedef enum ColorMode { COLOR_AUTO, COLOR_ALWAYS, COLOR_NEVER } ColorMode;

typedef struct Config Config;
typedef struct Progress Progress;

/* What a configuration says of a rule. */
typedef struct RuleSetting {
    const char *rule;   /* id */
    bool off;           /* it does not run */
    FindingLevel level; /* else: of its findings */
} RuleSetting;

/* The command line, and what hangs on it for the whole run. */
struct Cli {
    Arena *arena;                     /* of the run */
    const Command *command;           /* what to do */
    const char *command_line;         /* arguments as given, for the record */
    CStrArray paths;                  /* arguments that are not options */
    CStrArray clang_args;             /* -I, -D, -U, then what follows `--` */
    CStrArray rules;                  /* --rule; empty: all */
    CStrArray only;                   /* --only; empty: all functions */
    CStrArray of;                     /* --of: what check would be given; empty: the arguments */
    const char *to;                   /* --to */
    uint32_t files_per_step;          /* --files-per-step */
    CStrArray overlays;               /* --model, in the order given */
    CStrArray suppressions;           /* --suppressions, in the order given */
    CStrArray drivers;                /* patterns for names, of the configuration; empty: all */
    CStrArray excluded;               /* patterns for sources, of the configuration */
    Array(RuleSetting) rule_settings; /* of the configuration */
    const char *config_file;          /* --config, NULL: the nearest .irqlint.json */
    bool no_config;                   /* --no-config */
    const Config *config;             /* what was read, NULL: there is none */
    bool given[OPTION_COUNT];         /* on the command line */
    const char *baseline;             /* --baseline, NULL: none */
    const char *new_since;            /* --new-since, NULL: none */
    int fail_on;                      /* --fail-on: position among its words, -1: what is shown */
    const char *configuration;        /* --configuration, NULL: the default */
    const char *platform;             /* --platform, NULL: the default */
    const char *wdk;                  /* --wdk, NULL: as the environment says */
    ReportFormat format;              /* --format */
    bool markdown;                    /* --format of `rules` */
    const char *output;               /* -o, NULL: standard output */
    const char *reports[REPORT_FORMAT_COUNT]; /* --json, --sarif …; NULL: none */
    const char *db;                           /* --db, NULL: the default place */
    bool no_db;                               /* --no-db */
    const char *cache_dir;                    /* --cache, NULL: the default place */
    bool no_cache;                            /* --no-cache */
    uint32_t cache_mb;                        /* --cache-size */
    bool no_paged_code;                       /* --no-paged-code */
    int irql;                                 /* --irql: an Irql, -1 any */
    int context;                              /* --context: a Context, -1 any */
    const char *file;                         /* --file: pattern, NULL: any */
    const char *driver;                       /* --driver: name, NULL: any */
    Certainty certainty;                      /* least sure findings shown */
    bool coverage;                            /* --coverage */
    DumpStage stage;                          /* --stage */
    uint32_t around;                          /* --around */
    int graph_form;                           /* --format of `graph`: dot, svg, json */
    TableFormat table;                        /* --format of `query` */
    bool man;                                 /* --format=man of `help` */
    ColorMode color;                          /* --color */
    uint32_t jobs;                            /* -j */
    uint32_t unit_timeout_s;                  /* --unit-timeout, 0: the default */
    uint32_t unit_memory_mb;                  /* --unit-memory, 0: the default */
    bool allow_outside;                       /* --allow-outside */
    bool stats;                               /* --stats */
    bool quiet;                               /* --quiet */
    bool help;                                /* --help */
    const char *model_dir;  /* folder of the model headers, set by cli_begin_analysis */
    Cache *cache;           /* of facts and results, NULL without; set by cli_plan_files */
    Hash128 tool;           /* stands for program, model and clang; set by cli_plan_files */
    const Model *model;     /* the kernel API, with the overlays, set by cli_begin_analysis */
    bool incomplete;        /* something could not be done: exit code 2 */
    Progress *progress;     /* the line on the terminal, NULL without */
    Text written;           /* what is written to -o FILE so far */
    bool replaces;          /* … and takes its place (cli_open_output) */
    StrTab *named_units;    /* files that were complained of; NULL: none yet */
    uint32_t partial_units; /* of these, analysed in part */
};

/* Reads the command line into *cli. 0, or -1 with what is wrong with it. */
int cli_parse(Cli *cli, int argc, char **argv, Error *err);
/* Sets an option as the command line would, unless that gave it already (*given; lists are joined).
 * 0, or -1 with what is wrong with the value. */
int cli_configure(Cli *cli, OptionId id, const char *value, bool *given, Error *err);
/* Reads the configuration, if there is one. 0, or -1 with what is wrong with it. */
int config_load(Cli *cli, Error *err);
/* The rule id that was probably meant, or NULL. */
const char *cli_nearest_rule(Cli *cli, const char *id);
/* Says that there is no such rule, and which one was probably meant. -1. */
int cli_unknown_rule(Cli *cli, const char *id, Error *err);
/* Says that there is no such command, and which one was probably meant. -1. */
int cli_unknown_command(Cli *cli, const char *word, Error *err);
/* What check and dump need before they start: paths on the command line, the model headers
 * (cli->model_dir): $IRQLINT_DATA, else where the program is installed, else the build tree; and
 * what is known of the kernel API (cli->model). 0, or -1 after the complaint. */
int cli_begin_analysis(Cli *cli);
/* The folder of the cache, NULL: there is none. */
const char *cli_cache_dir(Cli *cli);
/* "irqlint: …" on standard error; the exit code will be 2. */
void cli_complain(Cli *cli, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* The same for what leaves the exit code as it is. */
void cli_note(Cli *cli, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* `path` as the user would type it from the current folder. */
const char *cli_shown_path(Cli *cli, const char *path);

/* The folder that the text reports show paths relative to. */
const char *cli_base_dir(Cli *cli);
/* Opens the database that is there, --db or the default; NULL after a complaint. */
Store *cli_open_database(Cli *cli);
/* Waits for a child; its exit code, -1: it had none. */
int cli_exit_code(int pid);
/* Opens the database and reads the functions of its last run; NULL after a complaint. */
Store *cli_open_last_run(Cli *cli, StoredRun *run);
/* By function of the run: whether the command line means it; complains of names that nothing has.
 */
bool *cli_choose_functions(Cli *cli, const StoredRun *run);
/* The last run in the database. 0, or -1 after a complaint. */
int cli_read_last_run(Cli *cli, const char *path, StoredRun *run);
/* What `check` finds at a revision of the git work tree around the current folder; NULL after a
 * complaint. */
Baseline *cli_findings_at(Cli *cli, const char *revision);
/* Where runs are kept when --db says nothing. */
extern const char cli_default_database[];
/* True for output in colours: --color, else a terminal and nobody who refuses them. */
bool cli_wants_colour(const Cli *cli, bool to_stdout);
/* -o FILE or standard output; NULL after a complaint. One at a time. */
FILE *cli_open_output(Cli *cli, const char *path);
/* Puts the file in its place, whole; complains when it cannot be. */
void cli_close_output(Cli *cli, const char *path, FILE *out);

/* The level or context that a word stands for, in the spellings that people use; -1 with what is
 * wrong. */
int cli_irql_of(Cli *cli, const char *word, Error *err);
int cli_context_of(Cli *cli, const char *word, Error *err);

/* ---- the stages ---------------------------------------------------------------------------- */

typedef enum Stage {
    STAGE_PROJECT,
    STAGE_PARSE,
    STAGE_LINK,
    STAGE_INFER,
    STAGE_CHECK,
    STAGE_STORE,
    STAGE_REPORT,
    STAGE_COUNT
} Stage;

/* Wall seconds by stage, summed over drivers. */
typedef struct StageTimes {
    double seconds[STAGE_COUNT]; /* on the clock, indexed by Stage */
    double busy[STAGE_COUNT];    /* of the processor, in this process: not the parsers */
    double mark;                 /* when the present stage began */
    double busy_mark;            /* … by the processor's time */
} StageTimes;

void stage_begin(StageTimes *self);
void stage_end(StageTimes *self, Stage stage);

/* What the stages made of one driver; fields past the last stage run are empty. */
typedef struct DriverRun {
    ExtractResult facts;   /* one unit per source */
    Program *program;      /* linked */
    Inferred *inferred;    /* contexts */
    FindingArray findings; /* of every certainty */
} DriverRun;

/* Leaves out of a project what the configuration does (select.c). */
void cli_select_sources(Cli *cli, Project *project);
/* Turns rules that are off into a list of those that run. */
void cli_select_rules(Cli *cli);
/* Gives rules and findings the levels of the configuration. */
void cli_set_levels(const Cli *cli, StoredRun *run);
/* The configuration's file, "" without. */
const char *cli_config_path(const Cli *cli);
/* Finds the drivers that the command line names and complains about what is not one. */
Project *cli_load_project(Cli *cli, StageTimes *times);
/* Why, without the path should the message begin with it. */
const char *problem_text(const ProjectProblem *problem);
/* A cache that vanishes with this process, in place of that of the user. 0, or -1 after a
 * complaint.
 */
int cli_open_own_cache(Cli *cli);
/* The cache of the user, unless there is one already, or none is wanted. */
void cli_open_cache(Cli *cli);
/* Looks at the files of all drivers, without parsing them; to be closed with cli_close_facts. */
Facts *cli_plan_files(Cli *cli, const Project *project, StageTimes *times);
/* Parses the files of all drivers that are not skipped. */
void cli_parse_files(Facts *facts, const Project *project, StageTimes *times);
void cli_close_facts(Cli *cli, Facts *facts);
/* Takes a driver from its facts through the stages up to `last` (STAGE_PARSE … STAGE_CHECK); what
 * they make is in `arena`. */
void cli_run_driver(Cli *cli, const Facts *facts, const Project *project, uint32_t index,
                    Stage last, Arena *arena, DriverRun *run, StageTimes *times);
/* What there is to say of the files that were not analysed, or not whole, as bytes that
 * cli_complain_of_units understands in any process of the run. */
void cli_units_report(Cli *cli, const ExtractResult *facts, Text *out, Arena *arena);
/* Says it, of each file once; past a number of files those analysed in part are only counted. */
void cli_complain_of_units(Cli *cli, const char *report, size_t size);
/* Both. */
void cli_complain_of_driver(Cli *cli, const DriverRun *run);
/* After the last driver: says how many files were only counted. */
void cli_complain_of_more_units(Cli *cli);

/* ---- progress (progress.c) ------------------------------------------------------------------- */

/* The line, when standard error is a terminal and --quiet was not given; else NULL. */
Progress *progress_new(Cli *cli);
/* PoolProgress of the parsers and of the analysis; the watcher is a Progress. */
void progress_files(void *self, uint32_t finished, uint32_t count);
void progress_drivers(void *self, uint32_t finished, uint32_t count);
/* Takes the line away. */
void progress_end(Progress *self);

/* ---- the drivers of a check (drivers.c) ------------------------------------------------------ */

/* Figures of a driver's analysis. */
typedef struct DriverFigures {
    StageTimes times;    /* STAGE_LINK … STAGE_CHECK */
    InferStats infer;    /* of inference */
    uint32_t units;      /* files */
    uint32_t functions;  /* with and without a body */
    uint32_t unresolved; /* calls through pointers with no known target */
    uint64_t peak_bytes; /* of memory, of the process that analysed it */
} DriverFigures;

/* What remains of a driver when it is analysed. */
typedef struct DriverResult {
    const char *failure;   /* why it could not be analysed, NULL: it was */
    bool cached;           /* it was analysed in an earlier run */
    DriverFigures figures; /* of that run or this one */
    const char *report;    /* cli_units_report */
    size_t report_size;    /* its bytes */
    StoreRows rows;        /* for the store */
} DriverResult;

/* Takes what is known of drivers out of the cache: results[i].cached; their files are skipped. */
void cli_fetch_drivers(Cli *cli, const Project *project, Facts *facts, DriverResult *results);
/* Analyses the other drivers, each in a worker process; results[i] is that of driver i, in
 * cli->arena. */
void cli_analyse_drivers(Cli *cli, const Project *project, const Facts *facts,
                         DriverResult *results);

/* ---- --stats (stats.c) ------------------------------------------------------------------------
 */

typedef struct CheckStats {
    const Project *project;      /* what was checked */
    const DriverResult *drivers; /* by index into project->drivers */
    const StageTimes *times;     /* of the stages */
    ParseCosts *costs;           /* of the files that were parsed; sorted here */
    uint32_t cached_files;       /* of the drivers that were analysed */
} CheckStats;

/* Time and memory by stage, sizes, and the files that took longest, on standard error. */
void cli_print_stats(Cli *cli, const CheckStats *stats);

#endif
