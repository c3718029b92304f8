// Version 5. Data sets: a record's row says from which version on it counts and until which, so that none is lost.

extension Migration {
    static let fifth = Migration(
        number: 5,
        title: "data sets, their records and their versions",
        sql: """
            CREATE TABLE datasets (
                id INTEGER PRIMARY KEY,
                public_id BLOB NOT NULL UNIQUE,
                name TEXT NOT NULL,
                version INTEGER NOT NULL,
                tags TEXT NOT NULL,
                schema TEXT,
                created INTEGER NOT NULL
            ) STRICT;

            CREATE INDEX datasets_by_name ON datasets (name);

            CREATE TABLE dataset_versions (
                id INTEGER PRIMARY KEY,
                dataset INTEGER NOT NULL,
                version INTEGER NOT NULL,
                digest BLOB NOT NULL,
                records INTEGER NOT NULL,
                change TEXT NOT NULL,
                created INTEGER NOT NULL,
                UNIQUE (dataset, version)
            ) STRICT;

            CREATE TABLE dataset_records (
                id INTEGER PRIMARY KEY,
                dataset INTEGER NOT NULL,
                place INTEGER NOT NULL,
                public_id BLOB NOT NULL,
                input_digest BLOB NOT NULL,
                digest BLOB NOT NULL,
                content TEXT NOT NULL,
                since INTEGER NOT NULL,
                until INTEGER,
                created INTEGER NOT NULL,
                updated INTEGER NOT NULL
            ) STRICT;
            CREATE UNIQUE INDEX dataset_records_by_inputs ON dataset_records (dataset, input_digest) WHERE until IS NULL;
            CREATE INDEX dataset_records_by_place ON dataset_records (dataset, place);
            """
    )
}
