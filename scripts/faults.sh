#!/bin/sh
# faults.sh [KILLS [SEED [IRQLINT]]]: what a run that is killed, or has no disk, leaves behind.
#
# Kills runs at random moments (by SIGKILL, SIGTERM or SIGINT, or one of its workers), fills the
# disk, takes the database, the cache and the temporary folder away. Afterwards no process and no
# temporary file may be left, the database must be sound and hold every finished run, and the next
# run must report what an undisturbed one does, byte for byte. The seed is printed; the moments that
# it stands for depend on the machine's speed all the same.
set -u
root=$(cd "$(dirname "$0")/.." && pwd)
kills=${1:-20}
seed=${2:-$(date +%s)}
tool=$(realpath "${3:-$root/build/release/irqlint}") || exit 1
work=$(mktemp -d)
mounted=
trap '[ -z "$mounted" ] || umount "$mounted"; rm -rf "$work"' EXIT
trap 'exit 1' INT TERM
echo "faults: $kills kills, seed $seed"

failures=0
fail() {
    failures=$((failures + 1))
    echo "FAILED: $*"
}

chmod 755 "$work" && cd "$work" || exit 1
mkdir bin tmp && chmod 1777 tmp
cp "$tool" bin/irqlint # by this path its processes are known
cp -r "$root/testdata/drivers" .
export TMPDIR="$work/tmp"
unset IRQLINT_CACHE

run() { # DATABASE CACHE [OPTION…]: the report on standard output
    database=$1 cache=$2
    shift 2
    bin/irqlint check drivers --db "$database" --cache "$cache" "$@"
}

milliseconds() {
    date +%s%3N
}

pause() { # MILLISECONDS
    sleep "$(printf '%d.%03d' $(($1 / 1000)) $(($1 % 1000)))"
}

random() { # LIMIT: 0 … LIMIT - 1 in $number
    seed=$(((seed * 1103515245 + 12345) & 2147483647))
    number=$(((seed >> 8) % $1))
}

# ---- what must be true afterwards ---------------------------------------------------------------

