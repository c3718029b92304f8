#!/usr/bin/env bash
# Measures judges: how near evalhost comes to a bare loop on the same endpoint, what a call costs, what faults cost, and how
# fast replies are replayed. Benchmarks/judges/run.sh [ROWS]
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
cd "$here/../.."
rows=${1:-5000}
evalhost=$PWD/.build/release/evalhost
work=$(mktemp -d)
endpoint=
trap '[ -z "$endpoint" ] || kill "$endpoint" 2> /dev/null || true; rm -rf "$work"' EXIT
"$here/build.sh" "$work"
"$here/rows.py" "$rows" > "$work/rows.jsonl"
cd "$work"
judges=(--scorer correctness --scorer relevance_to_query)

start() { # an endpoint with options; its port is in $port
    "$work/endpoint" "$@" > "$work/counters" &
    endpoint=$!
    until [ -s "$work/counters" ]; do :; done
    port=$(head -1 "$work/counters")
}
stop() { # it, and print what it counted
    kill "$endpoint"; wait "$endpoint" || true
    endpoint=
    tail -1 "$work/counters"
}
evaluate() { # with options; prints rows/s of the run and the processor time of the process
    rm -f bench.db*
    /usr/bin/time -f '%U %S' -o times "$evalhost" evaluate --quiet --data rows.jsonl "${judges[@]}" --format json \
        --judge-model "endpoint:/http://127.0.0.1:$port/v1#bench" --store bench.db "$@" > report.json
}
figure() { python3 -c "
import json
report, times = json.load(open('report.json')), open('times').read().split()
calls = (report['judges'] or {'replies': 0})['replies']
cpu = float(times[-2]) + float(times[-1])
print('evalhost: %.0f rows/s, %.0f calls/s, %.0f us of CPU a call, %d replies for %d rows, %d scored' % (
    report['rows'] / report['duration_s'], calls / report['duration_s'], cpu / max(1, calls) * 1e6, calls, report['rows'],
    sum(account['scored'] for account in report['accounts'].values())))"; }

# What evalhost sends, for the bare loop to send again.
"$here/body.py" "$evalhost" rows.jsonl > body.json

for setting in "50 64" "500 512"; do
    read -r latency connections <<< "$setting"
    for _ in 1 2; do
        start --latency "$latency"
        echo "latency $latency ms, $connections at once: bare loop: $("$work/bareloop" "$port" $((2 * rows)) "$connections" body.json)"
        evaluate --concurrency "$connections"
        echo "latency $latency ms, $connections at once: $(figure)"
        stop
    done
done

echo "10 % 429, 5 % 500, 5 % broken JSON, 1 % hangs:"
start --latency 20 --faults 429=0.10,500=0.05,json=0.05,hang=0.01 --seed 7
evaluate --concurrency 64 --timeout 2
figure
stop

echo "replay:"
start --latency 1
evaluate --concurrency 64 --judge-cache record
/usr/bin/time -f '%U %S' -o times "$evalhost" evaluate --quiet --data rows.jsonl "${judges[@]}" --format json --judge-cache replay \
    --judge-model "endpoint:/http://127.0.0.1:$port/v1#bench" --store bench.db > report.json
figure
"$here/rows.py" 50000 > rows.jsonl
judges=(--scorer relevance_to_query)
evaluate --concurrency 64 --judge-cache record
/usr/bin/time -f '%U %S' -o times "$evalhost" evaluate --quiet --data rows.jsonl "${judges[@]}" --format json --judge-cache replay \
    --judge-model "endpoint:/http://127.0.0.1:$port/v1#bench" --store bench.db > report.json
figure
stop > /dev/null
