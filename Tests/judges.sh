#!/usr/bin/env bash
# Runs every `sh` block of Documentation/judges.md in one shell and a folder of its own, against the scripted endpoint.
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
work=$(mktemp -d)
trap 'kill "$endpoint" 2> /dev/null || true; rm -rf "$work"' EXIT
mkfifo "$work/ready"
"$root/Tests/ScriptedEndpoint/endpoint.py" --verdict hash > "$work/ready" &
endpoint=$!
read -r _ url < "$work/ready"
export OPENAI_BASE_URL=$url/v1 OPENAI_API_KEY=sk-not-a-real-key PATH="$root/.build/release:$PATH"
page=$root/Documentation/judges.md
{ echo 'set -euo pipefail'; awk '/^```sh$/ { inside = 1; next } /^```$/ { inside = 0 } inside' "$page"; } > "$work/blocks"
mkdir "$work/folder" && cd "$work/folder"
bash "$work/blocks" > "$work/output"
grep -q 'on_brand' "$work/output"
if grep -rqF sk-not-a-real-key "$work/folder" "$work/output"; then echo "a key was written down" >&2; exit 1; fi
echo "$(grep -c '^```sh$' "$page") passed, 0 failed"
