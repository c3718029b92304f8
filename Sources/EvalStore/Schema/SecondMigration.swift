// Version 2. How sure metrics are, what a run took of its models, and which rows are one unit of the statistics.

extension Migration {
    static let second = Migration(
        number: 2,
        title: "intervals, tokens and costs, clusters and sessions of rows",
        sql: """
            ALTER TABLE run_metrics ADD COLUMN low REAL;
            ALTER TABLE run_metrics ADD COLUMN high REAL;
            ALTER TABLE run_metrics ADD COLUMN level REAL;
            ALTER TABLE run_metrics ADD COLUMN method TEXT;
            ALTER TABLE run_metrics ADD COLUMN units INTEGER;

            ALTER TABLE runs ADD COLUMN repeats INTEGER NOT NULL DEFAULT 1;
            ALTER TABLE runs ADD COLUMN flaky INTEGER NOT NULL DEFAULT 0;
            ALTER TABLE runs ADD COLUMN tokens_input INTEGER;
            ALTER TABLE runs ADD COLUMN tokens_output INTEGER;
            ALTER TABLE runs ADD COLUMN tokens_total INTEGER;
            ALTER TABLE runs ADD COLUMN tokens_partial INTEGER;
            ALTER TABLE runs ADD COLUMN cost REAL;
            ALTER TABLE runs ADD COLUMN cost_partial INTEGER;

            ALTER TABLE run_rows ADD COLUMN cluster TEXT;
            """
    )
}
