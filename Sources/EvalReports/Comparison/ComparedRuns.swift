// Two runs of a store, compared.

public import EvalCore
internal import EvalJSON

extension RunComparison {
    /// Compares two runs that a store keeps.
    ///
    /// - Parameters:
    ///   - before: The word of the first run: an id, the beginning of one, a name, or `latest`.
    ///   - after: The word of the second.
    ///   - store: Where they are.
    ///   - descriptors: Scorers that may say which of two values is the better one.
    /// - Returns: The comparison, finished.
    /// - Throws: That there is no such run, or that both are the same one.
    public static func of(
        _ before: String,
        _ after: String,
        in store: any RunRecords,
        descriptors: [ScorerDescriptor]
    ) async throws(Diagnostic) -> RunComparison {
        let left = try await store.run(named: before)
        let right = try await store.run(named: after)
        guard left != right else {
            throw Diagnostic(
                "'\(before)' and '\(after)' are the same run",
                help: "`evalhost runs list` shows the runs."
            )
        }
        var comparison = RunComparison(
            try await store.record(of: left),
            try await store.record(of: right),
            descriptor: { record in
                let name = record.provenance["scorer"]?.string
                return descriptors.first { $0.qualifiedName == name }
            }
        )
        try await store.forEachRow(of: left) { row throws(Diagnostic) in comparison.addLeft(row) }
        try await store.forEachRow(of: right) { row throws(Diagnostic) in comparison.addRight(row) }
        comparison.finish()
        return comparison
    }
}
