#!/usr/bin/env bash
# Measures how many rows a second other evaluators judge against the endpoint of ../judges: 500 rows, 2 judges, 50 ms, 64 at
# once. Each is installed from PyPI into a folder of its own below PEERS, by default one that is removed afterwards.
#
# usage: Benchmarks/peers/run.sh [PEER...]     PEER is mlflow, phoenix, inspect or deepeval; all without one
# environment: ROWS, CONCURRENCY; RATE for the requests a second that phoenix may begin with; KEEP_CLIENT=1 for deepeval with
# one client instead of one for each call
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
endpoint=
trap '[ -z "$endpoint" ] || kill "$endpoint" 2> /dev/null || true; rm -rf "$work"' EXIT
peers=${PEERS:-$work/peers}
[ $# -gt 0 ] || set -- mlflow phoenix inspect deepeval
"$here/../judges/build.sh" "$work"
"$here/../judges/rows.py" "${ROWS:-500}" > "$work/rows.jsonl"

say() { # what an endpoint says, as the content of a message
    python3 -c 'import json, sys; print(json.dumps({"role": "assistant", "refusal": None, "content": sys.argv[1]}))' "$1"
}
say '{"rationale": "It says the same.", "result": "yes"}' > "$work/mlflow"
say '{"explanation": "It says the same.", "label": "correct"}' > "$work/phoenix"
say $'It says the same.\n\nGRADE: C' > "$work/inspect"
say '{"reason": "It says the same.", "score": 9}' > "$work/deepeval"

export OPENAI_API_KEY=bench PYTHONWARNINGS=ignore PYTHONPATH=$here PYTHONDONTWRITEBYTECODE=1
export DEEPEVAL_TELEMETRY_OPT_OUT=1 DEEPEVAL_NO_INSPECT_PROMPT=1 MLFLOW_DISABLE_TELEMETRY=true DO_NOT_TRACK=true
for peer in "$@"; do
    folder=$peers/$peer
    [ -x "$folder/bin/python" ] || python3 -m venv "$folder"
    "$folder/bin/pip" install -q --only-binary :all: -r "$here/$peer.requirements.txt"
    mkdir "$work/run-$peer"
    cd "$work/run-$peer"
    # Not the last one's port, which the file has until the next endpoint opens it.
    rm -f "$work/counters"
    "$work/endpoint" --latency 50 --message "$work/$peer" > "$work/counters" &
    endpoint=$!
    until [ -s "$work/counters" ]; do sleep 0.01; done
    port=$(head -1 "$work/counters")
    export OPENAI_BASE_URL=http://127.0.0.1:$port/v1
    said=$(timeout 1500 "$folder/bin/python" "$here/${peer}_peer.py" "$work/rows.jsonl" 2> "$work/errors" | tail -1) \
        || { tail -5 "$work/errors" >&2; said="failed"; }
    kill "$endpoint"
    wait "$endpoint" || true
    endpoint=
    echo "$peer: $said; the endpoint had $(tail -1 "$work/counters" | cut -d, -f1,2)"
done
