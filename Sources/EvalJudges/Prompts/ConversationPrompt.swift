// The tasks of judges of conversations.

extension Prompt {
    /// How the user feels.
    static let userFrustration = """
        The blocks [turn_N_user] and [turn_N_assistant] hold a conversation, turn by turn. Decide whether the user got \
        frustrated, and how that ended.
        - "none": the user shows no frustration in any turn.
        - "resolved": the user is frustrated in some turn, and later shows by words of their own that all is well \
        again: contented, relieved, or willing to leave it at that.
        - "unresolved": the user is frustrated, and the conversation ends without such a sign.
        Frustration is anger, impatience, complaint, sarcasm, giving up, or asking the same thing again with \
        irritation; a plain follow-up question is none. Judge by what the user says. A kind or helpful last turn of \
        the assistant resolves nothing by itself.
        """

    /// The role of the assistant.
    static let conversationalRoleAdherence = """
        The blocks [turn_N_user] and [turn_N_assistant] hold a conversation, turn by turn. A message of the system \
        inside of a user's block, if there is one, is what gave the assistant its role; without one, the role is what \
        the assistant itself presents from its first turns on. Decide whether the assistant keeps to its role \
        throughout.
        - "yes": its manner, its knowledge and its limits stay those of the role. Declining or redirecting what lies \
        outside of the role is keeping to it, and so are small shifts of tone.
        - "no": at least one turn of the assistant drops the role, claims to be something else, or does what the role \
        rules out. Name the turn.
        What the user tries doesn't count; what the assistant does counts.
        """

    /// What the user told before.
    static let knowledgeRetention = """
        The blocks [turn_N_user] and [turn_N_assistant] hold a conversation, turn by turn. For each turn decide by \
        itself whether the assistant's words in it are true to what the user told in that turn's predecessors: facts, \
        names, dates, wishes, limits.
        - "yes": what the assistant takes up of it is right, and nothing is forgotten that matters for what the user \
        asks in this turn. A turn in which nothing told before matters, the first one among them, and a turn without \
        an assistant's block, is a yes.
        - "no": the assistant contradicts or distorts what the user told, asks for it again, or ignores it where it \
        matters. Name it.
        In "rationale" say in one sentence how it does as a whole.
        """
}
