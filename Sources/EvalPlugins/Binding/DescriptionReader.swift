// What a library says of itself, checked: every bound, every name, every rule.

internal import CEvalHost
internal import CEvalTransport
internal import EvalCore

/// Reads descriptions.
enum DescriptionReader {
    /// Reads what `ceval_describe` wrote.
    ///
    /// - Throws: What is wrong with it.
    static func read(_ bytes: [UInt8]) throws(DescriptionError) -> PluginDescription {
        var bytes = DescriptionBytes(bytes)
        let size = try bytes.number()
        guard size >= CEVAL_PLUGIN_BYTES else {
            throw DescriptionError("struct_size of evalhost_plugin is \(size)")
        }
        let name = try self.name(&bytes, "the library")
        let version = try bytes.text("the library's version", limit: 64) ?? ""
        let author = try bytes.text("the library's author") ?? ""
        let licence = try bytes.text("the library's licence") ?? ""
        let scorers = try bytes.elements(EVALHOST_MAX_SCORERS, "scorers", scorer)
        guard !scorers.isEmpty else {
            throw DescriptionError("it has 0 scorers, 1 to \(EVALHOST_MAX_SCORERS) are allowed")
        }
        for (index, scorer) in scorers.enumerated()
        where scorers[..<index].contains(where: { $0.name == scorer.name }) {
            throw DescriptionError("the scorer \(scorer.name) stands twice in it")
        }
        let requests = try bytes.elements(PluginPermission.maximum, "permissions") { bytes throws(DescriptionError) in
            PluginDescription.Request(
                permission: try bytes.text("a permission") ?? "",
                reason: try bytes.text("the reason of a permission") ?? ""
            )
        }
        for request in requests where PluginPermission(request.permission) == nil {
            throw DescriptionError("it asks for the permission '\(request.permission)', which doesn't exist")
        }
        guard bytes.isAtEnd else { throw DescriptionError("something follows it") }
        return PluginDescription(
            name: name,
            version: version,
            author: author,
            licence: licence,
            scorers: scorers,
            requests: requests
        )
    }

