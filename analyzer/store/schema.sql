-- The database of irqlint, schema version 6 (PRAGMA user_version). docs/database.md explains it.
--
-- A run adds rows and changes none: the history stays until somebody deletes a run (everything that
-- belongs to it goes with it, given PRAGMA foreign_keys = ON). All text is valid UTF-8. Paths are
-- relative to runs.root where they lie inside it, else absolute. Lines and columns count from 1; 0
-- means unknown.
--
-- Every statement leaves alone what is there already: a migration (store/migrate.c) takes away what
-- changed and then runs this text.

-- Interrupt request levels, ascending; a whole range of device levels is one.
CREATE TABLE IF NOT EXISTS irqls (
    id   INTEGER PRIMARY KEY, -- 0 … 4, higher is more urgent: >= 2 means no paging, no waiting
    name TEXT NOT NULL UNIQUE -- as reports spell it
);
INSERT OR IGNORE INTO irqls (id, name) VALUES
    (0, 'PASSIVE_LEVEL'), (1, 'APC_LEVEL'), (2, 'DISPATCH_LEVEL'), (3, 'DIRQL'), (4, 'HIGH_LEVEL');

-- Where code runs.
CREATE TABLE IF NOT EXISTS context_kinds (
    id   INTEGER PRIMARY KEY, -- as in contexts.context and findings.context
    name TEXT NOT NULL UNIQUE -- as reports spell it
);
INSERT OR IGNORE INTO context_kinds (id, name) VALUES
    (0, 'init'), (1, 'caller-thread'), (2, 'arbitrary-thread'), (3, 'system-thread'), (4, 'dpc'),
    (5, 'isr'), (6, 'passive-isr'), (7, 'apc');

-- How sure a statement is.
CREATE TABLE IF NOT EXISTS certainties (
    id      INTEGER PRIMARY KEY,  -- smaller is surer
    name    TEXT NOT NULL UNIQUE, -- in one word
    meaning TEXT NOT NULL         -- what it rests on
);
INSERT OR IGNORE INTO certainties (id, name, meaning) VALUES
    (0, 'certain', 'no assumption was made'),
    (1, 'possible', 'rests on a documented possibility'),
    (2, 'weak', 'rests on lost precision, an inferred table row or an unresolved call');

-- One row for each time the program ran.
CREATE TABLE IF NOT EXISTS runs (
    id           INTEGER PRIMARY KEY, -- ascending in time
    started_at   TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now')), -- UTC, when written
    root         TEXT NOT NULL,       -- absolute folder that paths are relative to
    command      TEXT NOT NULL,       -- arguments as given
    tool_version TEXT NOT NULL        -- version of irqlint
);

-- What could not be done that was asked for.
CREATE TABLE IF NOT EXISTS problems (
    run_id  INTEGER NOT NULL REFERENCES runs (id) ON DELETE CASCADE, -- the run
    ordinal INTEGER NOT NULL, -- order, from 0
    message TEXT NOT NULL,    -- one line: what and why not
    PRIMARY KEY (run_id, ordinal)
) WITHOUT ROWID;

-- The rules as the run knew them.
CREATE TABLE IF NOT EXISTS rules (
    run_id      INTEGER NOT NULL REFERENCES runs (id) ON DELETE CASCADE, -- the run
    id          TEXT NOT NULL, -- e.g. 'pageable-code-raised'
    title       TEXT NOT NULL, -- one line
    level       TEXT NOT NULL CHECK (level IN ('note', 'warning', 'error')), -- how bad
    requirement TEXT NOT NULL, -- what it implements, e.g. 'F1'
    PRIMARY KEY (run_id, id)
) WITHOUT ROWID;

