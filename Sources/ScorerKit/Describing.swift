// Turns what a Swift author declared into the constant structs of the contract.
//
// They live as long as the process: a library is described once and never unloaded, so nothing here is freed.

import CEvalHost

/// A C string that lives for ever.
func immortal(_ string: String) -> UnsafePointer<CChar> {
    let bytes = Array(string.utf8)
    let memory = UnsafeMutablePointer<CChar>.allocate(capacity: bytes.count + 1)
    for (index, byte) in bytes.enumerated() { unsafe memory[index] = CChar(bitPattern: byte) }
    unsafe memory[bytes.count] = 0
    return unsafe UnsafePointer(memory)
}

/// A C array that lives for ever; null if it is empty.
func immortal<Element>(optional elements: [Element]) -> UnsafePointer<Element>? {
    elements.isEmpty ? nil : unsafe immortal(elements)
}

/// A C array that lives for ever.
func immortal<Element>(_ elements: [Element]) -> UnsafePointer<Element> {
    let memory = UnsafeMutablePointer<Element>.allocate(capacity: elements.count)
    unsafe memory.initialize(from: elements, count: elements.count)
    return unsafe UnsafePointer(memory)
}

private func immortal(optional string: String?) -> UnsafePointer<CChar>? {
    guard let string, !string.isEmpty else { return nil }
    return unsafe immortal(string)
}

extension About {
    /// The scorer's constant description, without its callbacks.
    func description(settings declared: [DeclaredSetting]) throws -> evalhost_scorer {
        for described in settings where !declared.contains(where: { $0.key == described.key }) {
            throw ScoringError("\(name): About describes the setting \(described.key), which the configuration lacks")
        }
        guard Set(reads.map(\.digest)).count == reads.count else {
            throw ScoringError("\(name): a field stands twice in `reads`")
        }
        var scorer = unsafe evalhost_scorer()
        unsafe scorer.struct_size = UInt32(MemoryLayout<evalhost_scorer>.size)
        unsafe scorer.flags = traits.rawValue
        unsafe scorer.name = immortal(name)
        unsafe scorer.help = immortal(optional: help)
        unsafe scorer.reads = immortal(reads.map(\.declaration).joined(separator: ", "))
        if let value { unsafe scorer.value = value.described }
        unsafe scorer.unit = immortal(optional: unit)
        unsafe scorer.pass = immortal(optional: pass)
        unsafe scorer.aggregations = immortal(optional: aggregations.list)
        unsafe scorer.direction = direction.described
        unsafe scorer.settings = immortal(optional: declared.map { $0.described(by: settings) })
        unsafe scorer.setting_count = UInt32(declared.count)
        unsafe scorer.feedbacks = immortal(optional: feedbacks.map(\.described))
        unsafe scorer.feedback_count = UInt32(feedbacks.count)
        return unsafe scorer
    }
}

extension [About.Aggregation] {
    fileprivate var list: String { map(\.rawValue).joined(separator: ", ") }
}

extension About.Direction {
    fileprivate var described: UInt32 {
        switch self {
        case .none: EVALHOST_DIRECTION_NONE
        case .higherIsBetter: EVALHOST_HIGHER_IS_BETTER
        case .lowerIsBetter: EVALHOST_LOWER_IS_BETTER
        }
    }
}

extension About.Feedback {
    fileprivate var described: evalhost_feedback {
        var feedback = unsafe evalhost_feedback()
        unsafe feedback.name = immortal(name)
        unsafe feedback.help = immortal(optional: help)
        unsafe feedback.value = value.described
        unsafe feedback.unit = immortal(optional: unit)
        unsafe feedback.pass = immortal(optional: pass)
        unsafe feedback.aggregations = immortal(optional: aggregations.list)
        unsafe feedback.direction = direction.described
        return unsafe feedback
    }
}

extension ValueType {
    fileprivate var described: evalhost_value_type {
        var type = unsafe evalhost_value_type()
        unsafe type.kind =
            switch kind {
            case .boolean: EVALHOST_KIND_BOOLEAN
            case .integer: EVALHOST_KIND_INTEGER
            case .number: EVALHOST_KIND_NUMBER
            case .label: EVALHOST_KIND_LABEL
            case .text: EVALHOST_KIND_TEXT
            case .object: EVALHOST_KIND_JSON
            }
        if let minimum {
            unsafe type.minimum = minimum
            unsafe type.flags |= EVALHOST_HAS_MINIMUM
        }
        if let maximum {
            unsafe type.maximum = maximum
            unsafe type.flags |= EVALHOST_HAS_MAXIMUM
        }
        unsafe type.labels = immortal(optional: labels.map { unsafe Optional(immortal($0)) })
        unsafe type.label_count = UInt32(labels.count)
        return unsafe type
    }
}

extension DeclaredSetting {
    fileprivate func described(by descriptions: [About.Setting]) -> evalhost_setting {
        let description = descriptions.first { $0.key == key }
        let choices = description?.choices ?? []
        let allowed = choices.isEmpty ? self.choices : choices
        var setting = unsafe evalhost_setting()
        unsafe setting.key = immortal(key)
        unsafe setting.kind = kind
        if let standard { unsafe setting.default_value = immortal(standard) }
        if standard == nil { unsafe setting.flags |= EVALHOST_OPTIONAL }
        unsafe setting.help = immortal(optional: description?.help)
        if let minimum = description?.minimum {
            unsafe setting.minimum = minimum
            unsafe setting.flags |= EVALHOST_HAS_MINIMUM
        }
        if let maximum = description?.maximum {
            unsafe setting.maximum = maximum
            unsafe setting.flags |= EVALHOST_HAS_MAXIMUM
        }
        unsafe setting.choices = immortal(optional: allowed.map { unsafe Optional(immortal($0)) })
        unsafe setting.choice_count = UInt32(allowed.count)
        return unsafe setting
    }
}
