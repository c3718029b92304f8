// The tasks of relevance_to_query and retrieval_relevance.

extension Prompt {
    /// The answer against the question.
    static let relevanceToQuery = """
        Decide whether [answer] is about what [question] asks for.
        - "yes": the answer takes up the request: it answers it, gives something of use for it, asks back for what is \
        missing, or says why it doesn't answer.
        - "no": the answer is about something else, or most of it wanders off to matters that nobody asked for.
        Whether the answer is right doesn't matter here, and neither does its length.
        """

    /// One document against the question.
    static let retrievalRelevance = """
        A search found [document] for [question]. Decide whether the document is of use for answering the question.
        - "yes": it holds something that belongs into an answer, or that helps to find one, even if only in part.
        - "no": it is about something else, or shares no more with the question than words or a broad subject.
        Whether the document tells the truth doesn't matter here.
        """
}
