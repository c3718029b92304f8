#!/usr/bin/env bash
# Builds the hostile plugins and runs them under the built evalhost. Usage: Tests/HostilePlugins/run.sh [RUNS]
set -euo pipefail
cd "$(dirname "$0")"
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT
./build.sh "$out" "$(command -v swiftc || true)"
./run.py --plugins "$out" --runs "${1:-1}"
./run.py --plugins "$out" --without-landlock
# Root becomes nobody in the worker; an ordinary user stays who he is.
if [ "$(id -u)" = 0 ]; then ./run.py --plugins "$out" --as-user; fi
