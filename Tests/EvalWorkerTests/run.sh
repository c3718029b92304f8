#!/usr/bin/env bash
# Builds evalhost-worker and a small host, and tests them: behind the whole sandbox; with AddressSanitizer and
# UndefinedBehaviorSanitizer; with ThreadSanitizer. Usage: Tests/EvalWorkerTests/run.sh; needs cc, swiftc for one test.
set -euo pipefail
cd "$(dirname "$0")"
root=../..
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT
chmod 755 "$out"
cc=${CC:-cc}
common="-std=gnu99 -g -Wall -Wextra -Wpedantic -Wno-unused-parameter -Werror -I$root/Sources/CEvalHost/include
    -I$root/Sources/CEvalTransport/include"
worker="$root/Sources/evalhost-worker/*.c $root/Sources/CEvalTransport/*.c -l:libffi.a"

# The worker's version is the product's.
version=$(sed -nE 's/.*current = "(.*)"/\1/p' $root/Sources/EvalCore/HostVersion.swift)
test "$(sed -nE 's/#define CEVAL_VERSION "(.*)"/\1/p' $root/Sources/evalhost-worker/version.h)" = "$version"

plugin() { $cc $common -O2 -fPIC -shared -fvisibility=hidden "${@:2}" -o "$out/$1" -lm; }
plugin probe.so -fopenmp -Wno-unknown-pragmas probe.c
plugin early.so -DCRASH_IN_CONSTRUCTOR probe.c
plugin helper.so -DHELPER variants.c -Wl,-soname,libhelper.so
plugin needing.so -DNEEDS_HELPER probe.c "$out/helper.so"
plugin null.so -DNULL_ENTRY variants.c
plugin other.so -DOTHER_ABI variants.c
plugin problem.so variants.c
plugin edit_distance.so $root/Plugins/edit_distance/*.c
plugin text_statistics.so $root/Plugins/text_statistics/*.c
if command -v swiftc >/dev/null; then
    echo '{ global: evalhost_plugin_entry; local: *; };' > "$out/exported"
    $cc $common -DWITH_SWIFT -O2 -fPIC -c probe.c -o "$out/probe.o"
    swiftc -swift-version 6 -emit-library -static-stdlib swift_probe.swift "$out/probe.o" \
        -Xlinker --version-script="$out/exported" -o "$out/swift.so" 2> "$out/log" ||
        { cat "$out/log" >&2; exit 1; }
fi
mkdir -p "$out/assets/deep/er" "$out/writable"
chmod 777 "$out/writable"
printf words > "$out/assets/words.txt"
head -c 4096 /dev/zero | tr '\0' x > "$out/assets/page.bin"
printf abc > "$out/assets/deep/er/more.txt"
: > "$out/assets/empty"
mkfifo "$out/assets/fifo"
ln -s /etc/hostname "$out/assets/link"
ln -s deep/er "$out/assets/linked"

make -s -C $root worker
made=$root/.build/release/evalhost-worker
# Nothing of it can get mixed up with what a plugin brings: it exports no symbol, and needs libc only.
test -z "$(nm -D --defined-only "$made")"
if readelf -dW "$made" | grep NEEDED | grep -vE "libc\.so\.6|ld-linux"; then exit 1; fi
status=0
"$made" 2> "$out/by-hand" </dev/null || status=$?
test $status = 2 && test "$(wc -l < "$out/by-hand")" = 1
test "$("$made" --version)" = "$version"

host="driver.c crash_tests.c sandbox_tests.c host.c $root/Sources/CEvalTransport/*.c"
driver() { $cc $common $1 -pthread $host -o "$out/driver$2"; }
driver -O1 ""
cp "$made" "$out/worker" # where nobody may read it
"$out/driver" "$out/worker" "$out" sandbox
"$out/driver" "$out/worker" "$out" plain

sanitize="-fsanitize=address,undefined -fno-sanitize-recover=all"
$cc $common -O1 $sanitize -pthread $worker -o "$out/worker-address"
driver "-O1 $sanitize" -address
ASAN_OPTIONS=detect_leaks=0 "$out/driver-address" "$out/worker-address" "$out" plain no-crashes
$cc $common -O1 $sanitize -pthread transport_tests.c $root/Sources/CEvalTransport/*.c -o "$out/transport"
$cc $common -O1 $sanitize -rdynamic binding_tests.c $root/Sources/evalhost-worker/binding.c $root/Sources/CEvalTransport/*.c \
    -l:libffi.a -o "$out/binding"
"$out/binding"
"$out/transport"
$cc $common -O1 $sanitize -rdynamic binding_tests.c $root/Sources/evalhost-worker/binding.c $root/Sources/CEvalTransport/*.c \
    -l:libffi.a -o "$out/binding"
"$out/binding"
$cc $common -O1 -fsanitize=thread "-DSTACK_BYTES_OF_MANY=((size_t)8 << 20)" -pthread $worker -o "$out/worker-thread"
"$out/driver" "$out/worker-thread" "$out" plain no-crashes
