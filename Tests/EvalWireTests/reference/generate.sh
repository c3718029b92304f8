#!/bin/bash
# Makes ../Generated/ anew: OpenTelemetry's trace messages for swift-protobuf, against which our own reading and writing
# is tested. It needs git, protoc, Swift and a network;
# OTLP_SOURCE and SWIFT_PROTOBUF_SOURCE name other places of the two repositories.
set -euo pipefail
cd "$(dirname "$0")/.."

otlp_tag=v1.10.0
swift_protobuf_tag=1.39.0
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

git -c advice.detachedHead=false clone -q --depth 1 -b "$otlp_tag" \
    "${OTLP_SOURCE:-https://github.com/open-telemetry/opentelemetry-proto}" "$scratch/otlp"
git -c advice.detachedHead=false clone -q --depth 1 -b "$swift_protobuf_tag" \
    "${SWIFT_PROTOBUF_SOURCE:-https://github.com/apple/swift-protobuf}" "$scratch/swift-protobuf"
plugin=${PROTOC_GEN_SWIFT:-}
if [ -z "$plugin" ]; then
    swift build -c release --package-path "$scratch/swift-protobuf" --product protoc-gen-swift
    plugin=$scratch/swift-protobuf/.build/release/protoc-gen-swift
fi

rm -rf Generated
mkdir Generated
protoc --plugin="protoc-gen-swift=$plugin" -I "$scratch/otlp" \
    --swift_opt=FileNaming=DropPath --swift_opt=Visibility=internal --swift_opt=UseAccessLevelOnImports=true \
    --swift_out=Generated \
    opentelemetry/proto/common/v1/common.proto \
    opentelemetry/proto/resource/v1/resource.proto \
    opentelemetry/proto/trace/v1/trace.proto \
    opentelemetry/proto/collector/trace/v1/trace_service.proto
