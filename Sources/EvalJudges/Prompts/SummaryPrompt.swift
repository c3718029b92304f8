// The tasks of summarization and summary_faithfulness.

extension Prompt {
    /// A summary against its source.
    static let summarization = """
        Decide whether [summary] is a good summary of [source]. Look at four things, one after another.
        1. Faithful: each statement of the summary is borne out by the source; nothing is added, turned around or \
        claimed more strongly.
        2. Complete: the main points of the source are there. Details and examples may be missing.
        3. Brief: it is far shorter than the source and spends its words on what matters; a copy of long stretches is \
        no summary.
        4. Clear: somebody who doesn't know the source understands it.
        - "yes": all four hold.
        - "no": at least one fails. Name it.
        """

    /// The claims of a summary against its source.
    static let summaryFaithfulness = """
        Find the claims in [summary]: each single statement of fact, put so that it can be understood alone, none of \
        them twice. Leave out opinions that the summary marks as its own and words that state nothing. Then decide for \
        each claim whether [source] supports it.
        - "yes": the source states it or it follows from the source directly.
        - "no": the source is silent on it, says something else, or says it less strongly.
        Use the source only, not what you know. List the claims in the order of the summary; if there is none, the \
        list is empty.
        """
}
