#!/usr/bin/env bash
# Compiles the contract in every language mode that it promises, without a warning, and runs the C tests under
# AddressSanitizer and UndefinedBehaviorSanitizer. Usage: Tests/CEvalHostTests/run.sh; needs cc and c++.
set -euo pipefail
cd "$(dirname "$0")"
root=../..
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT
include="-I$root/Sources/CEvalHost/include"
strict="-Wall -Wextra -Wpedantic -Wno-unused-parameter -Werror"
passed=0

for cc in ${CC:-cc} $(command -v clang || true); do
    for mode in c99 c11 c17; do
        for file in "$root/Sources/CEvalHost/layout.c" example.c declarations.c extensions.c; do
            $cc -std=$mode $strict $include -fPIC -O2 -c "$file" -o "$out/object.o"
            passed=$((passed + 1))
        done
    done
done
for cxx in ${CXX:-c++} $(command -v clang++ || true); do
    for mode in c++11 c++14 c++17 c++20; do
        for file in header.cpp wrapper.cpp; do
            $cxx -std=$mode $strict $include -fPIC -O2 -c "$file" -o "$out/object.o"
            passed=$((passed + 1))
        done
    done
done

# A built plugin exports one symbol and carries the note, even stripped and with its sections collected.
${CC:-cc} -std=c99 $strict $include -O2 -fPIC -shared -fvisibility=hidden -Wl,--gc-sections -s example.c -o "$out/example.so"
test "$(nm -D --defined-only "$out/example.so" | awk '{print $3}')" = evalhost_plugin_entry
readelf -nW "$out/example.so" | grep -q '^  evalhost '
passed=$((passed + 2))

# The C++ wrapper, driven by a host in C: what is thrown must not cross the boundary.
${CXX:-c++} -std=c++11 $strict $include -g -O1 -fPIC -shared -fvisibility=hidden -fsanitize=address,undefined \
    -fno-sanitize-recover=all wrapper.cpp -o "$out/wrapper.so"
${CC:-cc} -std=c99 $strict $include -g -O1 -fsanitize=address,undefined -fno-sanitize-recover=all wrapper_tests.c \
    -o "$out/tests" -ldl
"$out/tests" "$out/wrapper.so"
passed=$((passed + 1))

# The code of the C samples, beside plainer code, without the host.
while read -r folder source; do
    [ -d "$root/Plugins/$folder" ] || continue
    ${CC:-cc} -std=c99 $strict $include -g -O1 -fsanitize=address,undefined -fno-sanitize-recover=all \
        "-I$root/Plugins/$folder" "${source}_tests.c" "$root/Plugins/$folder/${source#edit_}.c" -o "$out/tests" -lm
    "$out/tests"
    passed=$((passed + 1))
done <<< $'edit_distance edit_distance\ntext_statistics words'

# The samples that need a judge or a C++ compiler, driven as a host would, all of it under sanitizers.
while read compiler suffix folder; do
    sample=$root/Examples/plugins/$folder
    $compiler $strict $include -g -O1 -fPIC -shared -fvisibility=hidden -fsanitize=address,undefined \
        -fno-sanitize-recover=all "$sample"/*."$suffix" -o "$out/$folder.so"
    ${CC:-cc} -std=c99 $strict $include -g -O1 -fsanitize=address,undefined -fno-sanitize-recover=all \
        "${folder}_tests.c" -o "$out/tests" -ldl
    "$out/tests" "$out/$folder.so"
    passed=$((passed + 1))
done <<SAMPLES
${CC:-cc}\ -std=c99 c second_opinion
${CXX:-c++}\ -std=c++11 cpp keyword_coverage
SAMPLES
echo "$passed passed, 0 failed"
