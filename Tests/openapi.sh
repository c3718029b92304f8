#!/usr/bin/env bash
# Holds the OpenAPI document of a running server against OpenAPI 3.1, by the validator that the specification's people use.
#
#     openapi.sh [BINARY]
#
# The environment is made where OPENAPI_VENV says, outside of the checkout, and kept for the next time.
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
binary=$(realpath "${1:-$root/.build/release/evalhost}")
environment=${OPENAPI_VENV:-${XDG_CACHE_HOME:-$HOME/.cache}/evalhost/openapi}
if [ ! -x "$environment/bin/openapi-spec-validator" ]; then
    python3 -m venv --clear "$environment"
    "$environment/bin/pip" install --quiet openapi-spec-validator==0.9.0
fi
work=$(mktemp -d)
trap 'kill "$server" 2> /dev/null || true; wait; rm -rf "$work"' EXIT
cd "$work"
mkfifo ready
"$binary" server --port 0 --store sqlite:store.db > ready &
server=$!
read -r line < ready
for path in /openapi.json /api/openapi.json; do
    curl --silent --show-error --fail "${line##* }$path" > "document.json"
    "$environment/bin/openapi-spec-validator" --schema 3.1 document.json
done
