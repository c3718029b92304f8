// Compares two fields in Swift: by place, by name, and the expensive way, with two strings.

import ScorerKit

struct ByPlace: PluginScorer, DefaultConstructible {
    static let about = About("by_place", reads: [.outputs, .expectedResponse], value: .number(0...1))
    func score(_ row: Row) -> Score { .number(row[0] == row[1] ? 1 : 0) }
}

struct ByName: PluginScorer, DefaultConstructible {
    static let about = About("by_name", reads: [.outputs, .expectedResponse], value: .number(0...1))
    func score(_ row: Row) -> Score { .number(row[.outputs] == row[.expectedResponse] ? 1 : 0) }
}

struct ByString: PluginScorer, DefaultConstructible {
    static let about = About("by_string", reads: [.outputs, .expectedResponse], value: .number(0...1))
    func score(_ row: Row) -> Score { .number(String(row[0]) == String(row[1]) ? 1 : 0) }
}

struct Explained: PluginScorer, DefaultConstructible {
    static let about = About("explained", reads: [.outputs, .expectedResponse], value: .boolean)
    func score(_ row: Row) -> Score { .boolean(row[0] == row[1]).because("the bytes of both texts were compared") }
}

/// The library, as the host reads it.
@c(evalhost_plugin_entry)
public func entry() -> PluginEntry {
    plugin("exact", "1.0.0", ByPlace.self, ByName.self, ByString.self, Explained.self)
}
