#!/usr/bin/env bash
# Builds every hostile plugin. Usage: Tests/HostilePlugins/build.sh OUTDIR [SWIFTC]
# With SWIFTC those in Swift, too. Needs cc, c++ and python3, which reads the flags out of manifest.json.
set -euo pipefail
[ $# -ge 1 ] || { echo "usage: $0 OUTDIR [SWIFTC]" >&2; exit 2; }
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
mkdir -p "$1"
out=$(cd "$1" && pwd)
swiftc=${2:-}
common="-fPIC -O1 -Wall -Wextra -Werror -fvisibility=hidden -shared -I$root/Sources/CEvalHost/include"
built=0
skipped=0

build_swift() {
    # What `plugin build` does, without the package manager: ScorerKit once, then the plugin with it.
    local kit="$out/scorerkit"
    local modes="-swift-version 6 -O -wmo -parse-as-library -static-stdlib -I$root/Sources/CEvalHost/include"
    local features="-enable-experimental-feature Lifetimes -enable-upcoming-feature ExistentialAny"
    features+=" -enable-upcoming-feature InternalImportsByDefault -enable-upcoming-feature MemberImportVisibility"
    if [ ! -e "$kit/ScorerKit.o" ]; then
        mkdir -p "$kit"
        "$swiftc" $modes $features -module-name ScorerKit -emit-module -emit-module-path "$kit/ScorerKit.swiftmodule" \
            -emit-object -o "$kit/ScorerKit.o" "$root"/Sources/ScorerKit/*.swift
    fi
    echo '{ global: evalhost_plugin_entry; local: *; };' > "$kit/exports"
    "$swiftc" $modes -module-name "$2" -I"$kit" -emit-library -use-ld=lld -Xlinker "--version-script=$kit/exports" \
        "$here/$1" "$kit/ScorerKit.o" -o "$out/$2.so"
}

while IFS=$'\t' read -r source flags; do
    name=${source%.*}
    case $source in
    *.c) (cd "$root" && ${CC:-cc} -std=gnu99 $common "$here/$source" -o "$out/$name.so" $flags) ;;
    *.cpp) (cd "$root" && ${CXX:-c++} -std=c++11 $common "$here/$source" -o "$out/$name.so" $flags) ;;
    *.swift)
        [ -n "$swiftc" ] || { skipped=$((skipped + 1)); continue; }
        build_swift "$source" "$name"
        ;;
    esac
    built=$((built + 1))
done < <(python3 - "$here" <<'EOF'
import json, pathlib, sys
here = pathlib.Path(sys.argv[1])
plugins = json.loads((here / "manifest.json").read_text())["plugins"]
flags = {plugin["source"]: plugin.get("flags", []) for plugin in plugins}
sources = {file.name for file in here.iterdir() if file.suffix in (".c", ".cpp", ".swift")}
if sources != set(flags):
    sys.exit(f"manifest.json and the folder differ: {sorted(sources ^ set(flags))}")
for source in sorted(flags):
    print(source, " ".join(flags[source]), sep="\t")
EOF
)
echo "$built built, $skipped skipped"
