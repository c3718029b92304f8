// How the result of a bound function becomes a value: its type, what is true, the scale, the range and the labels.

internal import CEvalHost
internal import CEvalTransport
internal import EvalCore
internal import EvalSuite

/// Reads the part of a manifest that says what the result means.
struct ManifestValue {
    private let manifest: ScorerManifest
    private let result: CType
    /// The results that mean the labels, in their order.
    private(set) var labelResults: [Int64] = []

    init(_ manifest: ScorerManifest, _ result: CType) {
        self.manifest = manifest
        self.result = result
    }

    private static let types = ["boolean", "integer", "number", "category", "text"]
    private var given: ScorerManifest.Value { manifest.value }

    /// The value as it is described, and the binding's part of it.
    mutating func value(
        named name: String,
        _ head: inout ceval_binding
    ) throws(Diagnostic) -> PluginDescription.Value {
        var labels: [String] = []
        switch given.type.text {
        case "boolean": try boolean(&head)
        case "integer": try integer(&head)
        case "number": try number(&head)
        case "category": labels = try category(&head)
        case "text": try text(&head)
        default:
            throw given.type.unknown(
                "there is no type '\(given.type.text)' of a value",
                among: Self.types,
                help: "There are \(Self.types.joined(separator: ", "))."
            )
        }
        try refuseOthers()
        let (minimum, maximum) = try range()
        return PluginDescription.Value(
            name: name,
            help: manifest.words["help"]?.text ?? "\(manifest.symbol.text) of \(manifest.library.text).",
            kind: head.kind,
            minimum: minimum,
            maximum: maximum,
            labels: labels,
            unit: manifest.words["unit"]?.text ?? "",
            pass: try pass(),
            aggregations: try aggregations(),
            direction: try direction()
        )
    }

    private func boolean(_ head: inout ceval_binding) throws(Diagnostic) {
        head.kind = EVALHOST_KIND_BOOLEAN
        guard !result.isText else { throw given.type.error("a text can't become a boolean") }
        switch (given.equals, given.when) {
        case (let equals?, nil):
            guard let number = Double(equals.text), number.isFinite else { throw equals.error("'equals' is no number") }
            (head.true_when, head.true_bound) = (CEVAL_WHEN_EQUAL, number)
        case (nil, let when?): (head.true_when, head.true_bound) = try ManifestBinding.condition(when, result, "'when'")
        case (nil, nil):
            guard result.isBoolean else {
                throw given.type.error(
                    "which results of \(manifest.symbol.text) are true isn't said",
                    help: "Write `value: { type: boolean, equals: 0 }`, or `when: '> 0'`."
                )
            }
            (head.true_when, head.true_bound) = (CEVAL_WHEN_DIFFERENT, 0)
        case (_?, let when?): throw when.error("'equals' and 'when' can't stand together")
        }
    }

    private func integer(_ head: inout ceval_binding) throws(Diagnostic) {
        head.kind = EVALHOST_KIND_INTEGER
        guard result.isInteger || result.isBoolean else {
            throw given.type.error("\(manifest.symbol.text) returns a \(result.name), which is no integer")
        }
        if let scale = given.scale { throw scale.error("an integer has no 'scale'", help: "Use `type: number`.") }
    }

    private func number(_ head: inout ceval_binding) throws(Diagnostic) {
        head.kind = EVALHOST_KIND_NUMBER
        guard !result.isText else { throw given.type.error("a text can't become a number") }
        if let scale = given.scale {
            guard let factor = Double(scale.text), factor.isFinite, factor != 0 else {
                throw scale.error("'scale' is a number other than 0")
            }
            let divisor = 1 / factor
            if divisor == divisor.rounded() { head.divisor = divisor } else { head.scale = factor }
        }
    }

    private func text(_ head: inout ceval_binding) throws(Diagnostic) {
        head.kind = EVALHOST_KIND_TEXT
        guard result.isText else {
            throw given.type.error("\(manifest.symbol.text) returns a \(result.name), which is no text")
        }
    }

    private mutating func category(_ head: inout ceval_binding) throws(Diagnostic) -> [String] {
        head.kind = EVALHOST_KIND_LABEL
        guard result.isInteger || result.isBoolean else {
            throw given.type.error("labels are for integers, and \(manifest.symbol.text) returns a \(result.name)")
        }
        guard !given.labels.isEmpty, given.labels.count <= EVALHOST_MAX_LABELS else {
            throw given.type.error(
                "a category has 1 to \(EVALHOST_MAX_LABELS) 'labels'",
                help: "Write `labels: { 0: same, 1: different }`."
            )
        }
        var labels: [String] = []
        for (result, label) in given.labels {
            guard let number = Int64(result.text) else {
                throw result.error("'\(result.text)' is no result: an integer is")
            }
            guard !labelResults.contains(number) else { throw result.error("the result \(number) has two labels") }
            guard PluginDescription.isLabel(label.text) else {
                throw label.error("a label has 1 to 63 bytes, and none of /:=,@|")
            }
            labelResults.append(number)
            labels.append(label.text)
        }
        if let twice = given.labels.first(where: { entry in labels.count { $0 == entry.label.text } > 1 }) {
            throw twice.label.error("the label '\(twice.label.text)' stands twice")
        }
        return labels
    }

    /// Keys that mean nothing for this type.
    private func refuseOthers() throws(Diagnostic) {
        let type = given.type.text
        let others: [(key: String, word: ScorerManifest.Word?, types: [String])] = [
            ("equals", given.equals, ["boolean"]), ("when", given.when, ["boolean"]),
            ("scale", given.scale, ["number"]), ("range", given.range.first, ["integer", "number"]),
            ("labels", given.labels.first?.result, ["category"]),
        ]
        for (key, word, types) in others {
            guard let word, !types.contains(type) else { continue }
            throw word.error("'\(key)' is for \(types.joined(separator: " and ")), not for a \(type)")
        }
    }

    private func range() throws(Diagnostic) -> (Double?, Double?) {
        guard given.range.count == 2 else { return (nil, nil) }
        var bounds: [Double] = []
        for word in given.range {
            guard let number = Double(word.text), number.isFinite else {
                throw word.error("a bound of 'range' is a number")
            }
            bounds.append(number)
        }
        guard bounds[0] <= bounds[1] else { throw given.range[0].error("the bounds of 'range' aren't in order") }
        return (bounds[0], bounds[1])
    }

    private func pass() throws(Diagnostic) -> String {
        guard let word = manifest.words["pass"] else { return "" }
        guard word.text == "yes" || PassRule(word.text) != nil else {
            throw word.error("'pass' is no rule", help: "There are `>= 0.8`, `yes`, and labels separated by `|`.")
        }
        return word.text
    }

    private func aggregations() throws(Diagnostic) -> String {
        for word in manifest.aggregations where Aggregation(word.text) == nil {
            throw word.unknown("there is no aggregation '\(word.text)'", among: Aggregation.words)
        }
        return manifest.aggregations.map(\.text).joined(separator: ",")
    }

    private func direction() throws(Diagnostic) -> UInt32 {
        guard let word = manifest.words["direction"] else { return EVALHOST_DIRECTION_NONE }
        switch word.text {
        case "higher": return EVALHOST_HIGHER_IS_BETTER
        case "lower": return EVALHOST_LOWER_IS_BETTER
        default: throw word.unknown("'direction' is higher or lower", among: ["higher", "lower"])
        }
    }
}
