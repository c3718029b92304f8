#!/usr/bin/env bash
# Builds the example package as a stranger would and compares what it prints.
set -euo pipefail
cd "$(dirname "$0")/../Examples/evaluate"
swift build --scratch-path ../../.build-example
rm -rf .evalhost
printed=$(../../.build-example/debug/evaluate)
expected='edit_similarity/mean 0.9375
exact_match/mean 0.5
exact_match/pass_rate 0.5
token_f1/mean 0.5
rows 3, errors 1'
if [ "$printed" != "$expected" ]; then
    diff <(echo "$expected") <(echo "$printed")
    exit 1
fi
echo "1 passed, 0 failed"
