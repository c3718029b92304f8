// Version 8. Words of traces, for full-text search. The index has no text of its own; it is filled after traces are kept, so
// that keeping them doesn't wait for it.

extension Migration {
    static let eighth = Migration(
        number: 8,
        title: "full-text search of traces",
        sql: """
            CREATE VIRTUAL TABLE trace_words USING fts5(
                text, content='', columnsize=0, detail=none, tokenize='unicode61 remove_diacritics 2'
            );
            CREATE TABLE words_waiting (doc INTEGER PRIMARY KEY) STRICT;
            INSERT INTO words_waiting (doc) SELECT trace << 20 | part FROM trace_parts;
            CREATE TABLE words_state (id INTEGER PRIMARY KEY CHECK (id = 1), traces INTEGER NOT NULL) STRICT;
            INSERT INTO words_state (id, traces) VALUES (1, 0);
            """
    )
}
