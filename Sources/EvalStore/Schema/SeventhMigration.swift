// Version 7. What people register: models and prompts with their versions, scorers, logged models, and what reviewers
// are asked. Tags and the like are clustered by what they belong to; public ids are 16 bytes.

extension Migration {
    static let seventh = Migration(
        number: 7,
        title: "registered models and prompts, scorers, logged models, label schemas, review queues, issues",
        sql: """
            CREATE TABLE registered_models (
                id INTEGER PRIMARY KEY,
                name TEXT NOT NULL UNIQUE,
                description TEXT,
                created INTEGER NOT NULL,
                updated INTEGER NOT NULL
            ) STRICT;
            CREATE TABLE registered_model_tags (
                model INTEGER NOT NULL,
                key TEXT NOT NULL,
                value TEXT NOT NULL,
                PRIMARY KEY (model, key)
            ) STRICT, WITHOUT ROWID;
            CREATE TABLE registered_model_aliases (
                model INTEGER NOT NULL,
                alias TEXT NOT NULL,
                version INTEGER NOT NULL,
                PRIMARY KEY (model, alias)
            ) STRICT, WITHOUT ROWID;
            CREATE TABLE model_versions (
                id INTEGER PRIMARY KEY,
                model INTEGER NOT NULL,
                version INTEGER NOT NULL,
                source TEXT NOT NULL,
                run TEXT,
                run_link TEXT,
                logged_model TEXT,
                description TEXT,
                stage TEXT NOT NULL,
                created INTEGER NOT NULL,
                updated INTEGER NOT NULL,
                deleted INTEGER,
                UNIQUE (model, version)
            ) STRICT;
            CREATE TABLE model_version_tags (
                version INTEGER NOT NULL,
                key TEXT NOT NULL,
                value TEXT NOT NULL,
                PRIMARY KEY (version, key)
            ) STRICT, WITHOUT ROWID;

            CREATE TABLE trace_prompts (
                trace BLOB NOT NULL,
                name TEXT NOT NULL,
                version INTEGER NOT NULL,
                PRIMARY KEY (trace, name, version)
            ) STRICT, WITHOUT ROWID;
            CREATE INDEX trace_prompts_by_prompt ON trace_prompts (name, version);

            CREATE TABLE scorers (
                id INTEGER PRIMARY KEY,
                public_id BLOB NOT NULL UNIQUE,
                experiment INTEGER NOT NULL,
                name TEXT NOT NULL,
                UNIQUE (experiment, name)
            ) STRICT;
            CREATE TABLE scorer_versions (
                scorer INTEGER NOT NULL,
                version INTEGER NOT NULL,
                definition TEXT NOT NULL,
                created INTEGER NOT NULL,
                PRIMARY KEY (scorer, version)
            ) STRICT, WITHOUT ROWID;
            CREATE TABLE scorer_sampling (
                scorer INTEGER PRIMARY KEY,
                public_id BLOB NOT NULL UNIQUE,
                rate REAL NOT NULL,
                filter TEXT
            ) STRICT;

            CREATE TABLE logged_models (
                id INTEGER PRIMARY KEY,
                public_id BLOB NOT NULL UNIQUE,
                experiment INTEGER NOT NULL,
                name TEXT NOT NULL,
                kind TEXT,
                run TEXT,
                status TEXT NOT NULL,
                created INTEGER NOT NULL,
                updated INTEGER NOT NULL
            ) STRICT;
            CREATE INDEX logged_models_by_time ON logged_models (experiment, created);
            CREATE TABLE logged_model_tags (
                model INTEGER NOT NULL,
                key TEXT NOT NULL,
                value TEXT NOT NULL,
                PRIMARY KEY (model, key)
            ) STRICT, WITHOUT ROWID;
            CREATE TABLE logged_model_params (
                model INTEGER NOT NULL,
                key TEXT NOT NULL,
                value TEXT NOT NULL,
                PRIMARY KEY (model, key)
            ) STRICT, WITHOUT ROWID;
            CREATE TABLE logged_model_metrics (
                id INTEGER PRIMARY KEY,
                model INTEGER NOT NULL,
                key TEXT NOT NULL,
                step INTEGER NOT NULL,
                time INTEGER NOT NULL,
                value REAL,
                run TEXT NOT NULL,
                dataset_name TEXT NOT NULL,
                dataset_digest TEXT NOT NULL,
                UNIQUE (model, key, run, dataset_name, dataset_digest)
            ) STRICT;

            CREATE TABLE label_schemas (
                id INTEGER PRIMARY KEY,
                public_id BLOB NOT NULL UNIQUE,
                experiment INTEGER NOT NULL,
                name TEXT NOT NULL,
                kind TEXT NOT NULL,
                input TEXT NOT NULL,
                instruction TEXT,
                comments INTEGER NOT NULL,
                author TEXT,
                created INTEGER NOT NULL,
                updated INTEGER NOT NULL,
                UNIQUE (experiment, name)
            ) STRICT;

            CREATE TABLE review_queues (
                id INTEGER PRIMARY KEY,
                public_id BLOB NOT NULL UNIQUE,
                experiment INTEGER NOT NULL,
                name TEXT NOT NULL,
                name_key TEXT NOT NULL,
                kind TEXT NOT NULL,
                author TEXT,
                created INTEGER NOT NULL,
                updated INTEGER NOT NULL,
                UNIQUE (experiment, name_key)
            ) STRICT;
            CREATE TABLE review_queue_schemas (
                queue INTEGER NOT NULL,
                schema INTEGER NOT NULL,
                PRIMARY KEY (queue, schema)
            ) STRICT, WITHOUT ROWID;
            CREATE TABLE review_queue_users (
                queue INTEGER NOT NULL,
                user TEXT NOT NULL,
                PRIMARY KEY (queue, user)
            ) STRICT, WITHOUT ROWID;
            CREATE TABLE review_queue_items (
                id INTEGER PRIMARY KEY,
                queue INTEGER NOT NULL,
                item TEXT NOT NULL,
                status TEXT NOT NULL,
                reviewer TEXT,
                completed INTEGER,
                created INTEGER NOT NULL,
                updated INTEGER NOT NULL,
                UNIQUE (queue, item)
            ) STRICT;
            CREATE INDEX review_queue_items_by_item ON review_queue_items (item);

            CREATE TABLE issues (
                id INTEGER PRIMARY KEY,
                public_id BLOB NOT NULL UNIQUE,
                experiment INTEGER NOT NULL,
                name TEXT NOT NULL,
                description TEXT NOT NULL,
                status TEXT NOT NULL,
                severity TEXT,
                causes TEXT NOT NULL,
                categories TEXT NOT NULL,
                run TEXT,
                author TEXT,
                created INTEGER NOT NULL,
                updated INTEGER NOT NULL
            ) STRICT;
            CREATE INDEX issues_by_time ON issues (experiment, created);
            """
    )
}
