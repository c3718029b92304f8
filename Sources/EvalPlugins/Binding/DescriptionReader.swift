// Copies a description out of a library's memory, with bounds on every count and every string.

internal import CEvalHost
internal import EvalCore

/// What is wrong with a description, in words for its author.
struct DescriptionError: Error {
    let words: String
    init(_ words: String) { self.words = words }
}

/// Reads what `evalhost_plugin_entry` returned.
enum DescriptionReader {
    /// The library's own word that it can't be used here.
    static func problem(_ plugin: UnsafePointer<evalhost_plugin>) -> (name: String, words: String)? {
        guard let words = plugin.pointee.problem else { return nil }
        return (bounded(plugin.pointee.name, 64) ?? "?", bounded(words, Int(EVALHOST_MAX_MESSAGE_BYTES)) ?? "?")
    }

    static func read(_ plugin: UnsafePointer<evalhost_plugin>) throws(DescriptionError) -> PluginDescription {
        let library = plugin.pointee
        guard library.struct_size >= MemoryLayout<evalhost_plugin>.size else {
            throw DescriptionError("struct_size of evalhost_plugin is \(library.struct_size)")
        }
        let name = try self.name(library.name, "the library")
        let count = Int(library.scorer_count)
        guard count > 0, count <= EVALHOST_MAX_SCORERS, let pointers = library.scorers else {
            throw DescriptionError("it has \(count) scorers, 1 to \(EVALHOST_MAX_SCORERS) are allowed")
        }
        var scorers: [PluginDescription.Scorer] = []
        for index in 0..<count {
            guard let pointer = pointers[index] else { throw DescriptionError("scorer \(index) is null") }
            let scorer = try self.scorer(pointer.pointee)
            guard !scorers.contains(where: { $0.name == scorer.name }) else {
                throw DescriptionError("the scorer \(scorer.name) stands twice in it")
            }
            scorers.append(scorer)
        }
        return PluginDescription(
            name: name,
            version: try text(library.version, "the library's version", limit: 64),
            author: try text(library.author, "the library's author"),
            licence: try text(library.licence, "the library's licence"),
            scorers: scorers
        )
    }

    private static func scorer(_ scorer: evalhost_scorer) throws(DescriptionError) -> PluginDescription.Scorer {
        let name = try self.name(scorer.name, "a scorer")
        guard scorer.struct_size >= MemoryLayout<evalhost_scorer>.size else {
            throw DescriptionError("struct_size of \(name) is \(scorer.struct_size)")
        }
        guard scorer.score != nil || scorer.flags & EVALHOST_SCORES_SESSION != 0 else {
            throw DescriptionError("\(name) has no function score")
        }
        let value = try self.value(
            evalhost_feedback(
                name: scorer.name,
                help: scorer.help,
                value: scorer.value,
                unit: scorer.unit,
                pass: scorer.pass,
                aggregations: scorer.aggregations,
                direction: scorer.direction,
                reserved0: 0,
                reserved: (0, 0, 0, 0)
            ),
            of: name
        )
        let feedbacks = try elements(
            scorer.feedbacks,
            scorer.feedback_count,
            EVALHOST_MAX_FEEDBACKS,
            "feedbacks of \(name)"
        ) { feedback throws(DescriptionError) in try self.value(feedback, of: name) }
        let settings = try elements(
            scorer.settings,
            scorer.setting_count,
            EVALHOST_MAX_SETTINGS,
            "settings of \(name)"
        ) { setting throws(DescriptionError) in try self.setting(setting, of: name) }
        guard value.kind != EVALHOST_KIND_MISSING || !feedbacks.isEmpty else {
            throw DescriptionError("\(name) has neither a value nor feedbacks")
        }
        for (names, what) in [(feedbacks.map(\.name), "feedback"), (settings.map(\.key), "setting")] {
            if let twice = names.first(where: { name in names.count { $0 == name } > 1 }) {
                throw DescriptionError("the \(what) \(twice) of \(name) stands twice in it")
            }
        }
        return PluginDescription.Scorer(
            value: value,
            reads: try text(scorer.reads, "the fields that \(name) reads"),
            feedbacks: feedbacks,
            settings: settings,
            flags: scorer.flags
        )
    }

