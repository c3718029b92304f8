#!/usr/bin/env bash
# Measures what isolation costs: rows in process, in a worker and over a pipe, crashes, starts, calls of a judge.
# Usage: Benchmarks/isolation/run.sh [ROWS]
set -euo pipefail
cd "$(dirname "$0")/../.."
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT
scratch=${SCRATCH:-.build-bench}
make -s worker
EVALHOST_BENCHMARKS=1 swift build -c release --product isolation-bench --scratch-path "$scratch" > /dev/null
flags="-std=gnu99 -O2 -Wall -Wextra -Wpedantic -Wno-unused-parameter -ISources/CEvalHost/include -fPIC -shared
    -fvisibility=hidden"
mkdir "$out/compared" "$out/judging"
# shellcheck disable=SC2086
cc $flags Benchmarks/isolation/compared.c -o "$out/compared/compared.so"
# shellcheck disable=SC2086
cc $flags Examples/plugins/second_opinion/*.c -o "$out/judging/second_opinion.so" -lm
"$scratch/release/isolation-bench" "$out/compared" "$PWD/.build/release/evalhost-worker" \
    Benchmarks/isolation/pipe.py "$out/judging" "${1:-100000}"
