// Whether the answer contains the expected response. Put your own measure in its place.
//
// What may be declared and answered stands in ScorerKit: Vendor/EvalHostSDK/ScorerKit, begin with PluginScorer.swift.

import ScorerKit

struct __TYPE__: PluginScorer {
    /// What users can set, with its defaults; `ignoreCase` is `ignore_case` to them.
    struct Configuration: PluginConfiguration {
        var ignoreCase = false
    }

    static let about = About(
        "__NAME__",
        help: "Whether the answer contains the expected response.",
        reads: [.outputs, .expectedResponse],
        value: .boolean,
        settings: [.init("ignoreCase", help: "Compare A to Z and a to z as equal.")],
        traits: .deterministic
    )

    let configuration: Configuration

    /// Called for each row.
    ///
    /// Missing fields never get here, unless they are declared `.optional`.
    func score(_ row: Row) -> Score {
        let answer = row[.outputs].utf8
        let expected = row[.expectedResponse].utf8
        if expected.isEmpty { return .skip("the expected response is empty") }
        if expected.count > answer.count { return .boolean(false) }

        for start in 0...(answer.count - expected.count) {
            var same = 0
            while same < expected.count && folded(answer[start + same]) == folded(expected[same]) { same += 1 }
            if same == expected.count { return .boolean(true) }
        }
        return .boolean(false)
    }

    private func folded(_ byte: UInt8) -> UInt8 {
        let isUpperCase = byte >= UInt8(ascii: "A") && byte <= UInt8(ascii: "Z")
        return configuration.ignoreCase && isUpperCase ? byte | 0x20 : byte
    }
}

/// The library, as the host reads it.
@c(evalhost_plugin_entry)
public func entry() -> PluginEntry { plugin("__NAME__", "0.1.0", __TYPE__.self) }
