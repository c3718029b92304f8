#!/bin/bash
# Checks that floor.c and the product write the same: both make a run of ROWS rows, then every column of the tables of
# the hot path is compared, except ids that are made at random, digests (the floor's are random) and times of writing.
#
#     EVALHOST_BENCHMARKS=1 swift build -c release --product store-bench
#     Benchmarks/sqlite-floor/compare.sh [STORE-BENCH] [ROWS]
set -euo pipefail
here=$(dirname "$0")
bench=${1:-.build/release/store-bench}
rows=${2:-1109}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

"$bench" schema >"$work/schema.sql"
"$bench" statements >"$work/statements.txt"
cc -O2 -Wall "$here/floor.c" -lsqlite3 -o "$work/floor"
"$work/floor" "$work/floor.db" "$work/schema.sql" "$work/statements.txt" "$rows"
"$bench" commit "$work/product.db" "$rows"

dump() {
    sqlite3 -bail "$1" <<'SQL'
.mode quote
SELECT id, length(public_id), experiment, state, request_time, duration, session, tags, metadata, format,
    json_remove(spans, '$[0].start'), length(spans) FROM traces ORDER BY id;
SELECT id, run, ordinal, repeat, trace, has_error, record_id, length(record_digest), length(input_digest), expectations,
    skipped, failure_code, failure_message, cluster, session, turn FROM run_rows ORDER BY id;
SELECT trace, scorer, n, length(public_id), run, span, name, type, kind, typeof(value), value, rationale, error_code,
    error_message, source, metadata, updated, overrides, valid FROM assessments ORDER BY trace, scorer, n;
SELECT id, rows, errors FROM runs;
SELECT type, name, tbl_name, sql FROM sqlite_schema ORDER BY name;
SQL
}
dump "$work/floor.db" >"$work/floor.txt"
dump "$work/product.db" >"$work/product.txt"
lines=$(wc -l <"$work/floor.txt")
[ "$lines" -gt $((rows * 5)) ] || { echo "the tables are not full: $lines lines" >&2; exit 1; }
diff "$work/floor.txt" "$work/product.txt" >"$work/difference" || { head -20 "$work/difference" >&2; exit 1; }
echo "the same $rows rows in both: $lines lines"
