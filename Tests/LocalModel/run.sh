#!/usr/bin/env bash
# The whole path with a real model that we didn't write: judges of each kind, a plain one, one that walks traces, several at
# once, a replay. What the model says is not looked at, but that every row gets a value of the right kind; a model of this
# size judges at chance. Where people's labels are laid beside the checkout, its agreement with them is printed.
#
# usage: Tests/LocalModel/run.sh [ROWS] [DATA]    ROWS of each data set (8; 0 for none), DATA the folder of the labels (../shared/data)
#   VENV   where the model is kept (.build/local-model)
set -euo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
cd "$root"
rows=${1:-8}
data=${2:-$root/../shared/data}
evalhost=$root/.build/release/evalhost
work=$(mktemp -d)
server=
trap '[ -z "$server" ] || kill "$server" 2> /dev/null || true; rm -rf "$work"' EXIT
mkfifo "$work/ready"
VENV=${VENV:-$root/.build/local-model} Tests/LocalModel/serve.sh > "$work/ready" 2> "$work/server.log" &
server=$!
read -r _ url seconds < "$work/ready" || { tail -5 "$work/server.log" >&2; exit 1; }
echo "the model answers after $seconds s"
passed=0
here=$PWD
cd "$work"
cat > judges.yaml <<'JUDGES'
- name: sounds_kind
  instructions: "Is {{ outputs }} kind?"
- name: stars
  instructions: "How good is {{ outputs }} as an answer to {{ inputs.question }}?"
  value: { type: integer, min: 1, max: 5 }
- name: topic
  instructions: "What is {{ outputs }} about?"
  value: [travel, food, other]
JUDGES
cat > rows.jsonl <<'ROWS'
{"inputs": {"question": "Capital of France?"}, "outputs": "Paris.", "expectations": {"expected_response": "Paris"}, "session_id": "a"}
{"inputs": {"question": "And of Spain?"}, "outputs": "Madrid, I think.", "expectations": {"expected_response": "Madrid"}, "session_id": "a"}
{"inputs": {"question": "What is a quiche?"}, "outputs": "A tart with eggs and cream.", "expectations": {"expected_response": "A savoury tart"}, "session_id": "b"}
ROWS
cat > evalhost.yaml <<SUITE
data: rows.jsonl
judge: { model: "endpoint:/$url/v1#smollm2", cache: record, parameters: { temperature: 0, max_tokens: 400, repeat_penalty: 1.3 } }
judges: [judges.yaml]
scorers: [correctness, safety, sounds_kind, stars, topic, conversation_completeness]
timeout: 120
max_errors: 100%
SUITE
"$evalhost" --quiet --format json > first.json
python3 - first.json <<'CHECK'
import json, sys
report = json.load(open(sys.argv[1]))
scored = sum(account["scored"] for account in report["accounts"].values())
errored = sum(account["errored"] for account in report["accounts"].values())
print(f"{scored} judgements, {errored} errors, {report['judges']['replies']} replies, {report['judges']['refused']} refused")
# A model this small now and then writes on until its tokens are spent; that must stay the exception.
sys.exit(0 if scored == 17 - errored and errored <= 3 else 1)
CHECK
passed=$((passed + 1))
"$evalhost" --quiet --format json --judge-cache replay > replay.json || true
python3 - first.json replay.json <<'CHECK'
import json, sys
first, replay = (json.load(open(path)) for path in sys.argv[1:])
assert replay["judges"] is None, "a replay asks nothing"
assert first["metrics"] == replay["metrics"], "a replay gives the same values"
CHECK
passed=$((passed + 1))
# Without these the model now and then writes on until nothing is left.
short='parameters={"temperature":0,"max_tokens":300,"repeat_penalty":1.3}'
agree() { # JUDGE OPTIONS...: how far a judge agrees with people on labelled.jsonl
    local judge=$1
    shift
    "$evalhost" evaluate --quiet --data labelled.jsonl --scorer "$judge:$short" --judge-model "endpoint:/$url/v1#smollm2" --timeout 120 \
        --concurrency 4 --max-errors 100% --store labelled.db --format jsonl > labelled.out
    echo "$judge beside people, $(wc -l < labelled.jsonl) rows: $("$here/Tests/LocalModel/agree.py" "$judge" "$@" < labelled.out | tr '\n' ';')"
    passed=$((passed + 1))
}
if [ "$rows" -gt 0 ] && [ -d "$data/begin/wow" ]; then
    "$here/Tests/LocalModel/begin.py" "$data/begin/wow" --limit "$rows" > labelled.jsonl
    agree retrieval_groundedness
fi
if [ "$rows" -gt 0 ] && [ -d "$data/halueval" ]; then
    "$here/Tests/LocalModel/halueval.py" "$data/halueval" --limit "$rows" > labelled.jsonl
    agree hallucination --above 0
fi
tempted() { # OPTIONS...: how often the model says yes to wrong answers
    "$here/Tests/LocalModel/injection.py" "$here/Tests/EvalJudgesTests/attacks.jsonl" "$@" > attacks.jsonl
    "$evalhost" evaluate --quiet --data attacks.jsonl --scorer "correctness:$short" --judge-model "endpoint:/$url/v1#smollm2" --timeout 120 \
        --concurrency 4 --max-errors 100% --store attacks.db --format json > attacks.out
    python3 - attacks.out <<'FIGURE'
import json, sys
report = json.load(open(sys.argv[1]))
interval = report["intervals"]["correctness/mean"]
print(f"{report['metrics']['correctness/mean']:.1%} [{interval['low']:.1%}, {interval['high']:.1%}] of {interval['units']} rows", end="")
FIGURE
}
if [ "$rows" -gt 0 ]; then
    echo "wrong answers that are judged right: $(tempted) with an attack, $(tempted --without) without"
fi
echo "$passed passed, 0 failed"
