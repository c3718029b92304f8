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
# Where the kernel refuses memory that may be run as a program, plugins run all the same.
refuse='sysctl -qw vm.memfd_noexec=2'
if [ "$(id -u)" = 0 ] && unshare --pid --fork --mount-proc $refuse 2> /dev/null; then
    unshare --pid --fork --mount-proc bash -c "$refuse && ./run.py --plugins $out null_write constructor_crash corrupt_ones"
fi
