// Scorers that use what the contract offers beside rows: judge, log, assets, sessions, permissions.

import ScorerKit

/// Asks the judge with a prompt from the assets, and answers with what it made of the reply.
struct Asking: PluginScorer {
    struct Configuration: PluginConfiguration { var sample = 0 }

    static let about = About(
        "asking",
        reads: [.outputs],
        value: .text,
        feedbacks: [.init("score", .number), .init("agrees", .boolean)],
        traits: .callsJudge
    )

    private static let schema: JSONText = ["type": "object", "required": ["why", "agrees"]]

    let configuration: Configuration
    private var prompt = ""

    init(configuration: Configuration) { self.configuration = configuration }

    mutating func prepare(_ context: SetupContext) throws {
        prompt = String(try context.assets.text("prompt.txt"))
        context.log.info("asks with \(prompt.utf8.count) bytes")
        context.log.debug("never phrased \(unphrased())")
    }

    func score(_ row: Row) throws -> Score {
        let context = row.context
        let reply = try context.judge.ask(
            [.system(prompt), .user(String(row[.outputs]))],
            schema: Self.schema,
            sample: UInt32(configuration.sample)
        )
        if reply.isFromCache { context.log.warning("from the cache") } else { context.log.error("asked") }
        guard let why = reply.text("why"), let agrees = reply.boolean("agrees") else {
            throw ScoringError("not in the reply: \(String(reply.json))")
        }
        return .text(why)
            .because("\(String(context.judge.model)), \(String(reply.model)), \(reply.inputTokens ?? 0)")
            .with(metadata: ["cost": .number(reply.cost ?? -1), "output": .boolean(reply.outputTokens == nil)])
            .adding("score", .number(reply.number("score") ?? -1))
            .adding("agrees", .boolean(agrees))
    }

    private func unphrased() -> String { preconditionFailure("the host keeps no such line") }
}

/// Asks without the trait.
struct Forbidden: PluginScorer, DefaultConstructible {
    static let about = About("forbidden", reads: [.outputs], value: .number)
    func score(_ row: Row) throws -> Score {
        .number(try row.context.judge.ask(String(row[0]), schema: ["type": "object"]).number("score") ?? 0)
    }
}

/// How many turns say something, with a word that counts as nothing.
struct Talking: PluginSessionScorer {
    struct Configuration: PluginConfiguration { var silence = "…" }

    static let about = About("talking", reads: [.outputs.optional], value: .integer, traits: .deterministic)

    let configuration: Configuration

    func score(_ session: Session) throws -> Score {
        var count = 0
        for index in 0..<session.turns.count {
            let said = session.turns[index][.outputs]
            if said == "again" { throw RetryError("once more") }
            if !said.isEmpty && String(said) != configuration.silence { count += 1 }
        }
        session.context.log.info(String(session.id))
        guard count > 0 else { return .skip("nobody speaks") }
        let start = session.turns.startNanoseconds(session.turns.count - 1) ?? -1
        return .integer(count).because("the last at \(start)")
    }
}

/// The library, as the host reads it.
@c(evalhost_plugin_entry)
public func entry() -> PluginEntry {
    plugin(
        "everything",
        "1.0.0",
        Asking.self,
        Forbidden.self,
        Talking.self,
        licence: "Apache-2.0",
        permissions: [.network("fetches word vectors"), .memory(mebibytes: 2048, "holds them")]
    )
}
