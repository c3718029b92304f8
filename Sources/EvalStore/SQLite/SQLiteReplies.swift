// The journal of models' replies: written before they are used, read instead of asking again.

public import EvalCore
public import EvalJSON
internal import GRDB
internal import Synchronization

/// The journal of a store.
///
/// Replies that arrive while the store writes are written together in the next transaction; so are questions looked up.
public struct SQLiteReplyJournal: ReplyJournal {
    private struct Question: Sendable {
        let key: Digest
        let scope: ReplyScope
    }

    private let store: SQLiteStore
    private let appending: Gathering<JournaledReply, Void>
    private let finding: Gathering<Question, JournaledReply?>

    /// The journal of `store`.
    public init(_ store: SQLiteStore) {
        self.store = store
        let names = KnownNames()
        appending = Gathering(most: Limits.commitRows) { (replies) async throws(Diagnostic) in
            let known = names.all
            let learned = try await store.write { db in
                var learned = known
                for reply in replies { try Self.insert(reply, &learned, db) }
                return learned
            }
            // Only what was committed is known.
            names.learn(learned)
            return replies.map { _ in () }
        }
        finding = Gathering(most: Limits.commitRows) { (questions) async throws(Diagnostic) in
            try await store.read { db in try questions.map { try Self.find($0, db) } }
        }
    }

    /// Writes a reply down; it is durable when this returns.
    public func append(_ reply: JournaledReply) async throws(Diagnostic) { try await appending.perform(reply) }

    /// The newest reply to a question that is an answer.
    public func reply(to key: Digest, in scope: ReplyScope) async throws(Diagnostic) -> JournaledReply? {
        try await finding.perform(Question(key: key, scope: scope))
    }

    /// The fence under the store's secret.
    public func fence() async throws(Diagnostic) -> Fence { Fence(secret: try await store.fenceSecret()) }

    /// Whether a run has any reply.
    public func hasReplies(of run: PublicID) async throws(Diagnostic) -> Bool {
        try await store.read { db in
            var found = false
            try Query(db, "SELECT 1 FROM model_replies WHERE run = ? LIMIT 1")
                .rows(.id(run)) { _ in
                    found = true
                    return false
                }
            return found
        }
    }

    /// The row ids of models' and endpoints' names, which are few.
    private final class KnownNames: Sendable {
        private let names = Mutex<[String: Int64]>([:])
        private static let most = 1_000

        var all: [String: Int64] { names.withLock { $0 } }

        func learn(_ learned: [String: Int64]) {
            names.withLock { $0 = learned.count > Self.most ? [:] : learned }
        }
    }

    private static func insert(_ reply: JournaledReply, _ names: inout [String: Int64], _ db: Database) throws {
        func id(_ name: String) throws -> Query.Argument {
            if let known = names[name] { return .integer(known) }
            let id = try Interning.name(db, name)
            names[name] = id
            return .integer(id)
        }
        let sql = """
            INSERT INTO model_replies (key, run, purpose, asked, endpoint, model, refusal, reply, tokens_input, tokens_output,
                tokens_total, cost, price, created, latency)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """
        try Query(db, sql)
            .rows(
                .blob(reply.key.bytes),
                reply.run.map { .id($0) } ?? .null,
                .text(reply.purpose.rawValue),
                id(reply.asked),
                id(reply.endpoint),
                id(reply.model),
                .optional(reply.refusal),
                .text(reply.reply.serialized),
                reply.usage.map { .integer($0.inputTokens) } ?? .null,
                reply.usage.map { .integer($0.outputTokens) } ?? .null,
                reply.usage.map { .integer($0.totalTokens) } ?? .null,
                reply.costUSD.map { .number($0) } ?? .null,
                reply.price.isNull ? .null : .text(reply.price.serialized),
                .integer(reply.createdMilliseconds),
                .integer(reply.latencyMilliseconds)
            ) { _ in true }
    }

