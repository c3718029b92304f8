#!/usr/bin/env bash
# Builds the example in Rust as its README says, tests it, and scores a row with it. Says so where there is no Rust.
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
export PATH="$root/.build/release:$PATH"
if ! command -v rustc > /dev/null || ! command -v cargo > /dev/null; then
    echo "skipped: no rustc and cargo here, so Examples/rust isn't built"
    exit 0
fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cp -R "$root/Examples/rust/brevity" "$work/brevity"
cd "$work/brevity"
rm -rf target ./*.so
{ echo 'set -euo pipefail'; grep '^    ' README.md; } > "$work/blocks"
cargo test --quiet --offline > /dev/null
bash "$work/blocks" > "$work/output" 2>&1 || { cat "$work/output" >&2; exit 1; }
grep -q '5 passed, 0 failed' "$work/output"
[ "$(nm -D --defined-only brevity.so | awk '{print $3}')" = evalhost_plugin_entry ]
scored=$(echo '{"inputs": {}, "outputs": "a b c d"}' | evalhost score --plugins . --scorer brevity:max_words=2)
grep -q '"value":0.5' <<< "$scored"
echo "4 passed, 0 failed"
