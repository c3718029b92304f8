#!/usr/bin/env bash
# Checks the validator of plugins: each faulty plugin is told its fault, and no sample and no template any.
# Needs the built evalhost and the built samples. Usage: Tests/FaultyPlugins/run.sh
set -euo pipefail
cd "$(dirname "$0")/../.."
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT
evalhost=$PWD/.build/release/evalhost
good=()
for folder in Plugins/*/ Examples/plugins/*/; do
    name=$(basename "$folder")
    good+=("$folder$name.so")
done
good+=(Examples/manifests/*.scorer.yaml)
for template in Templates/*/; do
    language=$(basename "$template")
    [ "$language" != suite ] || continue
    "$evalhost" plugin new --language "$language" --in "$out" "from_$language" > /dev/null 2>&1
    "$evalhost" plugin build "$out/from_$language" > /dev/null
    good+=("$out/from_$language/from_$language.so")
done
Tests/FaultyPlugins/run.py --binary "$evalhost" --good "${good[@]}"
Tests/FaultyPlugins/run.py --binary "$evalhost"
