// Judges of people's own, kept with every version that they had; MLflow's registered scorers.

public import EvalJSON

/// A version of a judge as it is kept.
public struct RegisteredJudge: Sendable, Equatable {
    /// The judge's name, which is a scorer's name.
    public var name: String
    /// The experiment that it belongs to.
    public var experiment: String
    /// The version, from 1.
    public var version: Int
    /// What the judge is: a definition's JSON.
    public var definition: JSON
    /// When the version was made, in milliseconds since 1970.
    public var createdMilliseconds: Int64

    /// Makes a version.
    public init(name: String, experiment: String, version: Int, definition: JSON, createdMilliseconds: Int64) {
        self.name = name
        self.experiment = experiment
        self.version = version
        self.definition = definition
        self.createdMilliseconds = createdMilliseconds
    }
}

/// Keeps judges.
public protocol JudgeRegistry: Sendable {
    /// Keeps a judge as the newest version of its name; one that is the same as the newest is not kept twice.
    ///
    /// - Parameters:
    ///   - name: The judge's name.
    ///   - definition: What it is.
    ///   - experiment: The experiment that it belongs to, which is made if it is missing.
    /// - Returns: The version, and whether it is new.
    /// - Throws: Why it can't be kept.
    func register(
        _ name: String,
        _ definition: JSON,
        in experiment: String
    ) async throws(Diagnostic) -> (judge: RegisteredJudge, isNew: Bool)

    /// The newest version of each judge, sorted by name, then by experiment.
    ///
    /// - Parameter experiment: Whose judges; nil for those of all.
    /// - Returns: The judges.
    /// - Throws: Why they can't be read.
    func judges(of experiment: String?) async throws(Diagnostic) -> [RegisteredJudge]

    /// All versions of a judge, the newest first; none where there is no such judge.
    func versions(of name: String, in experiment: String) async throws(Diagnostic) -> [RegisteredJudge]
}
