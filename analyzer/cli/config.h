/* config: `.irqlint.json`, what a project says once instead of on every command line. */
#ifndef IRQLINT_CLI_CONFIG_H
#define IRQLINT_CLI_CONFIG_H

#include "analyzer/cli/cli.h"

typedef enum ConfigKind {
    CONFIG_FLAG,    /* true or false */
    CONFIG_TEXT,    /* a text */
    CONFIG_CHOICE,  /* one of the option's words */
    CONFIG_NUMBER,  /* a whole number from 1 */
    CONFIG_PATH,    /* a path */
    CONFIG_TEXTS,   /* a list of texts */
    CONFIG_PATHS,   /* a list of paths */
    CONFIG_RULES,   /* an object: rule id -> "off", "note", "warning", "error" */
    CONFIG_DRIVERS, /* a list of patterns */
    CONFIG_EXCLUDE  /* a list of patterns */
} ConfigKind;

typedef struct ConfigMember {
    const char *name; /* in the file */
    ConfigKind kind;  /* form of its value */
    int option;       /* OptionId, OPTION_COUNT: none */
    const char *help; /* one line */
} ConfigMember;

extern const ConfigMember config_members[];
extern const uint32_t config_member_count;

/* A value that a file gave. */
typedef struct ConfigValue {
    const ConfigMember *member; /* which */
    const char *text;           /* as an option would have it; of rules "ID=LEVEL" */
    uint32_t line;              /* where */
    bool unused;                /* the command line says something else */
} ConfigValue;

struct Config {
    const char *path;          /* of the file */
    Array(ConfigValue) values; /* in the order of the file */
};

#endif
