// Finds a scorer's fields in a row and hands over views of them: a string's bytes stay where the parser put them.

internal import CEvalHost
internal import EvalCore
internal import EvalJSON

/// Fills the fields that a scorer declared.
struct FieldResolver: Sendable {
    let declarations: [FieldDeclaration]

    init(_ reads: String) throws(DescriptionError) { declarations = try FieldDeclaration.list(reads) }

    /// Fills `fields` from a row.
    ///
    /// The views are valid while the row and `memory` live.
    ///
    /// - Returns: Why the scorer can't be called for this row.
    func fill(
        _ fields: UnsafeMutablePointer<evalhost_field>,
        from row: Row,
        memory: CallMemory
    ) -> ScorerError? {
        for (index, declaration) in declarations.enumerated() {
            fields[index] = evalhost_field()
            fields[index].text = CallMemory.emptyText
            if let error = fill(&fields[index], declaration, row, memory) { return error }
        }
        return nil
    }

    private func fill(
        _ field: inout evalhost_field,
        _ declaration: FieldDeclaration,
        _ row: Row,
        _ memory: CallMemory
    ) -> ScorerError? {
        let found: JSON?
        switch declaration.source {
        case .outputs: found = row.outputs
        case .withinOutputs(let path): found = row.outputs.flatMap { path.value(in: $0) }
        case .row(let path): found = path.value(in: row.record.row)
        case .spans(let types, let payloads):
            SpanTable(types: types, payloads: payloads).fill(&field, from: row.trace, memory: memory)
            return nil
        }
        guard let value = found, !value.isNull else {
            field.kind = found == nil ? EVALHOST_KIND_MISSING : EVALHOST_KIND_NULL
            return declaration.isOptional ? nil : .missingField(declaration.path)
        }
        switch declaration.form {
        case .text:
            field.kind = EVALHOST_KIND_TEXT
            if case .outputs = declaration.source, let text = row.outputText {
                field.text = CallMemory.view(text)
            } else if let text = value.text {
                field.text = CallMemory.view(text)
            } else {
                field.text = memory.view(keeping: value.textOfValue)
            }
        case .json:
            field.kind = EVALHOST_KIND_JSON
            field.text = memory.view(keeping: Text(value.serialized))
        case .integer:
            guard let integer = value.integer else { return wrongType(declaration, "an integer", value) }
            field.kind = EVALHOST_KIND_INTEGER
            field.integer = integer
            field.number = Double(integer)
        case .number:
            guard let number = value.number else { return wrongType(declaration, "a number", value) }
            field.kind = EVALHOST_KIND_NUMBER
            field.number = number
        case .boolean:
            guard let truth = value.boolean else { return wrongType(declaration, "a boolean", value) }
            field.kind = EVALHOST_KIND_BOOLEAN
            field.integer = truth ? 1 : 0
        }
        return nil
    }

    private func wrongType(_ declaration: FieldDeclaration, _ expected: String, _ value: JSON) -> ScorerError {
        .fieldType(declaration.path, expected: expected, found: value.kind)
    }
}

/// Hands over the declared part of a trace as a flat array.
private struct SpanTable {
    let types: Set<String>?
    let payloads: Set<FieldDeclaration.Payload>

    func fill(_ field: inout evalhost_field, from trace: Trace, memory: CallMemory) {
        let chosen = trace.spans
            .filter { types?.contains($0.type.rawValue) ?? true }
            .sorted { $0.startNanoseconds < $1.startNanoseconds }
        var parents: [UInt64: UInt64] = [:]
        for span in trace.spans { parents[span.id] = span.parentID }
        var places: [UInt64: Int32] = [:]
        for (index, span) in chosen.enumerated() { places[span.id] = Int32(index) }

        let table = memory.allocate(evalhost_span.self, chosen.count)
        for (index, span) in chosen.enumerated() {
            table[index] = described(span, memory)
            table[index].parent = -1
            // The nearest ancestor that is in the table; a bound on the steps, since ids may form a ring.
            var ancestor = span.parentID
            for _ in 0..<trace.spans.count {
                guard let id = ancestor else { break }
                if let place = places[id], place < index {
                    table[index].parent = place
                    break
                }
                ancestor = parents[id]
            }
        }
        field.kind = EVALHOST_KIND_SPANS
        field.items = UnsafeRawPointer(table)
        field.count = UInt64(chosen.count)
    }

    private func described(_ span: Span, _ memory: CallMemory) -> evalhost_span {
        var result = evalhost_span()
        result.id = memory.text(span.id.hexadecimal)
        result.type = memory.text(span.type.rawValue)
        result.status =
            switch span.status {
            case .unset: EVALHOST_SPAN_UNSET
            case .ok: EVALHOST_SPAN_OK
            case .error: EVALHOST_SPAN_ERROR
            }
        result.start_ns = span.startNanoseconds
        result.end_ns = span.endNanoseconds ?? 0
        result.name = payloads.contains(.name) ? memory.text(span.name) : CallMemory.emptyText
        result.inputs = json(span.inputs, .inputs, memory)
        result.outputs = json(span.outputs, .outputs, memory)
        result.attributes = json(span.attributes, .attributes, memory)
        result.events = json(span.events.isEmpty ? nil : .array(span.events.map(Self.json)), .events, memory)
        return result
    }

    private func json(_ value: JSON?, _ payload: FieldDeclaration.Payload, _ memory: CallMemory) -> evalhost_text {
        guard let value, payloads.contains(payload) else { return CallMemory.emptyText }
        return memory.text(value.serialized)
    }

    private static func json(_ event: SpanEvent) -> JSON {
        var members: [(String, JSON)] = [
            ("name", JSON(event.name)), ("timestamp_ns", JSON(event.timestampNanoseconds)),
        ]
        if let attributes = event.attributes { members.append(("attributes", attributes)) }
        return .object(members)
    }
}

extension UInt64 {
    /// 16 hexadecimal digits, as span ids are written.
    var hexadecimal: String {
        let digits = String(self, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}
