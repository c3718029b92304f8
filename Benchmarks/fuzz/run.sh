#!/usr/bin/env bash
# Builds transport-fuzz and runs it: in release, then a tenth as long under AddressSanitizer.
# Usage: Benchmarks/fuzz/run.sh [EXECUTIONS] [SEED]
set -euo pipefail
cd "$(dirname "$0")/../.."
executions=${1:-10000000}
seed=${2:-1}
build() {
    EVALHOST_BENCHMARKS=1 swift build -c release --product transport-fuzz --scratch-path "$@" > /dev/null
}
build .build-bench
.build-bench/release/transport-fuzz Benchmarks/fuzz/corpus "$executions" "$seed"
build .build-asan --sanitize=address
.build-asan/release/transport-fuzz Benchmarks/fuzz/corpus "$((executions / 10))" "$seed"
