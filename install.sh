#!/usr/bin/env bash
# Copies what was built to PREFIX: the program, the worker that plugins run in, the plugin header, the SDK for authors,
# templates, the Python helper, the suite's schema, completions, the man page. `make install PREFIX=/usr/local` calls it.
set -euo pipefail
cd "$(dirname "$0")"
binary=$1
prefix=${DESTDIR:-}$2
version=$("$binary" --version)

if readelf -d "$binary" | grep -q 'NEEDED.*libswift'; then
    echo "$binary needs Swift's libraries; build it with \`make build\`, which links them in" >&2
    exit 2
fi

install -d "$prefix/bin" "$prefix/libexec/evalhost" "$prefix/include/evalhost/ext/draft" "$prefix/lib/pkgconfig" "$prefix/share/evalhost/sdk" \
    "$prefix/share/evalhost/templates" "$prefix/share/evalhost/python" "$prefix/share/man/man1" \
    "$prefix/share/bash-completion/completions" "$prefix/share/zsh/site-functions" \
    "$prefix/share/fish/vendor_completions.d"

# Beside its place and then renamed: a program that runs keeps its old file.
strip -o "$prefix/bin/.evalhost.new" "$binary"
mv -f "$prefix/bin/.evalhost.new" "$prefix/bin/evalhost"
strip -o "$prefix/libexec/evalhost/.evalhost-worker.new" "$(dirname "$binary")/evalhost-worker"
mv -f "$prefix/libexec/evalhost/.evalhost-worker.new" "$prefix/libexec/evalhost/evalhost-worker"

install -m 644 Sources/CEvalHost/include/evalhost/*.h Sources/CEvalHost/include/evalhost/*.hpp "$prefix/include/evalhost"
install -m 644 Sources/CEvalHost/include/evalhost/ext/*.h "$prefix/include/evalhost/ext"
install -m 644 Sources/CEvalHost/include/evalhost/ext/draft/*.h "$prefix/include/evalhost/ext/draft"
cat > "$prefix/lib/pkgconfig/evalhost-scorer.pc" <<PC
prefix=\${pcfiledir}/../..
includedir=\${prefix}/include

Name: evalhost-scorer
Description: The contract of scorer plugins for evalhost
Version: $version
Cflags: -I\${includedir}
PC

rm -rf "$prefix/share/evalhost/sdk" "$prefix/share/evalhost/templates"
install -d "$prefix/share/evalhost/sdk" "$prefix/share/evalhost/templates"
cp -R Sources/Package.swift Sources/CEvalHost Sources/ScorerKit "$prefix/share/evalhost/sdk"
for template in Templates/*/; do
    target="$prefix/share/evalhost/templates/$(basename "$template")"
    cp -R "$template" "$target"
    rm -rf "$target/.build" "$target/Vendor"
done
install -m 644 Integrations/python/evalhost_app.py "$prefix/share/evalhost/python"
"$binary" check --schema > "$prefix/share/evalhost/evalhost.schema.json"

install -m 644 Documentation/man/evalhost.1 "$prefix/share/man/man1"
"$binary" --generate-completion-script bash > "$prefix/share/bash-completion/completions/evalhost"
"$binary" --generate-completion-script zsh > "$prefix/share/zsh/site-functions/_evalhost"
"$binary" --generate-completion-script fish > "$prefix/share/fish/vendor_completions.d/evalhost.fish"
echo "evalhost $version is in $prefix"
