#!/usr/bin/env bash
# Runs every `sh` block of the README in one shell, as a reader would, in a copy of nothing: the checkout itself.
set -euo pipefail
cd "$(dirname "$0")/.."
script=$(mktemp)
trap 'rm -f "$script"' EXIT
{ echo 'set -euo pipefail'; awk '/^```sh$/ { inside = 1; next } /^```$/ { inside = 0 } inside' README.md; } > "$script"
blocks=$(grep -c '^```sh$' README.md)
bash "$script" > /dev/null
echo "$blocks passed, 0 failed"
