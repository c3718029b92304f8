// Every reply that was received is written down before anything is done with it: nothing is paid for twice.

public import EvalJSON

/// A reply of a model as it is kept.
public struct JournaledReply: Sendable, Equatable {
    /// What was asked: SHA-256 of all that decides an answer.
    public var key: Digest
    /// The run that asked; nil outside runs.
    public var run: PublicID?
    /// What the model was asked for.
    public var purpose: ModelPurpose
    /// The model that was asked for, as people name it.
    public var asked: String
    /// Where it was asked, without anything secret.
    public var endpoint: String
    /// The model as the endpoint named it.
    public var model: String
    /// Why the reply is no answer, such as `reply_invalid`; nil for one that is.
    public var refusal: String?
    /// The reply without what only its protocol needs: `text`, `object`, `tool_calls`, or `vectors`.
    public var reply: JSON
    /// The tokens that it took; nil where the endpoint doesn't tell.
    public var usage: TokenUsage?
    /// What it cost, in US dollars; nil for a model without a price.
    public var costUSD: Double?
    /// The price that counted: `input`, `output`, `cached_input` in US dollars for a million tokens, and `date`; null for
    /// none.
    public var price: JSON
    /// When it came, in milliseconds since 1970.
    public var createdMilliseconds: Int64
    /// How long it took, in milliseconds.
    public var latencyMilliseconds: Int64

    /// Makes an entry.
    public init(
        key: Digest,
        run: PublicID?,
        purpose: ModelPurpose = .judge,
        asked: String,
        endpoint: String,
        model: String,
        refusal: String? = nil,
        reply: JSON,
        usage: TokenUsage? = nil,
        costUSD: Double? = nil,
        price: JSON = .null,
        createdMilliseconds: Int64,
        latencyMilliseconds: Int64
    ) {
        self.key = key
        self.run = run
        self.purpose = purpose
        self.asked = asked
        self.endpoint = endpoint
        self.model = model
        self.refusal = refusal
        self.reply = reply
        self.usage = usage
        self.costUSD = costUSD
        self.price = price
        self.createdMilliseconds = createdMilliseconds
        self.latencyMilliseconds = latencyMilliseconds
    }
}

/// Which earlier replies count.
public enum ReplyScope: Sendable, Equatable {
    /// Those of one run.
    case run(PublicID)
    /// All that the store has.
    case all
}

/// Keeps replies of models.
public protocol ReplyJournal: Sendable {
    /// Writes a reply down; it is durable when this returns.
    ///
    /// - Throws: Why it can't be kept: nothing may be done with it then.
    func append(_ reply: JournaledReply) async throws(Diagnostic)

    /// The newest reply to a question that is an answer; nil where there is none.
    ///
    /// - Throws: Why the journal can't be read.
    func reply(to key: Digest, in scope: ReplyScope) async throws(Diagnostic) -> JournaledReply?

    /// The fence around what judges read, which is the same for all runs of a store.
    ///
    /// - Throws: Why the store can't be read.
    func fence() async throws(Diagnostic) -> Fence

    /// Whether a run has any reply, so that one that begins needn't be asked about each question.
    ///
    /// - Throws: Why the journal can't be read.
    func hasReplies(of run: PublicID) async throws(Diagnostic) -> Bool
}

/// Which replies of earlier runs are used instead of calls.
public enum CacheMode: String, Sendable, CaseIterable {
    /// None; but what a resumed run has received already is not asked again.
    case off
    /// All that there are; others are asked for.
    case record
    /// All that there are; others are errors, so that nothing is called.
    case replay
    /// None; what is received replaces them for later runs.
    case refresh
}
