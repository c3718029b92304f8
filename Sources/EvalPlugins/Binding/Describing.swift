// From what a library says of its scorers to the words of the core.

internal import CEvalHost
internal import EvalCore
internal import EvalJSON

extension PluginDescription {
    /// The scorers as the rest of the host knows them.
    ///
    /// - Throws: What is wrong in a part that only now is read: fields, defaults.
    func descriptors(digest: Digest) throws(DescriptionError) -> [ScorerDescriptor] {
        var descriptors: [ScorerDescriptor] = []
        for scorer in scorers {
            descriptors.append(try scorer.descriptor(of: self, digest: digest))
        }
        return descriptors
    }
}

extension PluginDescription.Scorer {
    func descriptor(of library: PluginDescription, digest: Digest) throws(DescriptionError) -> ScorerDescriptor {
        var settings: [EvalCore.Setting] = []
        for setting in self.settings { settings.append(try setting.described()) }
        let isBounded = value.minimum != nil && value.maximum != nil
        return ScorerDescriptor(
            name,
            version: library.version,
            origin: .plugin(library: library.name, version: library.version, digest: digest),
            help: value.help,
            reads: try FieldDeclaration.list(reads).map { $0.path + ($0.isOptional ? "?" : "") },
            value: value.type,
            unit: value.unit.isEmpty ? nil : value.unit,
            range: isBounded ? (value.minimum ?? 0)...(value.maximum ?? 0) : nil,
            lowerIsBetter: value.direction == EVALHOST_LOWER_IS_BETTER,
            pass: value.passRule,
            aggregations: DescriptionReader.words(value.aggregations).compactMap { Aggregation($0) },
            feedbacks: feedbacks.map { ScorerDescriptor.DeclaredFeedback(name: $0.name, value: $0.type) },
            settings: settings,
            scope: flags & EVALHOST_SCORES_SESSION != 0 ? .session : .row,
            asksJudge: flags & EVALHOST_CALLS_JUDGE != 0
        )
    }
}

extension PluginDescription.Value {
    fileprivate var type: ValueType {
        switch kind {
        case EVALHOST_KIND_BOOLEAN: .boolean
        case EVALHOST_KIND_INTEGER: .integer
        case EVALHOST_KIND_NUMBER: .number
        case EVALHOST_KIND_LABEL: .category(labels)
        case EVALHOST_KIND_TEXT: .text
        default: .object
        }
    }

    fileprivate var passRule: PassRule? {
        if pass.isEmpty { return kind == EVALHOST_KIND_BOOLEAN ? .yes : nil }
        return pass == "yes" ? .yes : PassRule(pass)
    }
}

extension PluginDescription.Setting {
    fileprivate func described() throws(DescriptionError) -> EvalCore.Setting {
        let kind: EvalCore.Setting.Kind
        switch self.kind {
        case EVALHOST_KIND_BOOLEAN: kind = .boolean
        case EVALHOST_KIND_INTEGER: kind = .integer
        case EVALHOST_KIND_NUMBER: kind = .number
        case EVALHOST_KIND_TEXTS: kind = .texts
        case EVALHOST_KIND_JSON: kind = .json
        default: kind = choices.isEmpty ? .text : .choice(choices)
        }
        let range = minimum == nil && maximum == nil ? nil : (minimum ?? -.infinity)...(maximum ?? .infinity)
        return EvalCore.Setting(
            key,
            kind,
            default: try standardValue(),
            required: standard == nil && !isOptional,
            range: range,
            help: help
        )
    }

    private func standardValue() throws(DescriptionError) -> JSON? {
        guard let standard else { return nil }
        let value: JSON?
        switch kind {
        case EVALHOST_KIND_BOOLEAN: value = ["true": JSON(true), "false": JSON(false)][standard]
        case EVALHOST_KIND_INTEGER: value = Int64(standard).map { JSON($0) }
        case EVALHOST_KIND_NUMBER: value = Double(standard).flatMap { $0.isFinite ? JSON($0) : nil }
        case EVALHOST_KIND_TEXT: value = choices.isEmpty || choices.contains(standard) ? JSON(standard) : nil
        case EVALHOST_KIND_TEXTS:
            let list = try? JSON(parsing: standard)
            value = list?.kind == .array && list?.elements.allSatisfy { $0.kind == .string } == true ? list : nil
        default: value = try? JSON(parsing: standard)
        }
        guard let value else { throw DescriptionError("the default of the setting \(key) is '\(standard)'") }
        if let number = value.number, number < minimum ?? number || number > maximum ?? number {
            throw DescriptionError("the default of the setting \(key) lies outside of its bounds")
        }
        return value
    }
}
