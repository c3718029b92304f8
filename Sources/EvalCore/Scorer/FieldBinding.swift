// `reads: { expectations.expected_response: expectations.answer }`: another field of the row in place of one that a scorer
// reads. It works for every kind of scorer, since the scorer is given a row in which the field stands where it looks.

public import EvalJSON

/// Where a scorer finds a field.
public struct FieldBinding: Sendable, Equatable {
    /// The field that the scorer reads.
    public let field: JSONPath
    /// The field of the row that it gets instead.
    public let source: JSONPath

    /// The keys of a row at which fields begin.
    private static let roots = ["inputs", "outputs", "expectations", "tags"]

    /// Reads bindings as a suite has them: an object of paths.
    ///
    /// - Parameter json: The object.
    /// - Returns: The bindings in their order.
    /// - Throws: Which path is none.
    public static func list(_ json: JSON) throws(Diagnostic) -> [FieldBinding] {
        guard json.kind == .object else {
            throw Diagnostic("'reads' must be an object: { expectations.expected_response: expectations.answer }")
        }
        var bindings: [FieldBinding] = []
        for (key, value) in json.members {
            guard let source = value.string else { throw Diagnostic("'reads' of \(key) must be the path of a field") }
            let binding = FieldBinding(field: try path(String(key)), source: try path(source))
            guard binding.field.steps.allSatisfy({ if case .key = $0 { true } else { false } }) else {
                throw Diagnostic("'\(key)' can't be bound to another field, since it lies in an array")
            }
            bindings.append(binding)
        }
        return bindings
    }

    /// The bindings as ``list(_:)`` reads them.
    public static func json(_ bindings: [FieldBinding]) -> JSON {
        .object(bindings.map { ($0.field.description, JSON($0.source.description)) })
    }

    private static func path(_ text: String) throws(Diagnostic) -> JSONPath {
        let path: JSONPath
        do throws(JSONError) {
            path = try JSONPath(text)
        } catch {
            throw Diagnostic("'\(text)' is no path of a field: \(error.description)")
        }
        guard case .key(let root)? = path.steps.first, roots.contains(String(root)) else {
            throw Diagnostic(
                "'\(text)' is no field of a row: it begins with one of \(roots.joined(separator: ", "))",
                didYouMean: nearestWord(to: String(text.prefix { $0 != "." }), among: roots)
            )
        }
        return path
    }

    /// Checks that a scorer reads the field.
    ///
    /// - Throws: That it doesn't, with what it reads.
    public func check(against descriptor: ScorerDescriptor) throws(Diagnostic) {
        let word = field.description
        let fields = descriptor.reads.map { String($0.prefix { $0 != "?" && $0 != ":" }) }
        if fields.contains(where: { $0 == word || $0.hasPrefix(word + ".") || $0.hasPrefix(word + "[") }) { return }
        throw Diagnostic(
            "'\(descriptor.name)' doesn't read '\(word)'",
            didYouMean: nearestWord(to: word, among: fields),
            help: "It reads \(fields.joined(separator: ", ")).",
            setting: "reads"
        )
    }
}

extension Row {
    /// The row with fields in the places where a scorer looks for them.
    ///
    /// A field whose source the row lacks is missing. All sources are taken from the row as it was.
    ///
    /// - Throws: Which field can't stand where it should.
    public func bound(_ bindings: [FieldBinding]) throws(ScorerError) -> Row {
        var tree = MutableObject(record.row)
        var outputs = outputs
        for binding in bindings {
            let value = field(binding.source)?.unlessNull
            tree.remove(binding.field.steps[...])
            if let value, !tree.put(value, at: binding.field.steps[...]) {
                throw .misplaced(binding, "something that is no object stands in its way")
            }
        }
        // What the application answered may stand beside the record, and is bound as a whole or in parts.
        if bindings.contains(where: { $0.field.root.equals("outputs") }) {
            var answer = MutableObject()
            if let outputs { _ = answer.put(outputs, at: JSONPath.outputs.steps[...]) }
            for binding in bindings where binding.field.root.equals("outputs") {
                answer.remove(binding.field.steps[...])
                guard let value = field(binding.source)?.unlessNull else { continue }
                guard answer.put(value, at: binding.field.steps[...]) else {
                    throw .misplaced(binding, "the outputs are no object")
                }
            }
            outputs = answer.json["outputs"]
        }
        if !record.row.members.contains(where: { $0.key.equals("trace") }), tree.json["inputs"] == nil {
            _ = tree.put([:], at: JSONPath.inputs.steps[...])
        }
        let bound: Record
        do throws(Diagnostic) {
            bound = try Record(row: tree.json)
        } catch {
            throw ScorerError(code: "field_type", message: error.message)
        }
        return Row(record: bound, outputs: outputs, trace: trace, repetition: repetition)
    }
}

extension JSONPath {
    fileprivate static let outputs = JSONPath(steps: [.key("outputs")])
    fileprivate static let inputs = JSONPath(steps: [.key("inputs")])

    /// Its first key.
    fileprivate var root: Text {
        if case .key(let key)? = steps.first { return key }
        return ""
    }
}

extension ScorerError {
    fileprivate static func misplaced(_ binding: FieldBinding, _ why: String) -> ScorerError {
        let message = "'\(binding.source)' can't stand in place of '\(binding.field)': \(why)"
        return ScorerError(code: "field_type", message: message)
    }
}
