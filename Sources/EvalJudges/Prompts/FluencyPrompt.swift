// The task of fluency.

extension Prompt {
    /// The language of the answer.
    static let fluency = """
        Decide whether [answer] is written well, in whatever language it is written.
        - "yes": the sentences are grammatical, the words are well chosen, one thought leads to the next, and nothing \
        has to be read twice. Single slips that disturb nobody are fine; lists, code and short answers are judged as \
        what they are.
        - "no": errors of grammar, unnatural or broken sentences, needless repetition, or a text that breaks off make \
        it hard or unpleasant to read.
        What the answer says, and whether it is true, doesn't matter here.
        """
}
