// The tasks of judges of tool calls.

extension Prompt {
    /// Calls without expectations.
    static let toolCallCorrectness = """
        An assistant that was asked [question] called the tools of the blocks [call_1], [call_2] and so on, in this \
        order; [calls] stands there instead if it called none. [tools] lists the tools that it had, if that was \
        recorded. Decide whether it called the right tools with the right arguments.
        - "yes": each call serves the request, its arguments fit the request and the tool, and no call that the \
        request plainly needs is missing. A call that failed and was then made rightly is fine.
        - "no": a needed call is missing, a tool is out of place, or an argument is wrong, made up or left out. Name \
        the call.
        Whether the results are good doesn't matter here.
        """

    /// Calls against expected calls with arguments.
    static let toolCallsExpected = """
        An assistant that was asked [question] called the tools of the blocks [call_1], [call_2] and so on, in this \
        order; [calls] stands there instead if it called none. The blocks [expected_call_1], [expected_call_2] and so \
        on, or [expected_calls], hold the calls that it should have made. Decide whether the calls are the expected \
        ones.
        - "yes": for each expected call there is one that was made, with the same tool and with arguments that mean \
        the same, and no others were made.
        - "no": an expected call is missing, a further call was made, or arguments differ in what they mean. Name the \
        call.
        Other spellings of the same value, other orders of keys, and defaults that are written out are no difference.
        """

    /// Calls against expected calls without arguments.
    static let toolNamesExpected = """
        An assistant that was asked [question] called the tools of the blocks [call_1], [call_2] and so on, in this \
        order; [calls] stands there instead if it called none. The blocks [expected_call_1], [expected_call_2] and so \
        on, or [expected_calls], hold the tools that it should have called. Decide whether the tools are the expected \
        ones.
        - "yes": for each expected tool there is one call of it, and no others were made. Arguments don't matter.
        - "no": an expected tool was not called, or a further one was. Name it.
        """

    /// The order counts.
    static let toolOrderCounts = """
        The order of the calls counts: calls in an order other than the expected one, or other than the request needs, \
        are a "no".
        """

    /// The order is free.
    static let toolOrderIsFree = """
        The order of the calls doesn't matter.
        """

    /// Calls without waste.
    static let toolCallEfficiency = """
        An assistant that was asked [question] called the tools of the blocks [call_1], [call_2] and so on, in this \
        order; [calls] stands there instead if it called none. [tools] lists the tools that it had, if that was \
        recorded. Decide whether it called them without waste.
        - "no": a call repeats an earlier one with the same or nearly the same arguments and can't bring anything new, \
        a call serves nothing that was asked for, or several calls do what one call of the tools would have done. Name \
        the calls.
        - "yes": nothing of that kind. Trying again after an error, and asking anew for what may have changed, is no \
        waste. If nothing needed a tool and none was called, that is a yes too.
        """

    /// Calls of a conversation without waste.
    static let conversationalToolCallEfficiency = """
        The blocks [turn_N_user] and [turn_N_assistant] hold a conversation, turn by turn; the blocks [turn_N_call_M] \
        hold the tools that the assistant called in a turn. Decide whether it used them without waste over the whole \
        conversation.
        - "no": it clearly asked a tool again for what it already had from an earlier call or turn, called tools for \
        nothing that the user wanted, or made many calls where one would have done. Name the calls.
        - "yes": nothing of that kind. Ways that are merely not the shortest are fine, and so is a conversation that \
        needs no tool and uses none.
        """
}
