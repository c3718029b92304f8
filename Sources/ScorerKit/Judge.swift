// Questions to the run's judge model.

import CEvalHost

/// The run's judge.
///
///     let reply = try row.context.judge.ask("Is this polite? \(String(row[.outputs]))", schema: Self.schema)
///     return .boolean(reply.boolean("polite") ?? false)
///
/// A call has the host's cache, retries, rate limit and budget, and the model's key never gets here. It waits for the reply;
/// the row's deadline stands still meanwhile. The scorer needs the trait ``About/Traits/callsJudge``.
public struct Judge: ~Escapable {
    private let tables: UnsafePointer<HostTables>
    private let record: UnsafePointer<evalhost_record>

    @_lifetime(immortal)
    init(_ tables: UnsafePointer<HostTables>, _ record: UnsafePointer<evalhost_record>) {
        unsafe self.tables = tables
        unsafe self.record = record
    }

    /// A message of the conversation that the judge is to go on with.
    public struct Message: Sendable {
        let role: String
        let content: String

        /// What the judge is told to be.
        ///
        /// - Parameter content: The text.
        /// - Returns: The message.
        public static func system(_ content: String) -> Message { Message(role: "system", content: content) }

        /// What the judge is asked.
        ///
        /// - Parameter content: The text.
        /// - Returns: The message.
        public static func user(_ content: String) -> Message { Message(role: "user", content: content) }

        /// What the judge is to have answered before, for an example.
        ///
        /// - Parameter content: The text.
        /// - Returns: The message.
        public static func assistant(_ content: String) -> Message { Message(role: "assistant", content: content) }
    }

    /// The model that the run asks for; empty without the trait ``About/Traits/callsJudge``.
    public var model: Text {
        @_lifetime(copy self)
        get {
            let none = unsafe evalhost_text(data: nil, size: 0)
            return unsafe _overrideLifetime(Text(tables.pointee.judge?.pointee.model ?? none), copying: self)
        }
    }

    /// Asks one question, and waits for the reply.
    ///
    /// - Parameters:
    ///   - question: The question, with all that the judge has to know.
    ///   - schema: The JSON Schema of the reply's object.
    /// - Returns: The reply; valid as long as the row.
    /// - Throws: ``JudgeError`` if there is none; thrown on, it becomes the row's error.
    @_lifetime(copy self)
    public func ask(_ question: String, schema: JSONText) throws -> JudgeReply {
        try ask([.user(question)], schema: schema)
    }

    /// Asks, and waits for the reply.
    ///
    /// - Parameters:
    ///   - messages: The conversation, at least one message.
    ///   - schema: The JSON Schema of the reply's object.
    ///   - sample: Which of several independent answers to the same question, from 0.
    /// - Returns: The reply; valid as long as the row.
    /// - Throws: ``JudgeError`` if there is none; thrown on, it becomes the row's error.
    @_lifetime(copy self)
    public func ask(_ messages: [Message], schema: JSONText, sample: UInt32 = 0) throws -> JudgeReply {
        guard let judge = unsafe tables.pointee.judge else {
            throw JudgeError("the scorer asks a judge without the trait .callsJudge in its About")
        }
        var reply = unsafe evalhost_judge_reply_of()
        let texts = messages.flatMap { [$0.role, $0.content] } + [schema.description]
        let status = unsafe withTexts(texts) { texts in
            let parts = unsafe messages.indices.map { index in
                var message = unsafe evalhost_message()
                unsafe message.role = unsafe texts[2 * index]
                unsafe message.content = unsafe texts[2 * index + 1]
                return unsafe message
            }
            return unsafe parts.withUnsafeBufferPointer { parts in
                var request = unsafe evalhost_judge_request_of(
                    parts.baseAddress,
                    UInt32(parts.count),
                    texts[texts.count - 1]
                )
                unsafe request.sample = sample
                return unsafe judge.pointee.ask(tables.pointee.host, record, &request, &reply)
            }
        }
        guard status == EVALHOST_OK else {
            let reason = unsafe String(Text(reply.error))
            throw JudgeError(reason.isEmpty ? "the judge gave no reply" : reason)
        }
        return unsafe _overrideLifetime(JudgeReply(reply), copying: self)
    }
}

/// Calls a function with views of strings, which lie one behind the other meanwhile.
private func withTexts<Result>(_ strings: [String], _ body: ([evalhost_text]) -> Result) -> Result {
    let bytes = ContiguousArray(strings.map { Array($0.utf8) }.joined())
    return bytes.withUnsafeBytes { bytes in
        var start = 0
        let texts = strings.map { string in
            let size = string.utf8.count
            defer { start += size }
            // Of an empty text only the size counts, but its address mustn't be null: that would be no text at all.
            let data = unsafe bytes.baseAddress?.advanced(by: start).assumingMemoryBound(to: CChar.self)
            return unsafe evalhost_text(data: data, size: UInt64(size))
        }
        return unsafe body(texts)
    }
}

/// What the judge replied: a JSON object that fits the schema.
public struct JudgeReply: ~Escapable {
    private let reply: evalhost_judge_reply

    @_lifetime(immortal)
    init(_ reply: evalhost_judge_reply) { unsafe self.reply = reply }

    /// The whole reply, as JSON.
    public var json: Text {
        @_lifetime(copy self)
        get { unsafe _overrideLifetime(Text(reply.reply), copying: self) }
    }

    /// The model, as the endpoint named it.
    public var model: Text {
        @_lifetime(copy self)
        get { unsafe _overrideLifetime(Text(reply.model), copying: self) }
    }

    /// Whether the reply was in the host's cache, and cost nothing.
    public var isFromCache: Bool { unsafe reply.from_cache != 0 }
    /// How many tokens were asked; nil where that isn't known.
    public var inputTokens: Int64? { unsafe reply.input_tokens < 0 ? nil : reply.input_tokens }
    /// How many tokens were replied; nil where that isn't known.
    public var outputTokens: Int64? { unsafe reply.output_tokens < 0 ? nil : reply.output_tokens }
    /// What it cost in US dollars; nil where that isn't known.
    public var cost: Double? { unsafe reply.cost_usd < 0 ? nil : reply.cost_usd }

    /// A member of the reply that is a text.
    ///
    /// - Parameter key: The member's key.
    /// - Returns: The text; nil if there is no such member, or it is no text.
    public func text(_ key: String) -> String? {
        if case .text(let text) = JSONMember.find(key, in: json.utf8) { text } else { nil }
    }

    /// A member of the reply that is true or false.
    ///
    /// - Parameter key: The member's key.
    /// - Returns: Its value; nil if there is no such member, or it is neither.
    public func boolean(_ key: String) -> Bool? {
        if case .boolean(let truth) = JSONMember.find(key, in: json.utf8) { truth } else { nil }
    }

    /// A member of the reply that is a number.
    ///
    /// - Parameter key: The member's key.
    /// - Returns: The number; nil if there is no such member, or it is none.
    public func number(_ key: String) -> Double? {
        if case .number(let number) = JSONMember.find(key, in: json.utf8) { number } else { nil }
    }
}
