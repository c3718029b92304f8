#!/usr/bin/env bash
# Measures what a worker costs: its start, and rows of 1.1 KB beside a plain call. Usage: Benchmarks/worker/run.sh
set -euo pipefail
cd "$(dirname "$0")"
root=../..
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT
flags="-std=gnu99 -O2 -Wall -Wextra -Wpedantic -Wno-unused-parameter -I$root/Sources/CEvalHost/include
    -I$root/Sources/CEvalTransport/include"
make -s -C "$root" worker
cc $flags -pthread driver.c "$root/Tests/EvalWorkerTests/host.c" "$root"/Sources/CEvalTransport/*.c -o "$out/driver"
cc $flags -fPIC -shared -fvisibility=hidden equal.c -o "$out/equal.so"
worker=$root/.build/release/evalhost-worker
"$out/driver" "$worker" "$out/equal.so" "$("$worker" --version)"
