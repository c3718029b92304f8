#!/usr/bin/env bash
# Builds the endpoint and the bare loop into a folder: Benchmarks/judges/build.sh FOLDER.
set -euo pipefail
[ $# -eq 1 ] || { sed -n 2p "$0" >&2; exit 2; }
here=$(cd "$(dirname "$0")" && pwd)
mkdir -p "$1"
for program in endpoint bareloop; do
    cc -std=gnu99 -O2 -Wall -Wextra -Wpedantic -Werror "$here/$program.c" -o "$1/$program"
done
