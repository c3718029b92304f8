// Runs of characters that two texts share; the counting is in C.

internal import CEvalText
internal import EvalCore
internal import EvalJSON

/// The scalars of a text but for its white space.
struct VisibleScalars {
    private let scalars: [UInt32]

    init(_ text: Text) {
        scalars = text.withUTF8 { utf8 in
            Array(unsafeUninitializedCapacity: utf8.count) { buffer, count in
                count = ceval_text_visible_scalars(utf8.baseAddress, utf8.count, buffer.baseAddress)
            }
        }
    }

    /// How many runs of `length` scalars there are.
    func count(ofLength length: Int) -> Int { max(0, scalars.count - length + 1) }

    /// How many runs of 1 to 6 scalars are in both texts, each as often as in both.
    ///
    /// - Throws: That there is no memory.
    func shared(with other: VisibleScalars) throws(ScorerError) -> [Int] {
        var done = false
        let counts = [Int](unsafeUninitializedCapacity: Int(CEVAL_TEXT_ORDERS)) { buffer, count in
            scalars.withUnsafeBufferPointer { mine in
                other.scalars.withUnsafeBufferPointer { others in
                    buffer.withMemoryRebound(to: UInt.self) { buffer in
                        done = ceval_text_shared_ngrams(
                            mine.baseAddress, mine.count, others.baseAddress, others.count, buffer.baseAddress)
                    }
                }
            }
            count = done ? buffer.count : 0
        }
        guard done else { throw ScorerError(code: "out_of_memory", message: "there is no memory for counting n-grams") }
        return counts
    }
}
