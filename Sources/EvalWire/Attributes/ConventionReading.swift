// What the conventions say of a span, each asked in its turn.

internal import EvalCore
internal import EvalJSON

extension SpanTranslator {
    /// Whether a convention may say anything of a span.
    private func applies(_ convention: Convention, _ terms: UInt128, to known: KnownAttributes) -> Bool {
        if known.present & terms != 0 { return true }
        switch convention.rule {
        case .liveKit: return known.hasLiveKit
        case .traceloop: return known.hasIndexed
        default: return false
        }
    }

    /// The span's type.
    mutating func conventionalType(_ known: KnownAttributes) -> SpanType? {
        for (convention, terms) in Convention.all where applies(convention, terms, to: known) {
            let type: SpanType?
            switch convention.rule {
            case .gemini: type = isGemini(known) ? kind(known, convention) : nil
            case .claudeCode: type = claudeCodeKind(known).flatMap { convention.kinds?.types[$0] }
            case .voltAgent: type = voltAgentType(known)
            case .liveKit: type = liveKitType(known)
            default: type = kind(known, convention)
            }
            if let type { return type }
        }
        return nil
    }

    private mutating func kind(_ known: KnownAttributes, _ convention: Convention) -> SpanType? {
        guard let kinds = convention.kinds, let value = known[kinds.term] else { return nil }
        return unwrapped(value).string.flatMap { kinds.types[$0] }
    }

    /// What went in; notes whether it was put together from a chat of Vercel's.
    mutating func conventionalInput(_ known: KnownAttributes, _ isVercelChat: inout Bool) -> JSON? {
        for (convention, terms) in Convention.all where applies(convention, terms, to: known) {
            let value: JSON?
            switch convention.rule {
            case .gemini: value = isGemini(known) ? telling(known, convention.inputs).map(Self.geminiInput) : nil
            case .claudeCode: value = claudeCodeInput(known)
            case .traceloop: value = telling(known, convention.inputs) ?? traceloopInput(known)
            case .vercel:
                isVercelChat = self.isVercelChat(known)
                value = isVercelChat ? vercelInput(known) : telling(known, convention.inputs)
            default: value = telling(known, convention.inputs)
            }
            if let value { return value }
        }
        return nil
    }

    /// What came out.
    mutating func conventionalOutput(_ known: KnownAttributes) -> JSON? {
        for (convention, terms) in Convention.all where applies(convention, terms, to: known) {
            let value: JSON?
            switch convention.rule {
            case .gemini: value = isGemini(known) ? telling(known, convention.outputs).map(Self.geminiOutput) : nil
            case .claudeCode: value = claudeCodeOutput(known)
            case .traceloop: value = telling(known, convention.outputs) ?? traceloopOutput(known)
            case .vercel: value = isVercelChat(known) ? vercelOutput(known) : telling(known, convention.outputs)
            default: value = telling(known, convention.outputs)
            }
            if let value { return value }
        }
        return nil
    }

    /// The form of the messages, by which MLflow's pages show a chat.
    mutating func conventionalFormat(_ known: KnownAttributes) -> JSON? {
        if isGemini(known) { return "gemini" }
        if known.present & (Term.operationID.bit | Term.voltConversationID.bit) != 0 { return "voltagent" }
        if known.hasLiveKit { return "livekit" }
        if known.present & Term.laminarType.bit != 0 { return "openai" }
        return nil
    }

    /// The tools that a model was offered.
    mutating func conventionalTools(_ known: KnownAttributes) -> JSON? { telling(known, [.toolDefinitions]) }

    /// The model: the one that answered, else the one that was asked.
    mutating func conventionalModel(_ known: KnownAttributes) -> JSON? {
        for (convention, terms) in Convention.all where applies(convention, terms, to: known) {
            if let model = telling(known, convention.models) { return model }
        }
        return nil
    }

    /// Whose model it is.
    mutating func conventionalProvider(_ known: KnownAttributes) -> JSON? {
        for (convention, terms) in Convention.all where applies(convention, terms, to: known) {
            if let provider = convention.provider, let value = telling(known, [provider]) { return value }
        }
        return nil
    }
}
