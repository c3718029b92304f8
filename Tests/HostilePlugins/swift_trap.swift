// swift_trap.swift: a Swift scorer that reads beyond an array's end. The runtime traps.

import ScorerKit

struct SwiftTrap: PluginScorer {
    struct Configuration: PluginConfiguration {}

    static let about = About(
        "swift_trap",
        help: "Misbehaves.",
        reads: [.input("do").optional, .outputs],
        value: .number(0...1000)
    )

    let configuration: Configuration

    func score(_ row: Row) -> Score {
        if row[0] == "now" { return .number(readBeyond([1, 2, 3], at: row[1].byteCount + 3)) }
        return .number(Double(row[1].byteCount % 1000))
    }
}

@inline(never)
private func readBeyond(_ numbers: [Double], at index: Int) -> Double { numbers[index] }

/// The library, as the host reads it.
@c(evalhost_plugin_entry)
public func entry() -> PluginEntry { plugin("swift_trap", "1.0.0", SwiftTrap.self) }
