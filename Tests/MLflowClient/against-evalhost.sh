#!/bin/bash
# Runs the client's tests against evalhost: starts it with a store of its own, and ends it.
#
#     against-evalhost.sh BINARY [pytest's options…]
set -euo pipefail
binary=$(realpath "$1") && shift
cd "$(dirname "$0")"

folder=$(mktemp -d)
mkfifo "$folder/said"
"$binary" server --check-replies --port 0 --store "sqlite:$folder/store.db" >"$folder/said" &
server=$!
finish() {
    kill "$server" 2>/dev/null || true
    wait "$server" 2>/dev/null || true
    rm -rf "$folder"
}
trap finish EXIT
exec 3<"$folder/said"
if ! read -r said <&3; then
    echo "evalhost server didn't start" >&2
    exit 1
fi
./run.sh "${said##* }" "$@"
kill "$server"
wait "$server" || true
"$binary" store check --store "sqlite:$folder/store.db"
