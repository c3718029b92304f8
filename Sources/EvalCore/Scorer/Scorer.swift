// The interface in the middle: built-in scorers, judges and plugins implement it, the loop knows nothing else.

public import EvalJSON

/// A row as a scorer sees it.
public struct Row: Sendable {
    /// The parts, behind one reference: rows are copied on the hot path.
    private let parts: Parts

    private final class Parts: Sendable {
        let record: Record
        let outputs: JSON?
        let outputText: Text?
        let trace: Trace
        let repetition: Int

        init(_ record: Record, _ outputs: JSON?, _ trace: Trace, _ repetition: Int) {
            self.record = record
            self.outputs = outputs
            outputText = outputs?.textOfValue
            self.trace = trace
            self.repetition = repetition
        }
    }

    /// The record with its inputs and expectations.
    public var record: Record { parts.record }
    /// What the application answered; nil if there is no answer.
    public var outputs: JSON? { parts.outputs }
    /// The text of the outputs, which is what most scorers read.
    public var outputText: Text? { parts.outputText }
    /// What happened.
    public var trace: Trace { parts.trace }
    /// Which repetition of its record it is, from 0.
    public var repetition: Int { parts.repetition }

    /// Makes a row.
    public init(record: Record, outputs: JSON?, trace: Trace, repetition: Int = 0) {
        parts = Parts(record, outputs, trace, repetition)
    }

    /// The text of `expectations.expected_response`, if there is one.
    public var expectedResponse: Text? {
        guard let expected = record.expectations?[key: "expected_response"], !expected.isNull else { return nil }
        return expected.textOfValue
    }

    /// The field at a path that begins with a key of the row (`outputs`, `expectations.expected_response`, …).
    ///
    /// `outputs` is what the application answered, wherever it came from.
    public func field(_ path: JSONPath) -> JSON? {
        guard case .key(let first)? = path.steps.first else { return nil }
        guard first.equals("outputs") else { return path.value(in: record.row) }
        guard let outputs else { return nil }
        return path.steps.count == 1 ? outputs : JSONPath(steps: Array(path.steps.dropFirst())).value(in: outputs)
    }
}

/// Judges rows.
///
/// It is called for several batches at once, from any task. It answers every row of a batch exactly once, in their
/// order, and it never hangs: what it waits on has a deadline. An error is a verdict about its row.
public protocol Scorer: Sendable {
    /// What the scorer is called, reads and gives.
    var descriptor: ScorerDescriptor { get }

    /// Whether a row may wait on something slow, so that rows should travel alone and finish on their own.
    var isSlow: Bool { get }

    /// Judges rows; as many verdicts as rows.
    func score(_ rows: [Row]) async -> [Verdict]
}

extension Scorer {
    /// Most scorers only compute.
    public var isSlow: Bool { false }
}

/// A scorer that is a plain function of one row.
public protocol RowScorer: Scorer {
    /// Judges one row.
    ///
    /// - Throws: Why there is no value.
    func score(_ row: Row) throws(ScorerError) -> Verdict
}

extension RowScorer {
    /// Judges the rows one after another.
    public func score(_ rows: [Row]) async -> [Verdict] {
        rows.map { row in
            do throws(ScorerError) {
                return try score(row)
            } catch {
                return .errored(error)
            }
        }
    }
}

extension Verdict {
    /// A yes or no in MLflow's spelling.
    @inlinable
    public static func yesNo(_ yes: Bool, rationale: String? = nil) -> Verdict {
        .feedback(Feedback(.text(yes ? "yes" : "no"), rationale: rationale))
    }

    /// A truth value.
    @inlinable
    public static func boolean(_ value: Bool, rationale: String? = nil) -> Verdict {
        .feedback(Feedback(.boolean(value), rationale: rationale))
    }

    /// A number.
    @inlinable
    public static func number(_ value: Double, rationale: String? = nil) -> Verdict {
        .feedback(Feedback(.number(value), rationale: rationale))
    }
}
