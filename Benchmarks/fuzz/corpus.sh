#!/usr/bin/env bash
# Makes the corpus of transport-fuzz anew. What is committed was made by this; a compiler of another version makes other
# images. Usage: Benchmarks/fuzz/corpus.sh [FOLDER]
set -euo pipefail
cd "$(dirname "$0")"
folder=${1:-corpus}
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT
sources=../../Sources
flags="-std=gnu99 -O1 -Wall -Wextra -Wpedantic -Werror -I$sources/CEvalHost/include -I$sources/CEvalTransport/include"
mkdir -p "$folder"
# shellcheck disable=SC2086
cc $flags -pthread corpus.c "$sources/CEvalTransport/describe.c" "$sources/CEvalTransport/sheet.c" -o "$out/corpus"
"$out/corpus" "$folder"
library="$flags -fPIC -shared -fvisibility=hidden -Wl,-z,noseparate-code,-z,max-page-size=4096"
# shellcheck disable=SC2086
cc $library library.c -o "$folder/image-symbols.bin" -Wl,--no-as-needed -lm
# shellcheck disable=SC2086
cc $library -s library.c -o "$folder/image-stripped.bin"
chmod 644 "$folder"/*.bin
du -bs "$folder"
