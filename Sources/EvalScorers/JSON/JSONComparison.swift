// Where two JSON values differ. Order and extra keys may be allowed; both at once make arrays a matching problem, whose
// work is bounded.

internal import EvalCore
internal import EvalJSON

/// Holds an answer's JSON against the expected one.
struct JSONComparison {
    let ignoresOrder: Bool
    let ignoresExtraKeys: Bool
    /// How many pairs of elements may be compared where both are ignored.
    private static let pairLimit = 200_000
    private var pairs = 0
    /// Where the values are that are compared.
    private var path: [JSONPath.Step] = []

    init(ignoresOrder: Bool, ignoresExtraKeys: Bool) {
        self.ignoresOrder = ignoresOrder
        self.ignoresExtraKeys = ignoresExtraKeys
    }

    /// The first place at which the values differ, and how; nil if they don't.
    ///
    /// - Throws: `too_large` for arrays that take too much work.
    mutating func difference(_ output: JSON, _ expected: JSON) throws(ScorerError) -> String? {
        switch (output.kind, expected.kind) {
        case (.object, .object): return try ofObjects(output, expected)
        case (.array, .array):
            if ignoresOrder { return try ofBags(output, expected) }
            return try ofArrays(output, expected)
        default:
            if output == expected { return nil }
            return "\(place) is another \(output.kind == expected.kind ? "value" : "type of value")"
        }
    }

    private mutating func difference(
        _ output: JSON,
        _ expected: JSON,
        at step: JSONPath.Step
    ) throws(ScorerError) -> String? {
        path.append(step)
        defer { path.removeLast() }
        return try difference(output, expected)
    }

    /// Where the values are, in words.
    private var place: String { path.isEmpty ? "the value" : path.pointer }

    private mutating func ofObjects(_ output: JSON, _ expected: JSON) throws(ScorerError) -> String? {
        let members = Members(output)
        var shared = 0
        for (key, value) in expected.lastMembers {
            guard let own = members[key] else { return "\((path + [.key(key)]).pointer) is missing" }
            shared += 1
            if let found = try difference(own, value, at: .key(key)) { return found }
        }
        if ignoresExtraKeys || members.count == shared { return nil }
        let known = Members(expected)
        let extra = output.lastMembers.first { known[$0.key] == nil }
        return extra.map { "\((path + [.key($0.key)]).pointer) is unexpected" }
    }

    private mutating func ofArrays(_ output: JSON, _ expected: JSON) throws(ScorerError) -> String? {
        var others = expected.elements
        var index = 0
        for element in output.elements {
            guard let other = others.next() else { break }
            if let found = try difference(element, other, at: .element(index)) { return found }
            index += 1
        }
        return lengthDifference(output.count, expected.count)
    }

    private func lengthDifference(_ count: Int, _ expected: Int) -> String? {
        count == expected ? nil : "\(place) has \(count) elements in place of \(expected)"
    }

    /// Arrays whose order doesn't count.
    private mutating func ofBags(_ output: JSON, _ expected: JSON) throws(ScorerError) -> String? {
        if let found = lengthDifference(output.count, expected.count) { return found }
        // Most often the order is the same; that costs no keys.
        if output == expected { return nil }
        // Equal elements can be paired off at once, even where extra keys are ignored: a better pairing of one of them
        // can be changed into this one.
        var counts: [String: Int] = [:]
        for element in output.elements { counts[element.unordered, default: 0] += 1 }
        var missing: [(index: Int, value: JSON)] = []
        for (index, element) in expected.elements.enumerated() {
            let key = element.unordered
            if let count = counts[key], count > 0 {
                counts[key] = count - 1
            } else {
                missing.append((index, element))
            }
        }
        if missing.isEmpty { return nil }
        var left: [JSON] = []
        if ignoresExtraKeys {
            for element in output.elements {
                let key = element.unordered
                guard let count = counts[key], count > 0 else { continue }
                counts[key] = count - 1
                left.append(element)
            }
        }
        guard let index = try unmatched(missing.map(\.value), left) else { return nil }
        return "\(place) lacks the expected element \(missing[index].index)"
    }

    /// The first expected element for which no element of its own is left (augmenting paths, Kuhn 1955); nil if all
    /// have one.
    private mutating func unmatched(_ expected: [JSON], _ left: [JSON]) throws(ScorerError) -> Int? {
        if left.count < expected.count { return 0 }
        var fitting: [[Int]] = []
        for value in expected {
            var fits: [Int] = []
            for (index, element) in left.enumerated() {
                pairs += 1
                if pairs > Self.pairLimit {
                    throw ScorerError(code: "too_large", message: "the arrays are too large to compare in any order")
                }
                if try difference(element, value) == nil { fits.append(index) }
            }
            fitting.append(fits)
        }
        var owner = [Int?](repeating: nil, count: left.count)
        for index in expected.indices {
            var seen = Set<Int>()
            if !assign(index, fitting, &owner, &seen) { return index }
        }
        return nil
    }

    private func assign(_ index: Int, _ fitting: [[Int]], _ owner: inout [Int?], _ seen: inout Set<Int>) -> Bool {
        for place in fitting[index] where seen.insert(place).inserted {
            let current = owner[place]
            if current == nil || current.map({ assign($0, fitting, &owner, &seen) }) == true {
                owner[place] = index
                return true
            }
        }
        return false
    }
}

/// An object's members by their keys; of a key written twice, the last.
private struct Members {
    private let object: JSON
    private let large: [Text: JSON]?
    let count: Int

    init(_ object: JSON) {
        self.object = object
        let members = object.lastMembers
        count = members.count
        // Few keys are found faster one after another.
        large = count > 16 ? Dictionary(uniqueKeysWithValues: members.map { ($0.key, $0.value) }) : nil
    }

    subscript(key: Text) -> JSON? { large.map { $0[key] } ?? object[key] }
}

extension JSON {
    /// A text that is the same for values that differ in the order of elements and keys only.
    fileprivate var unordered: String {
        switch kind {
        case .array: return "[" + elements.map(\.unordered).sorted().joined(separator: ",") + "]"
        case .object:
            let members = lastMembers.map { JSON(String($0.key)).serialized + ":" + $0.value.unordered }
            return "{" + members.sorted().joined(separator: ",") + "}"
        default: return canonical
        }
    }
}
