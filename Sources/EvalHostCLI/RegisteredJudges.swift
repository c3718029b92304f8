// The judges of a store, as commands name them.

internal import EvalCore
internal import EvalStore

/// Judges of people's own.
enum RegisteredJudges {
    /// The newest versions of an experiment's judges, and of `Default`'s where the experiment has none of that name; none
    /// where there is no store.
    ///
    /// - Throws: Why the store can't be read, or which judge of it can't.
    static func of(_ experiment: String, in access: LazyStore) async throws(Diagnostic) -> [JudgeDefinition] {
        guard let store = try access.existing() else { return [] }
        return try await of(experiment, in: store)
    }

    /// The newest versions of an experiment's judges, and of `Default`'s where the experiment has none of that name.
    ///
    /// - Throws: Why they can't be read, or which of them can't.
    static func of(_ experiment: String, in store: any JudgeRegistry) async throws(Diagnostic) -> [JudgeDefinition] {
        var records = try await store.judges(of: experiment)
        if experiment != standard {
            for other in try await store.judges(of: standard) where !records.contains(where: { $0.name == other.name })
            {
                records.append(other)
            }
        }
        var judges: [JudgeDefinition] = []
        for record in records { judges.append(try definition(record)) }
        return judges
    }

    /// A kept judge as a definition.
    ///
    /// - Throws: What is wrong with it, which only another version of evalhost can have written.
    static func definition(_ record: RegisteredJudge) throws(Diagnostic) -> JudgeDefinition {
        do throws(Diagnostic) {
            return try JudgeDefinition(record.definition)
        } catch {
            var error = error
            error.message = "version \(record.version) of the judge '\(record.name)': \(error.message)"
            throw error
        }
    }

    /// The experiment of judges that nobody put elsewhere.
    static let standard = "Default"
}
