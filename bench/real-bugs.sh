#!/bin/sh
# real-bugs.sh TSV CLONES [ID…]: how many of the historical defects of a table are found.
#
# TSV has the columns id, repository, fix_commit, parent_commit, file, function, line, class …; CLONES is a
# folder with a clone of each repository under its name. For each row (or the given ids) the driver is
# checked at the parent (with the defect) and at the fix; a line per row says which rules report the
# function there, at default and weak certainty, and in which contexts the function runs at the parent:
#     id class function | parent: rules | fix: rules | contexts
# "Report the function" means that a step of the finding's path lies in it, or that it is what is called. Checkouts are kept in
# ${WORK:-/tmp/irqlint-real-bugs} for the next time; IRQLINT names the program.
set -eu
tsv=$1 clones=$2
shift 2
irqlint=${IRQLINT:-$(cd "$(dirname "$0")/.." && pwd)/build/release/irqlint}
work=${WORK:-/tmp/irqlint-real-bugs}
sources='[.](c|cc|cpp|cxx|h|hh|hpp|hxx|inc|inl|vcxproj|props|targets|sln|slnx|mc|man|xml|mof|ini|idl|txt|json)$|/sources$|/dirs$'
mkdir -p "$work"

# The folder to check: the whole repository, so that static libraries beside the driver are linked; of
# one with very many projects the topmost folder with a project.
driver_folder() { # checkout file
    folder=$(dirname "$2") best=.
    if [ "$(find "$1" -name '*.vcxproj' | wc -l)" -le 150 ]; then folder=.; fi
    while [ "$folder" != . ]; do
        if [ -n "$(ls "$1/$folder"/*.vcxproj "$1/$folder"/*.sln 2>/dev/null)" ]; then best=$folder; fi
        folder=$(dirname "$folder")
    done
    echo "$best"
}

analyse() { # repository commit file -> prints the database
    tree=$work/${1##*/}-$2
    if [ ! -d "$tree" ]; then
        # only what is read: snapshots may lack large files of other kinds
        GIT_DIR=$clones/${1##*/}/.git GIT_INDEX_FILE=$tree.index
        export GIT_DIR GIT_INDEX_FILE
        git read-tree "$2"
        git ls-files | grep -iE "$sources" | git checkout-index -q -f --stdin --prefix="$tree.part/" || true
        unset GIT_DIR GIT_INDEX_FILE
        rm -f "$tree.index"
        mv "$tree.part" "$tree"
    fi
    folder=$(driver_folder "$tree" "$3")
    db=$tree/$(echo "$folder" | tr '/' '_').db
    if [ ! -e "$db" ] || [ "$irqlint" -nt "$db" ]; then
        rm -f "$db"
        (cd "$tree" && "$irqlint" check -q --all --db "$db" "$folder" >/dev/null 2>&1) || true
    fi
    echo "$db"
}

# Rules with a finding whose path has a step in the function; weak ones in brackets.
rules_at() { # db function
    sqlite3 -separator ' ' "$1" "
        SELECT CASE WHEN MIN(f.certainty) = 2 THEN '(' || f.rule || ')'
                    WHEN MIN(f.certainty) = 1 THEN f.rule || '?' ELSE f.rule END
        FROM findings f WHERE EXISTS (
            SELECT 1 FROM steps s WHERE s.finding_id = f.id
            AND (s.function = '$2' OR s.function LIKE '%::$2'))
            OR f.message LIKE '%function $2 is %'
        GROUP BY f.rule ORDER BY f.rule" 2>/dev/null | tr '\n' ' '
}

contexts_of() { # db function
    sqlite3 -separator '' "$1" "
        SELECT DISTINCT k.name, '@', i.name,
               CASE x.certainty WHEN 0 THEN '' WHEN 1 THEN '?' ELSE '??' END
        FROM contexts x JOIN functions f ON f.id = x.function_id
        JOIN context_kinds k ON k.id = x.context JOIN irqls i ON i.id = x.irql
        WHERE f.name = '$2' OR f.name LIKE '%::$2' ORDER BY x.certainty, x.irql DESC" 2>/dev/null |
        tr '\n' ' '
}

wanted=" $* "
tail -n +2 "$tsv" | while IFS='	' read -r id repo fix parent file function _line class _rest; do
    if [ "$wanted" != "  " ]; then
        case $wanted in *" $id "*) ;; *) continue ;; esac
    fi
    bad=$(analyse "$repo" "$parent" "$file")
    good=$(analyse "$repo" "$fix" "$file")
    echo "$id $class $function | parent: $(rules_at "$bad" "$function")| fix: $(rules_at "$good" "$function")| $(contexts_of "$bad" "$function")"
done
