// Version 4. Replies of models, the secret of the fences around what judges read, and judges of people's own.

extension Migration {
    static let fourth = Migration(
        number: 4,
        title: "replies of models, secrets and registered judges",
        sql: """
            CREATE TABLE model_replies (
                id INTEGER PRIMARY KEY,
                key BLOB NOT NULL,
                run BLOB,
                purpose TEXT NOT NULL,
                asked INTEGER NOT NULL,
                endpoint INTEGER NOT NULL,
                model INTEGER NOT NULL,
                refusal TEXT,
                reply TEXT NOT NULL,
                tokens_input INTEGER,
                tokens_output INTEGER,
                tokens_total INTEGER,
                cost REAL,
                price TEXT,
                created INTEGER NOT NULL,
                latency INTEGER NOT NULL
            ) STRICT;
            CREATE INDEX model_replies_by_key ON model_replies (key) WHERE refusal IS NULL;
            CREATE INDEX model_replies_by_run ON model_replies (run) WHERE run IS NOT NULL;

            CREATE TABLE secrets (
                id INTEGER PRIMARY KEY,
                name TEXT NOT NULL UNIQUE,
                value BLOB NOT NULL
            ) STRICT;

            CREATE TABLE judges (
                id INTEGER PRIMARY KEY,
                experiment INTEGER NOT NULL,
                name TEXT NOT NULL,
                version INTEGER NOT NULL,
                definition TEXT NOT NULL,
                digest BLOB NOT NULL,
                created INTEGER NOT NULL,
                UNIQUE (experiment, name, version)
            ) STRICT;
            """
    )
}
