#!/usr/bin/env bash
# Builds a plugin that uses all of ScorerKit, and drives it by a host in C. Usage: Tests/ScorerKitTests/run.sh; needs cc
# and swift. Then checks that what a row lends can't be kept: each line of what must not compile is tried.
set -euo pipefail
cd "$(dirname "$0")"
out=${SCRATCH:-../../.build-kit}
mkdir -p "$out"
printf '{ global: evalhost_plugin_entry; local: *; };\n' > "$out/exports.map"
swift build --scratch-path "$out/everything" -c release --product everything -j 2 \
    -Xswiftc -static-stdlib -Xswiftc -use-ld=lld -Xlinker "--version-script=$(realpath "$out")/exports.map" >&2
test "$(nm -D --defined-only "$out/everything/release/libeverything.so" | awk '{print $3}')" = 'evalhost_plugin_entry'
${CC:-cc} -std=c99 -Wall -Wextra -Wpedantic -Werror -I../../Sources/CEvalHost/include -g -O1 \
    kit_tests.c -o "$out/kit_tests" -ldl
"$out/kit_tests" "$out/everything/release/libeverything.so"
passed=3

# The sample that scores sessions, built from a copy with an SDK of its own, as `evalhost plugin build` does.
rm -rf "$out/sample/repetition" && mkdir -p "$out/sample"
cp -R ../../Examples/plugins/repetition "$out/sample/repetition"
rm -rf "$out/sample/repetition/Vendor" "$out/sample/repetition/.build" && mkdir -p "$out/sample/repetition/Vendor/EvalHostSDK"
cp -R ../../Sources/Package.swift ../../Sources/CEvalHost ../../Sources/ScorerKit "$out/sample/repetition/Vendor/EvalHostSDK"
swift build --package-path "$out/sample/repetition" --scratch-path "$out/repetition" -c release --product repetition -j 2 \
    -Xswiftc -static-stdlib -Xswiftc -use-ld=lld -Xlinker "--version-script=$(realpath "$out")/exports.map" >&2
${CC:-cc} -std=c99 -Wall -Wextra -Wpedantic -Werror -I../../Sources/CEvalHost/include -g -O1 \
    repetition_tests.c -o "$out/repetition_tests" -ldl
"$out/repetition_tests" "$out/repetition/release/librepetition.so"
passed=$((passed + 1))

modules=$(dirname "$(find "$out/everything/release/" -name 'ScorerKit.swiftmodule' | head -1)")
tried() {
    {
        echo 'import ScorerKit'
        echo 'struct Trying: PluginScorer, DefaultConstructible {'
        echo '    static let about = About("trying", reads: [.outputs], value: .number)'
        echo "    func score(_ row: Row) throws -> Score { $1; return .number(0) }"
        echo '}'
    } > "$out/tried.swift"
    swiftc -typecheck -swift-version 6 -I "$modules" -I ../../Sources/CEvalHost/include "$out/tried.swift" \
        > "$out/tried.log" 2>&1
}
tried 'let context = row.context; _ = context.judge.model == "" && context.assets.has("x")' || {
    cat "$out/tried.log" >&2
    exit 1
}
passed=$((passed + 1))
while IFS= read -r line; do
    if tried "$line"; then
        echo "this compiles, and must not: $line" >&2
        exit 1
    fi
    grep -qE "Escapable" "$out/tried.log" || { cat "$out/tried.log" >&2; exit 1; }
    passed=$((passed + 1))
done <<'LINES'
let kept: [ScoringContext] = [row.context]; _ = kept
final class Keeper { var kept: Judge? }; Keeper().kept = row.context.judge
let kept: Any = row.context.log; _ = kept
let kept: Any = try row.context.assets.text("words.txt"); _ = kept
LINES
echo "$passed passed, 0 failed"
