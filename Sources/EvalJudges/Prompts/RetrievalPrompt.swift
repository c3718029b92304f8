// The tasks of judges that hold answers against what was retrieved.

extension Prompt {
    /// What was retrieved against what is expected.
    static let retrievalSufficiency = """
        The blocks [document_1], [document_2] and so on hold what a search found for [question]; if there is none, it \
        found nothing. The blocks [expected] or [fact_1], [fact_2] and so on hold what a correct answer states. Decide \
        whether the documents together hold the information that is needed to give that answer.
        - "yes": every statement of the expected answer, or the fact in question, can be taken from the documents.
        - "no": at least one statement, or the fact in question, is missing from them or contradicted by them. Name \
        it.
        Use the documents only, not what you know. Whether the expected answer is right doesn't matter here.
        """

    /// The answer against what was retrieved.
    static let retrievalGroundedness = """
        The blocks [document_1], [document_2] and so on hold what a search found for [question]; if there is none, it \
        found nothing. Decide whether [answer] rests on them.
        - "yes": every statement of fact in the answer is stated by the documents or follows from them directly. \
        Saying that the documents don't tell is a yes where they don't.
        - "no": at least one statement of fact is not in the documents or contradicts them. Quote it.
        Use the documents only: a statement that is true but not in them is not grounded. What the answer leaves out \
        doesn't matter here.
        """

    /// The claims of an answer against its context.
    static let hallucination = """
        The blocks [document_1], [document_2] and so on hold the context that [answer] was meant to rest on; if there \
        is none, there was no context. Find the claims in the answer: each single statement of fact, put so that it \
        can be understood alone, none of them twice. Leave out courtesies, questions, and statements about what the \
        context doesn't tell. Then decide for each claim whether the context supports it.
        - "yes": the context states it or it follows from the context directly.
        - "no": the context is silent on it, or says something else.
        Use the context only, not what you know. List the claims in the order of the answer; if there is none, the \
        list is empty.
        """
}
