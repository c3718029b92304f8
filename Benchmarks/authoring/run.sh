#!/usr/bin/env bash
# How long an author waits: `plugin new`, `build`, `test`, `check` and a first scored row, for each language, in a fresh folder without
# any cache of it. Usage: Benchmarks/authoring/run.sh [evalhost]; prints seconds, a line a language.
set -euo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
evalhost=$(realpath "${1:-$root/.build/release/evalhost}")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
export HOME=$work/home XDG_CACHE_HOME=$work/cache CLANG_MODULE_CACHE_PATH=$work/modules TIMEFORMAT=%R
mkdir "$HOME"
row='{"inputs": {"question": "Capital of France?"}, "outputs": "Paris", "expectations": {"expected_response": "Paris"}}'

# Seconds of a command, whose output must have the words.
timed() {
    local words=$1 seconds
    shift
    seconds=$({ time "$@" > "$work/output" 2>> "$work/errors"; } 2>&1)
    grep -q "$words" "$work/output" || { cat "$work/errors" >&2; exit 1; }
    echo "$seconds"
}
score() { echo "$row" | "$evalhost" score --plugins . --scorer "$1"; }

printf '%-8s %8s %8s %8s %8s %8s %8s\n' language new build test check score total
for language in c cpp swift; do
    if [ "$language" = swift ] && ! command -v swift > /dev/null; then
        echo "swift    skipped: there is no toolchain"
        continue
    fi
    mkdir "$work/$language" && cd "$work/$language"
    name=first_$language
    new=$(timed "$name" "$evalhost" plugin new --language "$language" "$name")
    build=$(timed "$name.so" "$evalhost" plugin build "$name")
    test=$(timed ' passed, 0 failed' "$evalhost" plugin test "$name")
    check=$(timed ' passed, 0 failed, 0 notes' "$evalhost" plugin check --strict "$name/$name.so")
    score=$(timed '"value":true' score "$name")
    total=$(awk "BEGIN { printf \"%.2f\", $new + $build + $test + $check + $score }")
    printf '%-8s %8s %8s %8s %8s %8s %8s\n' "$language" "$new" "$build" "$test" "$check" "$score" "$total"
done
