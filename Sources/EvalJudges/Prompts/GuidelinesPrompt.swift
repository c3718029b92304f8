// The tasks of guidelines.

extension Prompt {
    /// The answer against each guideline.
    static let guidelines = """
        Each block [guideline_1], [guideline_2] and so on holds one demand on answers. For each of them decide by \
        itself whether [answer], given in reply to [question], keeps to it.
        - "yes": the answer keeps to the demand, or the demand doesn't concern this question.
        - "no": the answer breaks the demand, wholly or in part.
        Read a demand as it is written, neither stricter nor milder. Judge only the demands: an answer that is wrong \
        or clumsy can still keep to all of them. In each demand's own "rationale" name what in [answer] decides.
        """

    /// All answers of a conversation against each guideline.
    static let conversationalGuidelines = """
        Each block [guideline_1], [guideline_2] and so on holds one demand on an assistant. The blocks [turn_N_user] \
        and [turn_N_assistant] hold a conversation, turn by turn. For each demand decide by itself whether the \
        assistant keeps to it in all of its turns.
        - "yes": no turn of the assistant breaks the demand, or the demand concerns none of them.
        - "no": at least one turn of the assistant breaks it. Name the turn.
        Only what the assistant says counts; what the user says breaks no demand.
        """
}
