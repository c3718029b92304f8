#!/usr/bin/env bash
# Measures the numbers of Benchmarks/README.md with .build/release/evalhost: `make bench`, or Benchmarks/run.sh [ROWS].
# Figures that are compared are taken in turn within one run, since machines drift.
set -euo pipefail
cd "$(dirname "$0")/.."
rows=${1:-300000}
evalhost=$PWD/.build/release/evalhost
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
scorers=(--scorer exact_match --scorer contains:value=battery --scorer response_length:max_length=600,unit=chars)

seconds() { # of a command, as wall clock
    local start end
    start=$(date +%s.%N); "$@" > /dev/null; end=$(date +%s.%N)
    awk "BEGIN { print $end - $start }"
}
rate() { awk "BEGIN { printf \"%d\", $1 / $2 }"; }

echo "processors $(nproc), $(uname -r), load $(cut -d' ' -f1-3 /proc/loadavg)"
Benchmarks/rows.py "$rows" > "$work/rows.jsonl"
echo "rows $rows of $(( $(stat -c %s "$work/rows.jsonl") / rows )) bytes"

for _ in 1 2 3; do
    took=$(seconds "$evalhost" score "${scorers[@]}" --data "$work/rows.jsonl")
    echo "score: $(rate "$rows" "$took") rows/s"
done
"$evalhost" score "${scorers[@]}" --data "$work/rows.jsonl" | Benchmarks/verify.py "$work/rows.jsonl"

EVALHOST_BENCHMARKS=1 swift build -c release --product store-bench --scratch-path .build-bench > /dev/null
.build-bench/release/store-bench schema > "$work/schema.sql"
.build-bench/release/store-bench statements > "$work/statements.sql"
cc -O2 Benchmarks/sqlite-floor/floor.c -lsqlite3 -o "$work/floor"
for _ in 1 2; do
    rm -f "$work"/*.db*
    "$work/floor" "$work/floor.db" "$work/schema.sql" "$work/statements.sql" "$rows"
    took=$(seconds "$evalhost" evaluate --quiet --data "$work/rows.jsonl" "${scorers[@]}" --store "$work/run.db")
    echo "evaluate: $(rate "$rows" "$took") rows/s"
done

EVALHOST_BENCHMARKS=1 swift build -c release --product wire-bench --scratch-path .build-bench > /dev/null
for _ in 1 2 3; do .build-bench/release/wire-bench; done

echo "memory of evaluate at 10 %, 50 % and 100 % of a million rows:"
Benchmarks/rows.py 1000000 > "$work/million.jsonl"
"$evalhost" evaluate --quiet --data "$work/million.jsonl" "${scorers[@]}" --store "$work/million.db" > /dev/null &
run=$!
next=100000
while kill -0 $run 2> /dev/null; do
    done_rows=$(sqlite3 -readonly "$work/million.db" 'SELECT max(rows) FROM runs' 2> /dev/null || echo 0)
    if [ "${done_rows:-0}" -ge "$next" ]; then
        echo "  $done_rows rows: $(awk '/VmRSS/ { print $2 / 1024 " MB" }' /proc/$run/status 2> /dev/null)"
        case $next in 100000) next=500000 ;; 500000) next=990000 ;; *) next=99999999 ;; esac
    fi
    sleep 0.05
done
wait $run

for command in "--version" "scorers list --plugins Plugins"; do
    for _ in 1 2 3 4 5; do
        # shellcheck disable=SC2086
        echo "$command: $(seconds "$evalhost" $command) s"
    done
done
Benchmarks/plugin-call/run.sh
Benchmarks/worker/run.sh
Benchmarks/isolation/run.sh
Benchmarks/predict/run.sh
Benchmarks/judges/run.sh
