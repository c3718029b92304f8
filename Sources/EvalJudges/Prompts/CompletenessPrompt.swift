// The tasks of completeness and conversation_completeness.

extension Prompt {
    /// One answer against all requests of a question.
    static let completeness = """
        Decide whether [answer] deals with everything that [question] openly asks for. List the separate requests of \
        the question first, then look for each in the answer.
        - "yes": each request is dealt with in the way that was asked for. A refusal with a stated reason deals with a \
        request, and so does asking back for what is needed to go on.
        - "no": a request is passed over, is dealt with in another way than was asked for, or is refused without a \
        reason.
        Whether what is said is true doesn't matter here. Add no requests of your own.
        """

    /// All requests of a conversation.
    static let conversationCompleteness = """
        The blocks [turn_N_user] and [turn_N_assistant] hold a conversation, turn by turn. Decide whether every \
        request of the user has been dealt with by the end. List the requests first, with their turns, then name for \
        each the turn of the assistant that deals with it.
        - "yes": each request is dealt with somewhere, possibly later than it was made. A refusal with a stated reason \
        deals with a request.
        - "no": at least one request is still open at the end, was only promised, or was refused without a reason. A \
        user who seems content is no proof: what counts is what the assistant said.
        A request that the user takes back needs no answer.
        """
}
