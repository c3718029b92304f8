// Version 1. Times are milliseconds since 1970, public ids 16 bytes, digests 32; Documentation/store.md tells the rest.
// There are no foreign keys: each would look up its parent for every row that is written.

extension Migration {
    static let first = Migration(
        number: 1,
        title: "experiments, runs, traces and assessments",
        sql: """
            CREATE TABLE experiments (
                id INTEGER PRIMARY KEY,
                name TEXT NOT NULL UNIQUE,
                created INTEGER NOT NULL
            ) STRICT;
            INSERT INTO experiments (id, name, created) VALUES (0, 'Default', 0);

            CREATE TABLE names (
                id INTEGER PRIMARY KEY,
                name TEXT NOT NULL UNIQUE
            ) STRICT;

            CREATE TABLE sources (
                id INTEGER PRIMARY KEY,
                kind TEXT NOT NULL,
                name TEXT NOT NULL,
                UNIQUE (kind, name)
            ) STRICT;

            CREATE TABLE runs (
                id INTEGER PRIMARY KEY,
                public_id BLOB NOT NULL UNIQUE,
                experiment INTEGER NOT NULL,
                name TEXT NOT NULL,
                status TEXT NOT NULL,
                started INTEGER NOT NULL,
                ended INTEGER,
                duration INTEGER,
                rows INTEGER NOT NULL DEFAULT 0,
                errors INTEGER NOT NULL DEFAULT 0,
                heartbeat INTEGER NOT NULL,
                owner_pid INTEGER NOT NULL,
                owner_boot TEXT NOT NULL,
                owner_start INTEGER NOT NULL,
                machine TEXT NOT NULL,
                host_version TEXT NOT NULL,
                git_commit TEXT,
                git_dirty INTEGER,
                data_source TEXT NOT NULL,
                data_digest BLOB,
                configuration_digest BLOB NOT NULL,
                configuration TEXT NOT NULL,
                notes TEXT NOT NULL
            ) STRICT;
            CREATE INDEX runs_by_time ON runs (started);
            CREATE INDEX runs_by_experiment ON runs (experiment, started);
            CREATE INDEX runs_by_name ON runs (name);

            CREATE TABLE run_tags (
                id INTEGER PRIMARY KEY,
                run INTEGER NOT NULL,
                key TEXT NOT NULL,
                value TEXT NOT NULL,
                UNIQUE (run, key)
            ) STRICT;

            CREATE TABLE run_scorers (
                id INTEGER PRIMARY KEY,
                run INTEGER NOT NULL,
                ordinal INTEGER NOT NULL,
                name INTEGER NOT NULL,
                source INTEGER NOT NULL,
                provenance TEXT NOT NULL,
                scored INTEGER,
                errored INTEGER,
                skipped INTEGER,
                UNIQUE (run, ordinal)
            ) STRICT;

            CREATE TABLE run_metrics (
                id INTEGER PRIMARY KEY,
                run INTEGER NOT NULL,
                ordinal INTEGER NOT NULL,
                name TEXT NOT NULL,
                value ANY,
                UNIQUE (run, ordinal)
            ) STRICT;

            CREATE TABLE traces (
                id INTEGER PRIMARY KEY,
                public_id BLOB NOT NULL UNIQUE,
                experiment INTEGER NOT NULL,
                state INTEGER NOT NULL,
                request_time INTEGER NOT NULL,
                duration INTEGER,
                session TEXT,
                tags TEXT,
                metadata TEXT,
                format INTEGER NOT NULL,
                spans TEXT NOT NULL
            ) STRICT;
            CREATE INDEX traces_by_time ON traces (experiment, request_time);
            CREATE INDEX traces_by_session ON traces (session, request_time) WHERE session IS NOT NULL;

            CREATE TABLE run_rows (
                id INTEGER PRIMARY KEY,
                run INTEGER NOT NULL,
                ordinal INTEGER NOT NULL,
                repeat INTEGER NOT NULL,
                trace INTEGER NOT NULL,
                has_error INTEGER NOT NULL,
                record_id TEXT,
                record_digest BLOB NOT NULL,
                input_digest BLOB NOT NULL,
                expectations TEXT,
                skipped TEXT,
                failure_code TEXT,
                failure_message TEXT,
                UNIQUE (run, ordinal, repeat)
            ) STRICT;
            CREATE INDEX run_rows_by_trace ON run_rows (trace);

            CREATE TABLE assessments (
                trace INTEGER NOT NULL,
                scorer INTEGER NOT NULL,
                n INTEGER NOT NULL,
                public_id BLOB NOT NULL,
                run INTEGER,
                span INTEGER,
                name INTEGER NOT NULL,
                type INTEGER NOT NULL,
                kind INTEGER NOT NULL,
                value ANY,
                rationale TEXT,
                error_code TEXT,
                error_message TEXT,
                source INTEGER NOT NULL,
                metadata TEXT,
                created INTEGER NOT NULL,
                updated INTEGER,
                overrides BLOB,
                valid INTEGER NOT NULL,
                PRIMARY KEY (trace, scorer, n)
            ) STRICT, WITHOUT ROWID;
            """
    )
}
