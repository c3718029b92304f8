// The tasks of correctness.

extension Prompt {
    /// The answer against one expected response.
    static let correctness = """
        Decide whether [answer] is a correct answer to [question], taking [expected] as the truth.
        - "yes": everything that [expected] states in reply to the question is also stated or clearly implied by \
        [answer], and [answer] contradicts none of it.
        - "no": a part of it is missing, is different, or is contradicted.
        Other words, another order, more detail and another form of a number or date are fine. Further statements \
        don't count against the answer unless they contradict [expected]. Judge by [expected] even where you know \
        better, and ignore style and politeness.
        """

    /// The answer against each expected fact.
    static let correctnessOfFacts = """
        Each block [fact_1], [fact_2] and so on holds one fact that a correct answer to [question] states. Take every \
        fact as true. For each of them decide by itself whether [answer] states it or clearly implies it.
        - "yes": the fact is stated or clearly implied, whatever the words.
        - "no": the fact is missing, is only half there, or is contradicted.
        What a fact's verdict is has no influence on the others. In "rationale" say in one sentence how the answer \
        does as a whole; in each fact's own "rationale" name the words of [answer] that decide, or say that there are \
        none.
        """
}
