// Plans, records and scorers that tests share.

public import EvalCore
internal import EvalJSON

/// A scorer that a test writes as a closure.
public struct ClosureScorer: RowScorer {
    /// What the scorer says of itself.
    public let descriptor: ScorerDescriptor
    /// Whether rows travel alone.
    public let isSlow: Bool
    private let body: @Sendable (Row) throws(ScorerError) -> Verdict

    /// Makes a scorer.
    public init(
        _ name: String,
        isSlow: Bool = false,
        _ body: @escaping @Sendable (Row) throws(ScorerError) -> Verdict
    ) {
        descriptor = ScorerDescriptor(name, help: "A test's.", reads: ["outputs"], value: .number)
        self.isSlow = isSlow
        self.body = body
    }

    /// Calls the closure.
    public func score(_ row: Row) throws(ScorerError) -> Verdict { try body(row) }
}

/// A scorer of sessions that a test writes as a closure.
public struct ClosureSessionScorer: SessionScorer {
    /// What the scorer says of itself.
    public let descriptor: ScorerDescriptor
    /// Whether sessions are judged one by one.
    public let isSlow: Bool
    private let body: @Sendable (Session) async -> Verdict

    /// Makes a scorer.
    public init(
        _ name: String,
        value: ValueType = .number,
        isSlow: Bool = false,
        _ body: @escaping @Sendable (Session) async -> Verdict
    ) {
        descriptor = ScorerDescriptor(name, help: "A test's.", reads: ["outputs"], value: value, scope: .session)
        self.isSlow = isSlow
        self.body = body
    }

    /// Calls the closure.
    public func score(session: Session) async -> Verdict { await body(session) }
}

/// A scorer of how many turns a session has.
public func turnsScorer(
    _ name: String = "turns",
    isSlow: Bool = false,
    aggregations: [Aggregation]? = nil
) -> ScorerInstance {
    ScorerInstance(
        ClosureSessionScorer(name, isSlow: isSlow) { .number(Double($0.turns.count)) },
        aggregations: aggregations
    )
}

/// Records of conversations: record n has the id `n` and the session that `session` gives it.
public func conversations(_ count: Int, _ session: (Int) -> String?) throws -> [Record] {
    try (0..<count)
        .map { index in
            var members: [(String, JSON)] = [
                ("id", JSON(String(index))), ("inputs", ["q": JSON(index)]),
                ("outputs", JSON(String(repeating: "x", count: index % 10 + 1))),
            ]
            if let session = session(index) { members.append(("session_id", JSON(session))) }
            return try Record(row: .object(members))
        }
}

/// A scorer of the length of the outputs; rows without outputs are errors.
public func lengthScorer(_ name: String = "length", isSlow: Bool = false) -> ScorerInstance {
    ScorerInstance(
        ClosureScorer(name, isSlow: isSlow) { row throws(ScorerError) in
            guard let text = row.outputText else { throw .missingField("outputs") }
            return .number(Double(text.count))
        }
    )
}

/// Records whose outputs are `x`, `xx` and so on, up to ten.
public func sampleRecords(_ count: Int) throws -> [Record] {
    try (0..<count)
        .map { index in
            try Record(
                inputs: ["q": JSON(index)],
                outputs: JSON(String(repeating: "x", count: index % 10 + 1)),
                expectations: ["expected_response": "x"]
            )
        }
}

/// A plan with these scorers.
public func samplePlan(_ scorers: [ScorerInstance], id: PublicID = .make(), owner: RunOwner? = nil) -> RunPlan {
    RunPlan(
        id: id,
        name: "test",
        experiment: "Default",
        hostVersion: "0",
        configuration: ["data": "records"],
        dataSource: "records",
        machine: "here",
        owner: owner ?? RunOwner(pid: 1, bootID: "boot", startTicks: 1),
        startedMilliseconds: 1_000,
        scorers: scorers
    )
}
