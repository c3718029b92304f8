// What the scorers of measured quantities share.

internal import EvalCore

extension ScorerDescriptor {
    /// The descriptor with the rule that a row passes up to a value; unchanged for nil.
    func passing(atMost greatest: Double?) -> ScorerDescriptor {
        var copy = self
        if let greatest { copy.pass = .bound(Bound(.atMost, greatest)) }
        return copy
    }
}

extension Verdict {
    /// The verdict on a row of which nobody knows the quantity.
    static let notMeasured = Verdict.skipped("not measured")
}

extension Verdict {
    /// The verdict on a retrieval of which nothing is expected.
    static let nothingExpected = Verdict.skipped("no document is expected")
}

extension Setting {
    /// How deep a ranking is looked at.
    static let retrievalDepth = Setting(
        "k",
        .integer,
        range: 1...0x1p31,
        help: "How many of the retrieved documents count, from the first; without it, all."
    )
}