processes() { # of ours, that still run
    for link in /proc/[0-9]*/exe; do
        case $(readlink "$link" 2>/dev/null) in
        "$work"/*) basename "$(dirname "$link")" ;;
        esac
    done
}

expect_nothing_left() { # WHEN
    for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
        left="$(processes) $(ls tmp)"
        [ "$left" = " " ] && return
        sleep 0.1
    done
    fail "$1: left behind: $left"
}

ask() { # DATABASE QUERY
    sqlite3 -cmd '.timeout 5000' "$1" "$2" 2>&1
}

# Looked at in a copy: where the disk is full, the one who looks has no room for his own files.
expect_sound() { # DATABASE WHEN
    [ -s "$1" ] || return
    rm -rf sound && mkdir sound && cp "$1"* sound || fail "$2: no copy of the database"
    copy=sound/$(basename "$1")
    said=$(ask "$copy" 'PRAGMA integrity_check')
    [ "$said" = ok ] || fail "$2: the database is damaged: $said"
    said=$(ask "$copy" 'PRAGMA foreign_key_check')
    [ -z "$said" ] || fail "$2: the database has loose ends: $said"
}

findings_by_run="SELECT in_run, group_concat(fingerprint) FROM
    (SELECT in_run, fingerprint FROM run_findings ORDER BY in_run, fingerprint) GROUP BY in_run"

expect_whole_runs() { # DATABASE WHEN: each run has all its findings, none is lost
    odd=$(ask "$1" "$findings_by_run" | cut -d'|' -f2 | sort -u | grep -cvxF "$wanted_findings")
    [ "$odd" -eq 0 ] || fail "$2: a run in the database is not whole"
    [ "$(ask "$1" 'SELECT count(*) FROM runs')" -ge "$finished_runs" ] || fail "$2: runs are lost"
}

expect_same() { # DATABASE CACHE WHEN: the next run reports what it should
    run "$1" "$2" --json next.json >next.txt 2>next.err
    code=$?
    [ $code -eq 1 ] && [ ! -s next.err ] || fail "$3: the next run ends with $code: $(cat next.err)"
    cmp -s next.txt wanted.txt && cmp -s next.json wanted.json || fail "$3: another report"
}

# ---- kills --------------------------------------------------------------------------------------

# Ends with what the process ended with.
kill_after() { # MILLISECONDS SIGNAL
    env --default-signal=INT bin/irqlint check drivers --db runs.db --cache cache >killed.txt 2>killed.err &
    pid=$!
    pause "$1"
    kill -s "$2" $pid 2>/dev/null
    wait $pid 2>/dev/null
}

kill_once() { # NUMBER
    random 8 && [ "$number" -eq 0 ] || rm -rf cache # cold, or with what the run before left of it
    random 6 && what=$number
    random "$duration" && moment=$number
    case $what in
    0) signal=TERM ;;
    1) signal=INT ;;
    *) signal=KILL ;;
    esac
    kill_after "$moment" $signal
    code=$?
    [ $code -gt 128 ] && killed=$((killed + 1)) || finished_runs=$((finished_runs + 1))
    when="kill $1 ($signal after $moment ms, exit code $code)"
    expect_nothing_left "$when"
    expect_sound runs.db "$when"
    expect_same runs.db cache "$when"
    finished_runs=$((finished_runs + 1))
    expect_whole_runs runs.db "$when"
}

# A worker that dies costs its file or driver, and only for that run.
kill_worker() { # NUMBER
    rm -rf cache-worker
    bin/irqlint check drivers --db worker.db --cache cache-worker >killed.txt 2>killed.err &
    pid=$!
    random "$duration" && moment=$number
    pause "$moment"
    for worker in $(processes | grep -vx $pid); do
        # not the process that removes the temporary folder: it has a session of its own
        [ "$(ps -o sid= -p "$worker")" = "$(ps -o sid= -p $pid)" ] && kill -s KILL "$worker" 2>/dev/null && break
    done
    wait $pid
    code=$?
    [ $code -eq 1 ] || [ $code -eq 2 ] || fail "a worker killed: exit code $code"
    [ $code -eq 1 ] || grep -q 'crashed\|ended early' killed.err || fail "a worker killed: nothing is said"
    expect_nothing_left "worker killed"
    expect_same worker.db cache-worker "worker killed after $moment ms"
}

# ---- no disk ------------------------------------------------------------------------------------

expect_report() { # WHAT CODE: killed.txt is the whole report, and what went wrong is said
    cmp -s killed.txt wanted.txt || fail "$1: another report: $(head -c 300 killed.err)"
    [ "$2" -eq 1 ] || { [ "$2" -eq 2 ] && grep -q '^irqlint: ' killed.err; } || fail "$1: exit code $2"
}

# Files may be lost, but then each is named.
expect_named() { # WHAT CODE
    cmp -s killed.txt wanted.txt && [ "$2" -eq 1 ] && return
    [ "$2" -eq 2 ] && grep -q 'temporary folder' killed.err && ! grep -q crashed killed.err ||
        fail "$1: exit code $2: $(head -c 300 killed.err)"
}

fill_disk() { # FOLDER KILOBYTES: database and cache on it, then the temporary files too
    run "$1/runs.db" "$1/cache" >killed.txt 2>killed.err
    expect_report "disk full ($2 KB)" $?
    expect_sound "$1/runs.db" "disk full ($2 KB)"
    TMPDIR=$1 run full.db "$1/cache" >killed.txt 2>killed.err
    expect_named "no room for temporary files ($2 KB)" $?
    run again.db "$1/cache" >killed.txt 2>killed.err
    expect_report "what is left of a cache on a full disk ($2 KB)" $?
}

full_disks() {
    mkdir -p disk
    for size in 4 16 64 200 400 800 1600; do
        mount -t tmpfs -o size=${size}k irqlint-faults disk 2>/dev/null || return 1
        mounted=$work/disk
        fill_disk "$mounted" $size
        umount disk && mounted=
    done
}

# Without the right to mount: no file may grow beyond a size.
small_files() {
    for size in 0 8 100 400; do
        rm -rf small && mkdir small
        (ulimit -f $size && run small/runs.db small/cache >/dev/full 2>killed.err)
        code=$?
        [ $code -eq 2 ] || fail "files of $size blocks at most: exit code $code"
        expect_sound small/runs.db "files of $size blocks at most"
        rm -f small/runs.db*
        expect_same small/runs.db small/cache "after files of $size blocks at most"
    done
}

# ---- what is taken away -------------------------------------------------------------------------

as_nobody() { # root may write anywhere
    if [ "$(id -u)" -eq 0 ]; then
        setpriv --reuid=65534 --regid=65534 --clear-groups "$@"
    else
        "$@"
    fi
}

not_writable() {
    mkdir locked && cp runs.db locked/runs.db && chmod 444 locked/runs.db && chmod 555 locked
    before=$(cksum <locked/runs.db)
    as_nobody bin/irqlint check drivers --db locked/runs.db --cache locked/cache >killed.txt 2>killed.err
    code=$?
    expect_report "nothing may be written" $code
    [ $code -eq 2 ] || fail "database not writable: exit code $code"
    grep -q 'database could not be written' killed.err || fail "database not writable: nothing is said"
    [ "$(cksum <locked/runs.db)" = "$before" ] || fail "a database that is not writable was changed"
    TMPDIR=$work/nowhere run other.db cache-other >killed.txt 2>killed.err
    expect_named "no temporary folder" $?
    : >file && run file-cache.db file >killed.txt 2>killed.err
    expect_report "the cache is a file" $?
    chmod 755 locked
}

# 1: for longer than a run waits, 2: it waits and gets its turn.
locked_database() {
    for seconds in 1 8; do
        sqlite3 runs.db "BEGIN EXCLUSIVE;" ".shell touch held; sleep $seconds" &
        holder=$!
        while [ ! -e held ]; do sleep 0.05; done
        rm held
        run runs.db cache >killed.txt 2>killed.err
        code=$?
        expect_report "database locked for $seconds s" $code
        [ $code -eq $((seconds == 1 ? 1 : 2)) ] || fail "database locked for $seconds s: exit code $code"
        wait $holder
    done
    expect_same runs.db cache "database locked before"
}

damage() { # FILE HOW
    case $2 in
    0) : >"$1" ;;
    1) truncate -s -7 "$1" ;;
    2) printf '\377\377\377\377' | dd of="$1" bs=1 seek=40 conv=notrunc 2>/dev/null ;;
    *) head -c 3000 /dev/urandom >"$1" ;;
    esac
}

damaged_cache() {
    for how in 0 1 2 3; do
        rm -rf cache && run damaged.db cache >/dev/null 2>&1
        find cache -type f ! -name CACHEDIR.TAG | while read -r entry; do
            damage "$entry" $how
        done
        expect_same damaged.db cache "cache damaged ($how)"
    done
}

several_at_once() {
    rm -rf cache
    for i in 1 2 3 4; do
        run runs.db cache >"at-once$i.txt" 2>&1 &
    done
    wait
    for i in 1 2 3 4; do
        cmp -s at-once$i.txt wanted.txt || fail "four runs at once: another report"
    done
    finished_runs=$((finished_runs + 4))
    expect_whole_runs runs.db "four runs at once"
    expect_sound runs.db "four runs at once"
}

# ---- all ----------------------------------------------------------------------------------------

begin=$(milliseconds)
run wanted.db wanted-cache --json wanted.json >wanted.txt || [ $? -eq 1 ] || fail "the first run"
duration=$(($(milliseconds) - begin))
wanted_findings=$(ask wanted.db "$findings_by_run" | cut -d'|' -f2)
[ -n "$wanted_findings" ] || fail "the first run found nothing"

finished_runs=0 killed=0
for i in $(seq "$kills"); do
    kill_once "$i"
done
echo "faults: $killed of $kills runs were killed, the others were done before (a run takes $duration ms)"
[ "$killed" -ge $((kills / 3)) ] || fail "most runs were done before they could be killed"
for i in $(seq $((kills / 10 + 1))); do
    kill_worker "$i"
done
full_disks || echo "faults: no file system may be mounted here: full disks only as a limit on files"
small_files
not_writable
locked_database
damaged_cache
several_at_once
[ $failures -eq 0 ] && echo "faults: nothing lost, nothing wrong" && exit 0
echo "faults: $failures failures"
exit 1
