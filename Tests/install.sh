#!/usr/bin/env bash
# Installs to a prefix, moves the prefix, and works with it as somebody who never saw the checkout: `init`, `plugin new`,
# `build`, `test` and `evaluate` in C and Swift. Where the kernel lets us, the checkout is hidden by an empty file system
# meanwhile, and the toolchain too for the plugin in Swift that was built: running one needs none.
set -euo pipefail
# The installed program finds the worker that was installed with it.
unset EVALHOST_WORKER
checkout=$(cd "$(dirname "$0")/.." && pwd)
binary=$(cd "$checkout" && realpath "$1")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
passed=0

"$checkout/install.sh" "$binary" "$work/first" > /dev/null
mv "$work/first" "$work/moved"
prefix=$work/moved

inside() {
    set -euo pipefail
    cd "$work"
    export PATH="$prefix/bin:$PATH" HOME="$work/home" XDG_CACHE_HOME="$work/cache"
    mkdir -p "$HOME"
    [ "$(command -v evalhost)" = "$prefix/bin/evalhost" ]
    evalhost init suite > /dev/null
    (cd suite && evalhost check > /dev/null && evalhost --quiet > /dev/null)
    for language in c cpp swift; do
        evalhost plugin new --language "$language" "made_in_$language" > /dev/null
        evalhost plugin build "made_in_$language" > /dev/null
        evalhost plugin test "made_in_$language" > /dev/null
    done
    evalhost evaluate --data suite/questions.jsonl --plugins . --quiet --format json > with-toolchain.json
    # An author who uses the header by itself.
    printf '#include <evalhost/ext/judge.h>\nint main(void) { return EVALHOST_EXT_JUDGE_REVISION == 0; }\n' > plain.c
    cc $(PKG_CONFIG_PATH="$prefix/lib/pkgconfig" pkg-config --cflags evalhost-scorer) \
        -std=c99 -Wall -Wextra -Wpedantic -Werror plain.c -o plain && ./plain
    printf 'import sys\nsys.path.insert(0, "%s/share/evalhost/python")\nfrom evalhost_app import serve\nserve(lambda question: "Canberra")\n' \
        "$prefix" > app.py
    evalhost evaluate --data suite/questions.jsonl --predict-command "python3 app.py" --scorer exact_match --quiet \
        --format json > predicted.json
}

# What a machine without a Swift toolchain has: neither compiler nor Swift's libraries.
without_toolchain() {
    set -euo pipefail
    cd "$work"
    ! command -v swiftc > /dev/null
    "$prefix/bin/evalhost" evaluate --data suite/questions.jsonl --plugins . --quiet --format json > without-toolchain.json
}

swift_root=$(dirname "$(dirname "$(dirname "$(realpath "$(command -v swiftc)")")")")
if unshare --mount true 2> /dev/null; then
    export -f inside without_toolchain
    export work prefix
    unshare --mount bash -c 'mount -t tmpfs none "$1" && inside' _ "$checkout"
    unshare --mount bash -c 'mount -t tmpfs none "$1" && mount -t tmpfs none "$2" && PATH=/usr/bin:/bin without_toolchain' \
        _ "$checkout" "$swift_root"
    passed=$((passed + 2))
else
    echo "note: this machine lets nobody hide folders; the checkout stays in sight" >&2
    inside
    PATH=/usr/bin:/bin without_toolchain
    passed=$((passed + 2))
fi
metrics() { python3 -c 'import json, sys; print(sorted(json.load(open(sys.argv[1]))["metrics"].items()))' "$1"; }
[ "$(metrics "$work/with-toolchain.json")" = "$(metrics "$work/without-toolchain.json")" ]
metrics "$work/with-toolchain.json" | grep -q made_in_swift
metrics "$work/predicted.json" | grep -q "exact_match/mean', 0.1666"
for file in bin/evalhost include/evalhost/scorer.h lib/pkgconfig/evalhost-scorer.pc share/man/man1/evalhost.1 \
    share/evalhost/evalhost.schema.json share/evalhost/sdk/Package.swift share/evalhost/templates/suite/evalhost.yaml \
    share/bash-completion/completions/evalhost share/zsh/site-functions/_evalhost \
    share/fish/vendor_completions.d/evalhost.fish; do
    [ -s "$prefix/$file" ] || { echo "missing: $file" >&2; exit 1; }
done
bash -n "$prefix/share/bash-completion/completions/evalhost"
passed=$((passed + 1))
# Every command that the program has is in the man page.
"$prefix/bin/evalhost" --experimental-dump-help | python3 -c '
import json, re, sys
page = open(sys.argv[1]).read().replace("\\-", "-")
def walk(command):
    yield command
    for inner in command.get("subcommands", []):
        if inner["commandName"] != "help": yield from walk(inner)
missing = set()
for command in walk(json.load(sys.stdin)["command"]):
    own = command["commandName"]
    if ".It Em " + own not in page and own != "evalhost": missing.add(own)
    for argument in command.get("arguments", []):
        if not argument.get("shouldDisplay", True): continue
        for name in argument.get("names") or []:
            word = name["name"]
            if name["kind"] == "long" and not re.search("-" + re.escape(word) + r"\b", page): missing.add("--" + word)
if missing: sys.exit(f"not in the man page, see `make man`: {sorted(missing)}")
' "$prefix/share/man/man1/evalhost.1"
passed=$((passed + 1))
echo "$passed passed, 0 failed"