    private static func value(
        _ feedback: evalhost_feedback,
        of scorer: String
    ) throws(DescriptionError) -> PluginDescription.Value {
        let name = try self.name(feedback.name, "a feedback of \(scorer)")
        let type = feedback.value
        let kinds = [
            EVALHOST_KIND_MISSING, EVALHOST_KIND_TEXT, EVALHOST_KIND_BOOLEAN, EVALHOST_KIND_INTEGER,
            EVALHOST_KIND_NUMBER,
            EVALHOST_KIND_LABEL, EVALHOST_KIND_JSON,
        ]
        guard kinds.contains(type.kind), type.kind != EVALHOST_KIND_MISSING || name == scorer else {
            throw DescriptionError("the value of \(name) has kind \(type.kind)")
        }
        let minimum = type.flags & EVALHOST_HAS_MINIMUM != 0 ? type.minimum : nil
        let maximum = type.flags & EVALHOST_HAS_MAXIMUM != 0 ? type.maximum : nil
        try checkBounds(minimum, maximum, "the value of \(name)")
        let labels = try elements(type.labels, type.label_count, EVALHOST_MAX_LABELS, "labels of \(name)") {
            pointer throws(DescriptionError) in try label(pointer, of: name)
        }
        guard (type.kind == EVALHOST_KIND_LABEL) == !labels.isEmpty, Set(labels).count == labels.count else {
            throw DescriptionError("a category has labels that differ, and nothing else has any; \(name) doesn't")
        }
        return PluginDescription.Value(
            name: name,
            help: try text(feedback.help, "the help of \(name)"),
            kind: type.kind,
            minimum: minimum,
            maximum: maximum,
            labels: labels,
            unit: try text(feedback.unit, "the unit of \(name)", limit: 64),
            pass: try pass(feedback.pass, of: name),
            aggregations: try aggregations(feedback.aggregations, of: name),
            direction: feedback.direction
        )
    }

    private static func setting(
        _ setting: evalhost_setting,
        of scorer: String
    ) throws(DescriptionError) -> PluginDescription.Setting {
        let key = try name(setting.key, "a setting of \(scorer)")
        guard !hostKeys.contains(key) else {
            throw DescriptionError("the setting \(key) of \(scorer) is the host's own")
        }
        let kinds = [
            EVALHOST_KIND_BOOLEAN, EVALHOST_KIND_INTEGER, EVALHOST_KIND_NUMBER, EVALHOST_KIND_TEXT, EVALHOST_KIND_TEXTS,
            EVALHOST_KIND_JSON,
        ]
        guard kinds.contains(setting.kind) else {
            throw DescriptionError("the setting \(key) of \(scorer) has kind \(setting.kind)")
        }
        let minimum = setting.flags & EVALHOST_HAS_MINIMUM != 0 ? setting.minimum : nil
        let maximum = setting.flags & EVALHOST_HAS_MAXIMUM != 0 ? setting.maximum : nil
        try checkBounds(minimum, maximum, "the setting \(key) of \(scorer)")
        let choices = try elements(
            setting.choices,
            setting.choice_count,
            EVALHOST_MAX_LABELS,
            "choices of the setting \(key)"
        ) { pointer throws(DescriptionError) in try text(pointer, "a choice of the setting \(key)") }
        return PluginDescription.Setting(
            key: key,
            kind: setting.kind,
            isOptional: setting.flags & EVALHOST_OPTIONAL != 0,
            standard: setting.default_value == nil ? nil : try text(setting.default_value, "the default of \(key)"),
            help: try text(setting.help, "the help of \(key)"),
            minimum: minimum,
            maximum: maximum,
            choices: choices
        )
    }

    private static let hostKeys = ["name", "reads", "pass", "aggregations", "timeout", "on_missing"]