    private static func scorer(_ bytes: inout DescriptionBytes) throws(DescriptionError) -> PluginDescription.Scorer {
        let size = try bytes.number()
        guard size >= CEVAL_SCORER_BYTES else {
            throw DescriptionError(size == 0 ? "a scorer is null" : "struct_size of a scorer is \(size)")
        }
        let flags = try bytes.number()
        let scoresRows = try bytes.number() != 0
        let reads = try bytes.text("the fields that a scorer reads") ?? ""
        let value = try self.value(&bytes, isOwn: true, of: "a scorer")
        let name = value.name
        guard scoresRows || flags & EVALHOST_SCORES_SESSION != 0 else {
            throw DescriptionError("\(name) has no function score")
        }
        let feedbacks = try bytes.elements(EVALHOST_MAX_FEEDBACKS, "feedbacks of \(name)") {
            bytes throws(DescriptionError) in try self.value(&bytes, isOwn: false, of: name)
        }
        let settings = try bytes.elements(EVALHOST_MAX_SETTINGS, "settings of \(name)") {
            bytes throws(DescriptionError) in try self.setting(&bytes, of: name)
        }
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
            reads: reads,
            feedbacks: feedbacks,
            settings: settings,
            flags: flags
        )
    }

    private static func value(
        _ bytes: inout DescriptionBytes,
        isOwn: Bool,
        of scorer: String
    ) throws(DescriptionError) -> PluginDescription.Value {
        let name = try self.name(&bytes, isOwn ? scorer : "a feedback of \(scorer)")
        let help = try bytes.text("the help of \(name)") ?? ""
        let kind = try bytes.number()
        let flags = try bytes.number()
        let bounds = (try bytes.double(), try bytes.double())
        let labels = try bytes.elements(EVALHOST_MAX_LABELS, "labels of \(name)") {
            bytes throws(DescriptionError) in try label(&bytes, of: name)
        }
        let kinds = [
            EVALHOST_KIND_MISSING, EVALHOST_KIND_TEXT, EVALHOST_KIND_BOOLEAN, EVALHOST_KIND_INTEGER,
            EVALHOST_KIND_NUMBER, EVALHOST_KIND_LABEL, EVALHOST_KIND_JSON,
        ]
        guard kinds.contains(kind), kind != EVALHOST_KIND_MISSING || isOwn else {
            throw DescriptionError("the value of \(name) has kind \(kind)")
        }
        let minimum = flags & EVALHOST_HAS_MINIMUM != 0 ? bounds.0 : nil
        let maximum = flags & EVALHOST_HAS_MAXIMUM != 0 ? bounds.1 : nil
        try checkBounds(minimum, maximum, "the value of \(name)")
        guard (kind == EVALHOST_KIND_LABEL) == !labels.isEmpty, Set(labels).count == labels.count else {
            throw DescriptionError("a category has labels that differ, and nothing else has any; \(name) doesn't")
        }
        return PluginDescription.Value(
            name: name,
            help: help,
            kind: kind,
            minimum: minimum,
            maximum: maximum,
            labels: labels,
            unit: try bytes.text("the unit of \(name)", limit: 64) ?? "",
            pass: try pass(&bytes, of: name),
            aggregations: try aggregations(&bytes, of: name),
            direction: try bytes.number()
        )
    }

    private static func setting(
        _ bytes: inout DescriptionBytes,
        of scorer: String
    ) throws(DescriptionError) -> PluginDescription.Setting {
        let key = try name(&bytes, "a setting of \(scorer)")
        guard !hostKeys.contains(key) else {
            throw DescriptionError("the setting \(key) of \(scorer) is the host's own")
        }
        let kind = try bytes.number()
        let flags = try bytes.number()
        let standard = try bytes.text("the default of \(key)")
        let help = try bytes.text("the help of \(key)") ?? ""
        let bounds = (try bytes.double(), try bytes.double())
        let choices = try bytes.elements(EVALHOST_MAX_LABELS, "choices of the setting \(key)") {
            bytes throws(DescriptionError) in try bytes.text("a choice of the setting \(key)") ?? ""
        }
        let kinds = [
            EVALHOST_KIND_BOOLEAN, EVALHOST_KIND_INTEGER, EVALHOST_KIND_NUMBER, EVALHOST_KIND_TEXT, EVALHOST_KIND_TEXTS,
            EVALHOST_KIND_JSON,
        ]
        guard kinds.contains(kind) else { throw DescriptionError("the setting \(key) of \(scorer) has kind \(kind)") }
        let minimum = flags & EVALHOST_HAS_MINIMUM != 0 ? bounds.0 : nil
        let maximum = flags & EVALHOST_HAS_MAXIMUM != 0 ? bounds.1 : nil
        try checkBounds(minimum, maximum, "the setting \(key) of \(scorer)")
        return PluginDescription.Setting(
            key: key,
            kind: kind,
            isOptional: flags & EVALHOST_OPTIONAL != 0,
            standard: standard,
            help: help,
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

    private static func pass(_ bytes: inout DescriptionBytes, of name: String) throws(DescriptionError) -> String {
        let pass = try bytes.text("the rule `pass` of \(name)") ?? ""
        guard pass.isEmpty || pass == "yes" || PassRule(pass) != nil else {
            throw DescriptionError("the rule `pass` of \(name) is none: `>= 0.8`, `yes`, or labels separated by `|`")
        }
        return pass
    }

    private static func aggregations(
        _ bytes: inout DescriptionBytes,
        of name: String
    ) throws(DescriptionError) -> String {
        let list = try bytes.text("the aggregations of \(name)") ?? ""
        for word in words(list) where Aggregation(word) == nil {
            throw DescriptionError("\(name) asks for the aggregation \(word), there are \(Aggregation.words)")
        }
        return list
    }

    /// The words of a list that is separated by commas.
    static func words(_ list: String) -> [String] {
        list.split(separator: ",").map { String($0.trimmingPrefix(" ")).trimmingSuffix() }
    }

    // Names and labels, in their one form.

    private static func name(_ bytes: inout DescriptionBytes, _ what: String) throws(DescriptionError) -> String {
        let name = try bytes.text("the name of \(what)", limit: EVALHOST_MAX_NAME_BYTES) ?? ""
        guard PluginDescription.isName(name) else {
            throw DescriptionError("the name of \(what) is '\(name)', it must match [a-z][a-z0-9_]{0,62}")
        }
        return name
    }

    private static func label(_ bytes: inout DescriptionBytes, of name: String) throws(DescriptionError) -> String {
        let label = try bytes.text("a label of \(name)", limit: 63) ?? ""
        guard PluginDescription.isLabel(label) else {
            throw DescriptionError("a label of \(name) is empty or has one of /:=,@|")
        }
        return label
    }
}

extension String {
    fileprivate func trimmingSuffix() -> String {
        var copy = self
        while copy.last == " " { copy.removeLast() }
        return copy
    }
}
