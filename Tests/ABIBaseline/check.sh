#!/usr/bin/env bash
# Holds the plugin contract to every version that was released. Usage: Tests/ABIBaseline/check.sh; needs cc and python3.
#
# A folder VERSION here is what that version was, kept for ever: its headers, their facts (facts.txt, made by facts.py)
# and a plugin written against them. Nothing of the facts may change or vanish; structs with struct_size may grow at the
# end. The old plugin is compiled against its own headers, runs under a host with today's, and compiles with today's too.
# A new minor gets a folder of its own beside the others; the old ones stay as they are.
set -euo pipefail
cd "$(dirname "$0")"
current=../../Sources/CEvalHost/include
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT
strict="-std=c99 -Wall -Wextra -Wpedantic -Werror"
passed=0

for version in [0-9]*.[0-9]*/; do
    version=${version%/}
    # The kept headers are the kept facts, so that neither was edited by itself.
    ./facts.py "$version/include" | diff "$version/facts.txt" - || {
        echo "$version: its headers and its facts.txt differ; both are history, restore them" >&2
        exit 1
    }
    ./facts.py $current "$version/facts.txt" || {
        echo "the headers no longer hold what $version promised" >&2
        exit 1
    }
    ${CC:-cc} $strict "-I$version/include" -O2 -fPIC -shared -fvisibility=hidden "$version/plugin.c" -o "$out/plugin.so"
    ${CC:-cc} $strict -I$current -g -O1 plugin_tests.c -o "$out/plugin_tests" -ldl
    "$out/plugin_tests" "$out/plugin.so"
    ${CC:-cc} $strict -I$current -O2 -fPIC -c "$version/plugin.c" -o "$out/plugin.o"
    passed=$((passed + 4))
done

# The check itself: what breaks old plugins is refused, growth isn't.
version=1.0
while IFS='|' read -r verdict header edit; do
    rm -rf "$out/edited" && cp -R "$version/include" "$out/edited"
    sed -i "$edit" "$out/edited/evalhost/$header"
    if cmp -s "$version/include/evalhost/$header" "$out/edited/evalhost/$header"; then
        echo "the edit '$edit' changes nothing" >&2
        exit 1
    fi
    found=accepted
    ./facts.py "$out/edited" "$version/facts.txt" > "$out/said" 2>&1 || found=failed
    if grep -qE '^(vanished|changed): ' "$out/said"; then found=refused; fi
    if [ $found != "$verdict" ]; then
        echo "'$edit' of $header is $found: $(cat "$out/said")" >&2
        exit 1
    fi
    passed=$((passed + 1))
done <<'EDITS'
refused|scorer.h|s/^#define EVALHOST_SKIP 2$/#define EVALHOST_SKIP 4/
refused|scorer.h|s/^#define EVALHOST_DETERMINISTIC 2u.*$//
refused|scorer.h|s/^    const evalhost_permission \*permissions;$/    uint64_t wedge; const evalhost_permission *permissions;/
refused|scorer.h|s/^    uint64_t reserved\[2\];$/    uint64_t reserved[3];/
refused|scorer.h|s/int32_t setting, const char/int64_t setting, const char/
refused|ext/judge.h|s/"evalhost.judge"/"evalhost.judges"/
refused|ext/session.h|s/const int64_t \*start_ns/const double *start_ns/
refused|answer.h|s/evalhost_skip(/evalhost_omit(/
accepted|scorer.h|s/^    uint32_t reserved1;$/    uint32_t reserved1; const char *homepage;/
accepted|scorer.h|s/^#define EVALHOST_VERSION_MINOR 0$/#define EVALHOST_VERSION_MINOR 1/
accepted|ext/log.h|s/^#define EVALHOST_LOG_ERROR 4u$/#define EVALHOST_LOG_ERROR 4u\n#define EVALHOST_LOG_FATAL 5u/
EDITS
echo "$passed passed, 0 failed"
