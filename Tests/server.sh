#!/usr/bin/env bash
# Runs every `sh` block of Documentation/server.md in one shell and a folder of its own, at a port that is free.
#
#     server.sh [BINARY]
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
binary=$(realpath "${1:-$root/.build/release/evalhost}")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
page=$root/Documentation/server.md
port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
{
    echo 'set -euo pipefail; trap "kill \$(jobs -p); wait" EXIT'
    awk '/^```sh$/ { inside = 1; next } /^```$/ { inside = 0 } inside' "$page" | sed "s/5000/$port/g"
} > "$work/blocks"
mkdir "$work/bin" "$work/folder" && ln -s "$binary" "$work/bin/evalhost" && cd "$work/folder"
PATH="$work/bin:$PATH" bash "$work/blocks" > "$work/output"
for words in '"openapi":"3.1.0"' 'event: finished' '"exact_match/mean":0.5' RESOURCE_DOES_NOT_EXIST '"is_new":true' '"state":"FINISHED"'; do
    grep -qF -- "$words" "$work/output" openapi.json events || { echo "no $words" >&2; exit 1; }
done
echo "$(grep -c '^```sh$' "$page") passed, 0 failed"
