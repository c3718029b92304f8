#!/usr/bin/env bash
# Measures what a plugin call costs in process. Usage: Benchmarks/plugin-call/run.sh; needs cc and swift.
set -euo pipefail
cd "$(dirname "$0")"
root=../..
out=${SCRATCH:-$root/.build-bench}
mkdir -p "$out"
flags="-std=c99 -O2 -Wall -Wextra -Wpedantic -Wno-unused-parameter -I$root/Sources/CEvalHost/include"
cc $flags driver.c -o "$out/driver" -ldl
cc $flags -fPIC -shared -fvisibility=hidden noop.c -o "$out/noop.so"
rm -rf exact/Vendor && mkdir -p exact/Vendor/EvalHostSDK
cp -r "$root/Sources/Package.swift" "$root/Sources/CEvalHost" "$root/Sources/ScorerKit" exact/Vendor/EvalHostSDK/
printf '{ global: evalhost_plugin_entry; local: *; };\n' > "$out/exports.map"
swift build --package-path exact --scratch-path "$out/exact" -c release --product exact \
    -Xswiftc -static-stdlib -Xswiftc -use-ld=lld -Xlinker "--version-script=$(realpath "$out")/exports.map" >&2
"$out/driver" "$out/noop.so" "$out/exact/release/libexact.so"
