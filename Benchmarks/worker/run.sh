#!/usr/bin/env bash
# Measures what a worker costs: its start, rows of 1.1 KB beside a plain call, and functions that are called through libffi.
# Usage: Benchmarks/worker/run.sh
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
cc $flags -rdynamic "$root/Tests/EvalWorkerTests/binding_tests.c" "$root/Sources/evalhost-worker/binding.c" \
    "$root"/Sources/CEvalTransport/*.c -l:libffi.a -o "$out/binding"
"$out/binding" time
