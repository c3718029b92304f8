// Version 3. Which rows are turns of which session, in an index of each run, and which scorers judge sessions.

extension Migration {
    static let third = Migration(
        number: 3,
        title: "sessions of rows and scorers of sessions",
        sql: """
            ALTER TABLE run_rows ADD COLUMN session TEXT;
            ALTER TABLE run_rows ADD COLUMN turn INTEGER NOT NULL DEFAULT 0;
            UPDATE run_rows SET session = (SELECT t.session FROM traces t WHERE t.id = run_rows.trace)
                WHERE trace IN (SELECT id FROM traces WHERE session IS NOT NULL);
            CREATE INDEX run_rows_by_session ON run_rows (run, session, repeat, turn, ordinal)
                WHERE session IS NOT NULL;

            ALTER TABLE run_scorers ADD COLUMN sessions INTEGER NOT NULL DEFAULT 0;
            """
    )
}