    private static func checkBounds(
        _ minimum: Double?,
        _ maximum: Double?,
        _ what: String
    ) throws(DescriptionError) {
        let bounds = [minimum, maximum].compactMap { $0 }
        guard bounds.allSatisfy(\.isFinite), bounds.count < 2 || bounds[0] <= bounds[1] else {
            throw DescriptionError("\(what) has bounds that aren't in order")
        }
    }

    private static func pass(_ string: UnsafePointer<CChar>?, of name: String) throws(DescriptionError) -> String {
        let pass = try text(string, "the rule `pass` of \(name)")
        guard pass.isEmpty || pass == "yes" || PassRule(pass) != nil else {
            throw DescriptionError("the rule `pass` of \(name) is none: `>= 0.8`, `yes`, or labels separated by `|`")
        }
        return pass
    }

    private static func aggregations(
        _ string: UnsafePointer<CChar>?,
        of name: String
    ) throws(DescriptionError) -> String {
        let list = try text(string, "the aggregations of \(name)")
        for word in words(list) where Aggregation(word) == nil {
            throw DescriptionError("\(name) asks for the aggregation \(word), there are \(Aggregation.words)")
        }
        return list
    }

    /// The words of a list that is separated by commas.
    static func words(_ list: String) -> [String] {
        list.split(separator: ",").map { String($0.trimmingPrefix(" ")).trimmingSuffix() }
    }

    // Strings: bounded, valid, and names in their one form.

    private static func name(_ string: UnsafePointer<CChar>?, _ what: String) throws(DescriptionError) -> String {
        let name = try text(string, "the name of \(what)", limit: Int(EVALHOST_MAX_NAME_BYTES))
        let isName =
            name.utf8.first.map { $0 >= 0x61 && $0 <= 0x7A } == true
            && name.utf8.allSatisfy { ($0 >= 0x61 && $0 <= 0x7A) || ($0 >= 0x30 && $0 <= 0x39) || $0 == 0x5F }
        guard isName else {
            throw DescriptionError("the name of \(what) is '\(name)', it must match [a-z][a-z0-9_]{0,62}")
        }
        return name
    }

    private static func label(_ string: UnsafePointer<CChar>?, of name: String) throws(DescriptionError) -> String {
        let label = try text(string, "a label of \(name)", limit: 63)
        let isPlain = label.unicodeScalars.allSatisfy { !"/:=,@|".unicodeScalars.contains($0) && $0.value >= 32 }
        guard !label.isEmpty, isPlain else {
            throw DescriptionError("a label of \(name) is empty or has one of /:=,@|")
        }
        return label
    }

    private static func text(
        _ string: UnsafePointer<CChar>?,
        _ what: String,
        limit: Int = Int(EVALHOST_MAX_HELP_BYTES)
    ) throws(DescriptionError) -> String {
        guard let string else { return "" }
        guard let text = bounded(string, limit) else {
            throw DescriptionError("\(what) is longer than \(limit) bytes, or not UTF-8")
        }
        return text
    }

    private static func bounded(_ string: UnsafePointer<CChar>?, _ limit: Int) -> String? {
        guard let string else { return nil }
        let bytes = UnsafeRawPointer(string).assumingMemoryBound(to: UInt8.self)
        var count = 0
        while bytes[count] != 0 {
            count += 1
            if count > limit { return nil }
        }
        return String(validating: UnsafeBufferPointer(start: bytes, count: count), as: UTF8.self)
    }

    private static func elements<Element, Result>(
        _ start: UnsafePointer<Element>?,
        _ count: UInt32,
        _ limit: UInt32,
        _ what: String,
        _ read: (Element) throws(DescriptionError) -> Result
    ) throws(DescriptionError) -> [Result] {
        guard count > 0 else { return [] }
        guard count <= limit, let start else { throw DescriptionError("it has \(count) \(what), \(limit) are allowed") }
        var results: [Result] = []
        for index in 0..<Int(count) { results.append(try read(start[index])) }
        return results
    }
}

extension String {
    fileprivate func trimmingSuffix() -> String {
        var copy = self
        while copy.last == " " { copy.removeLast() }
        return copy
    }
}
