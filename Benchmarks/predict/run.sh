#!/usr/bin/env bash
# Measures the predictors alone, beside what the application itself reaches: Benchmarks/predict/run.sh.
# Figures that are compared are taken in turn within one run, since machines drift.
set -euo pipefail
cd "$(dirname "$0")/../.."
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
EVALHOST_BENCHMARKS=1 swift build -c release --product predict-bench --scratch-path .build-bench > /dev/null
bench=.build-bench/release/predict-bench
cc -O2 Benchmarks/predict/floor.c -o "$work/floor"
cc -O2 Benchmarks/predict/bare.c -o "$work/bare"
echo="python3 Benchmarks/predict/echo.py"
rows=200000

echo "processors $(nproc), $(uname -r), load $(cut -d' ' -f1-3 /proc/loadavg)"
$bench requests $((rows / 2)) > "$work/requests.jsonl"
for _ in 1 2 3; do
    start=$(date +%s.%N)
    $echo < "$work/requests.jsonl" > "$work/one" & $echo < "$work/requests.jsonl" > "$work/two"; wait
    end=$(date +%s.%N)
    echo "two Python processes alone, fed from a file: $(awk "BEGIN { printf \"%d\", $rows / ($end - $start) }") rows/s"
    echo "command, Python, 2 processes, 64 in flight: $($bench command "$echo" $rows 2 64 256)"
    echo "command, Python, 2 processes, 1 in flight: $($bench command "$echo" 20000 2 1 256)"
    echo "command, a C echo, 2 processes, 64 in flight: $($bench command "$work/floor" $rows 2 64 256)"
done

coproc endpoint { python3 Benchmarks/predict/endpoint.py; }
read -r port <&"${endpoint[0]}"
head -1 "$work/requests.jsonl" > "$work/body"
for _ in 1 2 3; do
    bare=$("$work/bare" "$port" 10000 64 < "$work/body")
    url=$($bench url "http://127.0.0.1:$port/" 10000 64)
    echo "url, 50 ms, 64 connections: $url; bare sockets: $bare;" \
        "$(awk "BEGIN { printf \"%.1f %%\", 100 * ${url%% *} / ${bare%% *} }")"
done
exec {endpoint[1]}>&-
wait
