// The task of equivalence.

extension Prompt {
    /// The answer against the expected one, both ways.
    static let equivalence = """
        Decide whether [answer] and [expected] mean the same.
        - "yes": somebody who needs one of them could use the other one instead: neither states anything of weight \
        that the other one lacks or denies.
        - "no": they differ in a fact, a number, a name, a condition, or in how much they claim.
        Other words, another order, another layout, synonyms and equal quantities in other units are no difference.
        """
}
