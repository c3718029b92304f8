// Runs of characters that two texts share; the counting is in C.

internal import CEvalText
internal import EvalCore
internal import EvalJSON

/// How many runs of 1 to 6 characters two texts share; white space is no character.
struct CharacterNGrams {
    private let counts: ceval_text_ngrams

    /// Counts.
    ///
    /// - Throws: That there is no memory.
    init(_ first: Text, _ second: Text) throws(ScorerError) {
        var counts = ceval_text_ngrams()
        let done = first.withUTF8 { a in
            second.withUTF8 { ceval_text_shared_ngrams(a.baseAddress, a.count, $0.baseAddress, $0.count, &counts) }
        }
        guard done else { throw ScorerError(code: "out_of_memory", message: "there is no memory for counting n-grams") }
        self.counts = counts
    }

    /// By the length of the runs: how many the first text has, the second one has, and both have.
    var byLength: [(first: Int, second: Int, shared: Int)] {
        withUnsafeBytes(of: counts.shared) { bytes in
            bytes.bindMemory(to: Int.self).enumerated()
                .map { less, shared in
                    (max(0, Int(counts.a_count) - less), max(0, Int(counts.b_count) - less), shared)
                }
        }
    }
}