-- One row for each driver (unit of linking) and state of its sources: runs between which nothing
-- of it changed share the row and all that belongs to it.
CREATE TABLE IF NOT EXISTS drivers (
    id               INTEGER PRIMARY KEY, -- referred to below
    run_id           INTEGER NOT NULL REFERENCES runs (id) ON DELETE CASCADE, -- the oldest run kept
                                          -- that has it; which runs have it: run_drivers
    name             TEXT NOT NULL,       -- project, folder or target
    base_dir         TEXT NOT NULL,       -- its folder
    unresolved_calls INTEGER NOT NULL,    -- calls through pointers with no target found: a gap
    locks_sections   INTEGER NOT NULL,    -- 1: some code locks a pageable section in memory
    key              TEXT,                -- hash of all that the rows depend on; NULL: not known
    UNIQUE (run_id, name)
);
CREATE INDEX IF NOT EXISTS drivers_by_key ON drivers (key);

-- Which drivers a run found, and which runs have a driver.
CREATE TABLE IF NOT EXISTS run_drivers (
    run_id    INTEGER NOT NULL REFERENCES runs (id) ON DELETE CASCADE,    -- the run
    driver_id INTEGER NOT NULL REFERENCES drivers (id) ON DELETE CASCADE, -- the driver
    PRIMARY KEY (run_id, driver_id)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS run_drivers_by_driver ON run_drivers (driver_id);

-- A driver that another run has too stays when a run is deleted.
CREATE TRIGGER IF NOT EXISTS keep_shared_drivers BEFORE DELETE ON runs BEGIN
    UPDATE drivers
    SET run_id = (SELECT min(u.run_id) FROM run_drivers AS u
                  WHERE u.driver_id = drivers.id AND u.run_id <> OLD.id)
    WHERE run_id = OLD.id AND id IN (SELECT driver_id FROM run_drivers WHERE run_id <> OLD.id);
    UPDATE findings SET run_id = (SELECT d.run_id FROM drivers AS d WHERE d.id = findings.driver_id)
    WHERE run_id = OLD.id;
END;

-- One row for each source file that was parsed, or could not be.
CREATE TABLE IF NOT EXISTS units (
    id                   INTEGER PRIMARY KEY, -- referred to by unit_messages
    driver_id            INTEGER NOT NULL REFERENCES drivers (id) ON DELETE CASCADE, -- its driver
    path                 TEXT NOT NULL,       -- main source file
    status               TEXT NOT NULL CHECK (status IN ('ok', 'partial', 'failed')), -- partial:
                                              -- with errors; failed: nothing is known of it
    errors               INTEGER NOT NULL,    -- clang's errors, fatal ones included
    functions            INTEGER NOT NULL,    -- functions with a body, model headers left out
    incomplete_functions INTEGER NOT NULL,    -- of these, with a construct that was not understood
    cached               INTEGER NOT NULL DEFAULT 0 -- 1: its facts came out of the cache
);
CREATE INDEX IF NOT EXISTS units_by_driver ON units (driver_id);

-- What the parser said about a unit, and what it did not understand.
CREATE TABLE IF NOT EXISTS unit_messages (
    unit_id INTEGER NOT NULL REFERENCES units (id) ON DELETE CASCADE, -- the unit
    ordinal INTEGER NOT NULL, -- order, from 0
    kind    TEXT NOT NULL CHECK (kind IN ('error', 'missing', 'implicit', 'unknown')), -- clang
                              -- error; missing header; undeclared function; construct not
                              -- understood
    file    TEXT NOT NULL,    -- where, '' unknown
    line    INTEGER NOT NULL, -- where
    column  INTEGER NOT NULL, -- where, in bytes
    message TEXT NOT NULL,    -- one line
    PRIMARY KEY (unit_id, ordinal)
) WITHOUT ROWID;

-- One row for each function that has a body in the driver.
CREATE TABLE IF NOT EXISTS functions (
    id           INTEGER PRIMARY KEY, -- referred to below
    driver_id    INTEGER NOT NULL REFERENCES drivers (id) ON DELETE CASCADE, -- its driver
    name         TEXT NOT NULL,       -- as written
    key          TEXT NOT NULL,       -- clang's USR: one function, whatever file declares it
    file         TEXT NOT NULL,       -- of the definition
    line         INTEGER NOT NULL,    -- of the definition
    segment      TEXT NOT NULL,       -- 'PAGE…' pageable, 'INIT' discarded, '' resident
    segment_file TEXT NOT NULL,       -- where the pragma or declspec stands, '' none
    segment_line INTEGER NOT NULL,    -- where the pragma or declspec stands
    is_inline    INTEGER NOT NULL,    -- 1: lies in the section of its caller
    incomplete   INTEGER NOT NULL,    -- 1: some of its body was not understood
    is_model     INTEGER NOT NULL DEFAULT 0 -- 1: of a model header, there for the paths through it
);
CREATE INDEX IF NOT EXISTS functions_by_driver ON functions (driver_id, name);

-- The call graph: one row for each call site and each function it may go to.
CREATE TABLE IF NOT EXISTS calls (
    id        INTEGER PRIMARY KEY, -- of the row
    caller_id INTEGER NOT NULL REFERENCES functions (id) ON DELETE CASCADE, -- who calls
    callee_id INTEGER REFERENCES functions (id) ON DELETE CASCADE, -- NULL: not in the driver
    callee    TEXT NOT NULL,       -- name; '' when no target of a pointer is known
    file      TEXT NOT NULL,       -- call site
    line      INTEGER NOT NULL,    -- call site
    column    INTEGER NOT NULL,    -- call site, in bytes
    direct    INTEGER NOT NULL     -- 1: nothing else can be called there
);
CREATE INDEX IF NOT EXISTS calls_by_caller ON calls (caller_id);
CREATE INDEX IF NOT EXISTS calls_by_callee ON calls (callee_id);

-- What the driver calls and has no body of: functions of the kernel API and of libraries. Calls by
-- the model headers' own helpers are left out.
CREATE TABLE IF NOT EXISTS api_calls (
    driver_id INTEGER NOT NULL REFERENCES drivers (id) ON DELETE CASCADE, -- the driver
    name      TEXT NOT NULL,    -- as written
    origin    TEXT NOT NULL CHECK (origin IN ('model', 'driver', 'undeclared')), -- who declares it:
                                -- the model headers of the kernel API; the driver (a library, or
                                -- what those headers lack); nobody
    level     TEXT NOT NULL CHECK (level IN ('definite', 'weak', 'unknown', 'none')), -- its highest
                                -- IRQL: documented; inferred; in no source; no row in rules/ddi
    calls     INTEGER NOT NULL, -- call sites
    PRIMARY KEY (driver_id, name, origin)
) WITHOUT ROWID;

-- Functions that the system calls, once for each way in which that is known.
CREATE TABLE IF NOT EXISTS roots (
    id            INTEGER PRIMARY KEY, -- referred to by causes
    function_id   INTEGER NOT NULL REFERENCES functions (id) ON DELETE CASCADE, -- who is called
    via           TEXT NOT NULL CHECK
        (via IN ('argument', 'field', 'name', 'type', 'none')), -- handed to a kernel routine; stored
                                       -- in a registration structure; a name that the system
                                       -- knows; declared with a role type; nothing calls it
    through       TEXT NOT NULL,       -- 'IoConnectInterrupt', 'DRIVER_OBJECT.MajorFunction', '';
                                       -- via 'none': 'pointers' when calls through pointers with
                                       -- several targets may reach it
    role          TEXT NOT NULL,       -- 'KSERVICE_ROUTINE', 'DRIVER_DISPATCH:IRP_MJ_READ', ''
    file          TEXT NOT NULL,       -- registration or declaration
    line          INTEGER NOT NULL,    -- registration or declaration
    registered_in TEXT NOT NULL        -- the function that this line belongs to
);
CREATE INDEX IF NOT EXISTS roots_by_function ON roots (function_id);

-- How functions come to be entered: the links of the shortest paths. A path is read from its last
-- link (contexts.cause) by way of parent; many paths share their first links. A link is one way
-- through the driver: of one function there may be several at the same level.
CREATE TABLE IF NOT EXISTS causes (
    driver_id   INTEGER NOT NULL REFERENCES drivers (id) ON DELETE CASCADE, -- the driver
    number      INTEGER NOT NULL, -- from 1 in each driver; greater than its parent's
    function_id INTEGER NOT NULL, -- functions.id: the function entered
    irql        INTEGER NOT NULL REFERENCES irqls (id), -- level at its entry
    parent      INTEGER,          -- number of the link by which the caller was entered
    call_id     INTEGER,          -- calls.id: the call; NULL: the system calls
    root_id     INTEGER,          -- roots.id, when the system calls
    PRIMARY KEY (driver_id, number),
    CHECK ((parent IS NULL) = (call_id IS NULL) AND (parent IS NULL) <> (root_id IS NULL))
) WITHOUT ROWID;

-- Calls in the caller that changed the level before the call of a link.
CREATE TABLE IF NOT EXISTS raises (
    driver_id INTEGER NOT NULL REFERENCES drivers (id) ON DELETE CASCADE, -- the driver
    cause     INTEGER NOT NULL, -- causes.number
    ordinal   INTEGER NOT NULL, -- order, from 0
    call_id   INTEGER NOT NULL, -- calls.id: the call that changes the level
    irql      INTEGER NOT NULL REFERENCES irqls (id), -- level after it
    raises    INTEGER NOT NULL, -- 1: up, 0: down
    PRIMARY KEY (driver_id, cause, ordinal)
) WITHOUT ROWID;

-- What statements that are not certain rest on; filled as needed.
CREATE TABLE IF NOT EXISTS assumptions (
    id   INTEGER PRIMARY KEY, -- as in contexts.assumption, in this file only
    text TEXT NOT NULL UNIQUE -- one clause
);

-- At which (context, IRQL) pairs a function can be entered, each with its shortest path.
CREATE TABLE IF NOT EXISTS contexts (
    function_id INTEGER NOT NULL REFERENCES functions (id) ON DELETE CASCADE, -- the function
    context     INTEGER NOT NULL REFERENCES context_kinds (id), -- where it runs
    irql        INTEGER NOT NULL REFERENCES irqls (id),         -- level at its entry
    certainty   INTEGER NOT NULL REFERENCES certainties (id),   -- how sure
    assumption  INTEGER REFERENCES assumptions (id), -- why not certain; NULL: certain
    cause       INTEGER, -- causes.number of the last link; NULL: not kept (schema version 1)
    PRIMARY KEY (function_id, context, irql)
) WITHOUT ROWID;

-- Findings of every certainty; reports show those up to a given one.
CREATE TABLE IF NOT EXISTS findings (
    id          INTEGER PRIMARY KEY, -- referred to by steps
    run_id      INTEGER NOT NULL REFERENCES runs (id) ON DELETE CASCADE,    -- drivers.run_id
    driver_id   INTEGER NOT NULL REFERENCES drivers (id) ON DELETE CASCADE, -- its driver
    rule        TEXT NOT NULL,       -- rule id
    level       TEXT NOT NULL CHECK (level IN ('note', 'warning', 'error')), -- of the rule
    certainty   INTEGER NOT NULL REFERENCES certainties (id),                -- how sure
    assumption  TEXT NOT NULL,       -- why not certain, '' when certain
    file        TEXT NOT NULL,       -- where
    line        INTEGER NOT NULL,    -- where
    column      INTEGER NOT NULL,    -- where, in bytes
    char_column INTEGER NOT NULL,    -- where, in characters
    function    TEXT NOT NULL,       -- the function the line belongs to
    subject     TEXT NOT NULL,       -- what it is about: callee, field
    message     TEXT NOT NULL,       -- one sentence
    context     INTEGER NOT NULL REFERENCES context_kinds (id), -- of the path shown
    irql        INTEGER NOT NULL REFERENCES irqls (id),         -- level at the line
    fingerprint TEXT NOT NULL,       -- ours: the same while rule, file, function, subject are
    line_hash   TEXT,                -- primaryLocationLineHash of code scanning; NULL: unreadable
    snippet     TEXT NOT NULL        -- the line's text when the run was written
);
CREATE INDEX IF NOT EXISTS findings_by_driver ON findings (driver_id, file, line);
CREATE INDEX IF NOT EXISTS findings_by_fingerprint ON findings (fingerprint);

-- The path of a finding: who calls the first function, each call, each raise, the line.
CREATE TABLE IF NOT EXISTS steps (
    finding_id  INTEGER NOT NULL REFERENCES findings (id) ON DELETE CASCADE, -- the finding
    ordinal     INTEGER NOT NULL, -- order, from 0
    kind        TEXT NOT NULL CHECK
        (kind IN ('root', 'call', 'raise', 'lower', 'access', 'sink')), -- what happens
    file        TEXT NOT NULL,    -- where
    line        INTEGER NOT NULL, -- where
    column      INTEGER NOT NULL, -- where, in bytes
    char_column INTEGER NOT NULL, -- where, in characters
    function    TEXT NOT NULL,    -- the function the line belongs to
    message     TEXT NOT NULL,    -- one clause
    irql        INTEGER NOT NULL REFERENCES irqls (id), -- level after the step
    snippet     TEXT NOT NULL,    -- the line's text when the run was written
    PRIMARY KEY (finding_id, ordinal)
) WITHOUT ROWID;

-- Findings that somebody accepted, as the run saw it. What is not here is open.
CREATE TABLE IF NOT EXISTS verdicts (
    run_id     INTEGER NOT NULL REFERENCES runs (id) ON DELETE CASCADE,     -- the run
    finding_id INTEGER NOT NULL REFERENCES findings (id) ON DELETE CASCADE, -- the finding
    kind       TEXT NOT NULL CHECK (kind IN ('source', 'file', 'baseline')), -- a comment or
                                   -- pragma in the source; an entry of a file of suppressions; it
                                   -- was there before
    reason     TEXT NOT NULL,      -- why
    file       TEXT NOT NULL,      -- where that is said
    line       INTEGER NOT NULL,   -- where that is said
    PRIMARY KEY (run_id, finding_id)
) WITHOUT ROWID;

-- What there was to say about suppressions: malformed, without a finding, expired.
CREATE TABLE IF NOT EXISTS notices (
    run_id  INTEGER NOT NULL REFERENCES runs (id) ON DELETE CASCADE, -- the run
    ordinal INTEGER NOT NULL, -- order, from 0
    file    TEXT NOT NULL,    -- where
    line    INTEGER NOT NULL, -- where
    column  INTEGER NOT NULL, -- where, in bytes
    message TEXT NOT NULL,    -- one line
    PRIMARY KEY (run_id, ordinal)
) WITHOUT ROWID;

-- The findings of each run: those of its drivers.
CREATE VIEW IF NOT EXISTS run_findings AS
SELECT u.run_id AS in_run, f.*
FROM findings AS f
JOIN run_drivers AS u ON u.driver_id = f.driver_id;

-- The newest run.
CREATE VIEW IF NOT EXISTS last_run AS
SELECT * FROM runs ORDER BY id DESC LIMIT 1;

-- What the default report of the newest run shows.
CREATE VIEW IF NOT EXISTS open_findings AS
SELECT f.id, d.name AS driver, f.rule, f.level, c.name AS certainty, f.file, f.line, f.column,
       f.function, f.message, k.name AS context, i.name AS irql, f.fingerprint
FROM findings AS f
JOIN drivers AS d ON d.id = f.driver_id
JOIN run_drivers AS u ON u.driver_id = d.id
JOIN last_run AS r ON r.id = u.run_id
JOIN certainties AS c ON c.id = f.certainty
JOIN context_kinds AS k ON k.id = f.context
JOIN irqls AS i ON i.id = f.irql
WHERE f.certainty <= 1
  AND NOT EXISTS (SELECT 1 FROM verdicts AS v WHERE v.run_id = r.id AND v.finding_id = f.id)
ORDER BY f.file, f.line, f.column, f.rule, f.subject;

-- Open findings whose fingerprint the run before did not have.
CREATE VIEW IF NOT EXISTS new_findings AS
SELECT o.* FROM open_findings AS o
WHERE o.fingerprint NOT IN (
    SELECT fingerprint FROM run_findings
    WHERE in_run = (SELECT max(id) FROM runs WHERE id < (SELECT id FROM last_run)));

-- Every function of the newest run with each place it can run and the last link of its path, in
-- words.
CREATE VIEW IF NOT EXISTS function_contexts AS
SELECT d.name AS driver, f.name AS function, f.file, f.line, f.segment, k.name AS context,
       i.name AS irql, x.irql AS irql_number, c.name AS certainty, a.text AS assumption,
       CASE WHEN u.root_id IS NULL THEN 'call' ELSE 'root' END AS cause, p.name AS caller,
       coalesce(s.file, t.file) AS cause_file, coalesce(s.line, t.line) AS cause_line,
       t.role AS cause_role, t.through AS cause_through
FROM contexts AS x
JOIN functions AS f ON f.id = x.function_id
JOIN drivers AS d ON d.id = f.driver_id
JOIN run_drivers AS m ON m.driver_id = d.id
JOIN last_run AS r ON r.id = m.run_id
JOIN context_kinds AS k ON k.id = x.context
JOIN irqls AS i ON i.id = x.irql
JOIN certainties AS c ON c.id = x.certainty
LEFT JOIN assumptions AS a ON a.id = x.assumption
LEFT JOIN causes AS u ON u.driver_id = d.id AND u.number = x.cause
LEFT JOIN calls AS s ON s.id = u.call_id
LEFT JOIN functions AS p ON p.id = s.caller_id
LEFT JOIN roots AS t ON t.id = u.root_id
WHERE f.is_model = 0
ORDER BY d.name, f.file, f.line, f.name, x.context, x.irql;

-- Functions of the newest run that may be entered at DISPATCH_LEVEL or above.
CREATE VIEW IF NOT EXISTS raised_functions AS
SELECT driver, function, file, line, segment,
       max(irql_number) AS highest_irql, group_concat(DISTINCT context) AS contexts
FROM function_contexts
WHERE irql_number >= 2
GROUP BY driver, file, line, function;

-- Who calls whom in the newest run, by name.
CREATE VIEW IF NOT EXISTS call_graph AS
SELECT d.name AS driver, f.name AS caller, c.callee, c.file, c.line, c.direct,
       c.callee_id IS NULL AS external
FROM calls AS c
JOIN functions AS f ON f.id = c.caller_id
JOIN drivers AS d ON d.id = f.driver_id
JOIN run_drivers AS m ON m.driver_id = d.id
JOIN last_run AS r ON r.id = m.run_id
ORDER BY d.name, c.file, c.line, c.column, c.callee;

-- Kernel functions that the newest run calls and has no definite highest IRQL of, most called
-- first.
CREATE VIEW IF NOT EXISTS api_gaps AS
SELECT a.name, a.origin, a.level, sum(a.calls) AS calls, count(*) AS drivers
FROM api_calls AS a
JOIN drivers AS d ON d.id = a.driver_id
JOIN run_drivers AS m ON m.driver_id = d.id
JOIN last_run AS r ON r.id = m.run_id
WHERE a.level <> 'definite' AND (a.origin <> 'driver' OR a.level <> 'none')
GROUP BY a.name, a.origin, a.level
ORDER BY sum(a.calls) DESC, a.name;

-- Files of the newest run that were not understood completely.
CREATE VIEW IF NOT EXISTS gaps AS
SELECT d.name AS driver, u.path, u.status, u.errors, u.functions, u.incomplete_functions
FROM units AS u
JOIN drivers AS d ON d.id = u.driver_id
JOIN run_drivers AS m ON m.driver_id = d.id
JOIN last_run AS r ON r.id = m.run_id
WHERE u.status <> 'ok' OR u.incomplete_functions > 0
ORDER BY d.name, u.path;

-- What became of each finding over the runs, by fingerprint: since when it is known, when it was last
-- seen, in how many runs, and whether the newest run still has it.
CREATE VIEW IF NOT EXISTS finding_history AS
SELECT f.fingerprint, f.rule, f.file, f.function, f.subject,
       min(r.started_at) AS first_seen, max(r.started_at) AS last_seen, count(DISTINCT r.id) AS runs,
       max(r.id) = (SELECT id FROM last_run) AS in_last_run
FROM run_findings AS f
JOIN runs AS r ON r.id = f.in_run
WHERE f.certainty <= 1
GROUP BY f.fingerprint
ORDER BY first_seen, f.file, f.function, f.rule;
