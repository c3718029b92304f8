// Version 6. What clients log: experiments and runs with their tags, parameters and metrics over steps; traces that come
// in parts and are known without their spans; where data sets belong; tokens of callers.

extension Migration {
    static let sixth = Migration(
        number: 6,
        title: "what clients log, traces in parts, tokens of callers",
        sql: """
            ALTER TABLE experiments ADD COLUMN updated INTEGER;
            ALTER TABLE experiments ADD COLUMN deleted INTEGER;
            CREATE TABLE experiment_tags (
                experiment INTEGER NOT NULL,
                key TEXT NOT NULL,
                value TEXT NOT NULL,
                PRIMARY KEY (experiment, key)
            ) STRICT, WITHOUT ROWID;

            ALTER TABLE runs ADD COLUMN user TEXT;
            ALTER TABLE runs ADD COLUMN deleted INTEGER;
            ALTER TABLE run_metrics ADD COLUMN step INTEGER;
            ALTER TABLE run_metrics ADD COLUMN time INTEGER;
            ALTER TABLE run_metrics ADD COLUMN bits INTEGER;
            CREATE TABLE run_params (
                run INTEGER NOT NULL,
                key TEXT NOT NULL,
                value TEXT NOT NULL,
                PRIMARY KEY (run, key)
            ) STRICT, WITHOUT ROWID;
            CREATE TABLE run_points (
                run INTEGER NOT NULL,
                key TEXT NOT NULL,
                step INTEGER NOT NULL,
                time INTEGER NOT NULL,
                bits INTEGER NOT NULL,
                PRIMARY KEY (run, key, step, time, bits)
            ) STRICT, WITHOUT ROWID;
            CREATE TABLE run_inputs (
                id INTEGER PRIMARY KEY,
                run INTEGER NOT NULL,
                name TEXT NOT NULL,
                digest TEXT NOT NULL,
                source_type TEXT NOT NULL,
                source TEXT NOT NULL,
                schema TEXT,
                profile TEXT,
                tags TEXT NOT NULL,
                UNIQUE (run, name, digest)
            ) STRICT;
            CREATE TABLE run_models (
                id INTEGER PRIMARY KEY,
                run INTEGER NOT NULL,
                model TEXT NOT NULL,
                step INTEGER,
                UNIQUE (run, model, step)
            ) STRICT;

            ALTER TABLE traces ADD COLUMN client_request TEXT;
            ALTER TABLE traces ADD COLUMN request_preview TEXT;
            ALTER TABLE traces ADD COLUMN response_preview TEXT;
            ALTER TABLE traces ADD COLUMN parts INTEGER NOT NULL DEFAULT 0;
            ALTER TABLE traces ADD COLUMN final INTEGER NOT NULL DEFAULT 0;
            CREATE TABLE trace_parts (
                trace INTEGER NOT NULL,
                part INTEGER NOT NULL,
                format INTEGER NOT NULL,
                spans TEXT NOT NULL,
                PRIMARY KEY (trace, part)
            ) STRICT, WITHOUT ROWID;
            CREATE TABLE trace_runs (
                run INTEGER NOT NULL,
                trace INTEGER NOT NULL,
                PRIMARY KEY (run, trace)
            ) STRICT, WITHOUT ROWID;
            CREATE INDEX trace_runs_by_trace ON trace_runs (trace);

            ALTER TABLE assessments ADD COLUMN error_stack TEXT;

            ALTER TABLE datasets ADD COLUMN user TEXT;
            ALTER TABLE datasets ADD COLUMN updated INTEGER;
            CREATE TABLE dataset_experiments (
                dataset INTEGER NOT NULL,
                experiment INTEGER NOT NULL,
                PRIMARY KEY (dataset, experiment)
            ) STRICT, WITHOUT ROWID;
            CREATE INDEX dataset_experiments_by_experiment ON dataset_experiments (experiment);

            CREATE TABLE access_tokens (
                id INTEGER PRIMARY KEY,
                name TEXT NOT NULL UNIQUE,
                scope TEXT NOT NULL,
                digest BLOB NOT NULL,
                created INTEGER NOT NULL,
                expires INTEGER
            ) STRICT;
            """
    )
}
