// response_length: how long the answer is, against a least and a greatest length.

public import EvalCore
public import EvalJSON

/// Whether the output's length is within bounds: "yes" or "no".
public struct ResponseLength: BuiltInScorer {
    /// What is counted.
    public enum Unit: String, Sendable, CaseIterable {
        /// Unicode scalars, which is what Python's `len` counts.
        case chars
        /// What white space separates.
        case words
    }

    static let descriptor = ScorerDescriptor(
        "response_length",
        help: "The output's length is within bounds.",
        reads: ["outputs"],
        value: .yesNo,
        pass: .yes,
        settings: [
            Setting("min_length", .integer, range: 0...0x1p53, help: "The least length that is right."),
            Setting("max_length", .integer, range: 0...0x1p53, help: "The greatest length that is right."),
            Setting("unit", .choice(["chars", "words"]), default: "chars", help: "What is counted."),
        ]
    )

    private let bounds: ClosedRange<Int>
    private let unit: Unit

    /// Makes the scorer; `ResponseLength(10...200, unit: .words)`.
    public init(_ bounds: ClosedRange<Int>, unit: Unit = .chars) {
        self.bounds = bounds
        self.unit = unit
    }

    /// Makes the scorer with a greatest length only.
    public init(_ bounds: PartialRangeThrough<Int>, unit: Unit = .chars) {
        self.init(min(0, bounds.upperBound)...bounds.upperBound, unit: unit)
    }

    /// Makes the scorer with a least length only.
    public init(_ bounds: PartialRangeFrom<Int>, unit: Unit = .chars) {
        self.init(bounds.lowerBound...Int.max, unit: unit)
    }

    init(configuration: JSON) throws(Diagnostic) {
        let least = configuration["min_length"]?.integer
        let greatest = configuration["max_length"]?.integer
        guard least != nil || greatest != nil else {
            throw Diagnostic("'response_length' needs 'min_length', 'max_length' or both")
        }
        let (lower, upper) = (least ?? 0, greatest ?? .max)
        guard lower <= upper else {
            throw Diagnostic("'min_length' (\(lower)) of 'response_length' is above 'max_length' (\(upper))")
        }
        self.init(Int(lower)...Int(upper), unit: configuration.choice("unit") ?? .chars)
    }

    /// The length of a text in this scorer's unit.
    public func length(of text: Text) -> Int {
        switch unit {
        case .chars: text.scalarCount
        case .words: text.withUTF8 { $0.wordCount }
        }
    }

    /// Judges one row; the rationale is the length, such as `187 words`.
    public func score(_ row: Row) throws(ScorerError) -> Verdict {
        let length = length(of: try row.neededOutput())
        // Up to 15 bytes a String lives in place, so this needs no memory.
        return .yesNo(bounds.contains(length), rationale: String(length) + (unit == .chars ? " chars" : " words"))
    }
}