    private static func find(_ question: Question, _ db: Database) throws -> JournaledReply? {
        var arguments: [Query.Argument] = [.blob(question.key.bytes)]
        var condition = ""
        if case .run(let run) = question.scope {
            condition = "AND r.run = ?"
            arguments.append(.id(run))
        }
        let sql = """
            SELECT r.run, a.name, e.name, m.name, r.reply, r.tokens_input, r.tokens_output, r.tokens_total, r.cost,
                r.price, r.created, r.latency, r.purpose
            FROM model_replies r INDEXED BY model_replies_by_key
            CROSS JOIN names a ON a.id = r.asked CROSS JOIN names e ON e.id = r.endpoint
            CROSS JOIN names m ON m.id = r.model
            WHERE r.key = ? AND r.refusal IS NULL \(condition) ORDER BY r.id DESC LIMIT 1
            """
        var found: JournaledReply?
        try Query(db, sql)
            .rows(arguments) { row in
                var usage: TokenUsage?
                if let total = row.optionalInt64(7) {
                    usage = TokenUsage(inputTokens: row.int64(5), outputTokens: row.int64(6), totalTokens: total)
                }
                found = JournaledReply(
                    key: question.key,
                    run: row.isNull(0) ? nil : try row.publicID(0),
                    purpose: ModelPurpose(rawValue: row.text(12)) ?? .judge,
                    asked: row.text(1),
                    endpoint: row.text(2),
                    model: row.text(3),
                    reply: try row.json(4) ?? .null,
                    usage: usage,
                    costUSD: row.isNull(8) ? nil : row.double(8),
                    price: try row.json(9) ?? .null,
                    createdMilliseconds: row.int64(10),
                    latencyMilliseconds: row.int64(11)
                )
                return false
            }
        return found
    }
}

extension SQLiteStore {
    /// What the judges of a run took of their models; nil where it asked none.
    public func judgeUsage(of run: PublicID) async throws(Diagnostic) -> JudgeUsage? {
        try await read { db in try Self.judgeUsage(db, run) }
    }

    static func judgeUsage(_ db: Database, _ run: PublicID) throws -> JudgeUsage? {
        let sql = """
            SELECT count(*), count(refusal), count(tokens_total), sum(tokens_input), sum(tokens_output),
                sum(tokens_total), count(cost), sum(cost)
            FROM model_replies INDEXED BY model_replies_by_run WHERE run = ? AND purpose = 'judge'
            """
        var usage: JudgeUsage?
        try Query(db, sql)
            .rows(.id(run)) { row in
                let replies = row.int(0)
                if replies == 0 { return false }
                var sum = JudgeUsage(replies: replies, refused: row.int(1))
                if row.int(2) > 0 {
                    let tokens = TokenUsage(
                        inputTokens: row.int64(3),
                        outputTokens: row.int64(4),
                        totalTokens: row.int64(5)
                    )
                    sum.tokens = TokenTotal(tokens, isPartial: row.int(2) < replies)
                }
                if row.int(6) > 0 { sum.costUSD = CostTotal(row.double(7), isPartial: row.int(6) < replies) }
                usage = sum
                return false
            }
        return usage
    }

    /// The secret under which content that judges read is fenced, which the store makes once.
    ///
    /// - Returns: 32 bytes.
    /// - Throws: Why the store can't be used.
    package func fenceSecret() async throws(Diagnostic) -> [UInt8] {
        var generator = SystemRandomNumberGenerator()
        let fresh = (0..<32).map { _ in UInt8.random(in: 0...255, using: &generator) }
        return try await write { db in
            try Query(db, "INSERT OR IGNORE INTO secrets (name, value) VALUES ('fence', ?)")
                .rows(.blob(fresh)) { _ in true }
            var secret: [UInt8] = []
            try Query(db, "SELECT value FROM secrets WHERE name = 'fence'")
                .rows {
                    secret = $0.withBytes(0) { Array($0) }
                    return false
                }
            guard secret.count >= 16 else { throw Damage("the secret of the fences is too short") }
            return secret
        }
    }
}
