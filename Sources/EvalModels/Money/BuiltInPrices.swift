// The vendors' list prices, in US dollars for a million tokens: question, answer, what their cache had of a question.
// They are as we knew them on the day that is given, and vendors change them: whoever holds a budget by them gives a table of
// their own, which stands above this one.

enum BuiltInPrices {
    static let date = "2025-10-01"

    static let table: [String: ModelPrice] = {
        var table: [String: ModelPrice] = [:]
        for (name, input, output, cached) in openai {
            table["openai:/\(name)"] = ModelPrice(input: input, output: output, cachedInput: cached, date: date)
        }
        for (name, input, output, cached) in anthropic {
            table["anthropic:/\(name)"] = ModelPrice(input: input, output: output, cachedInput: cached, date: date)
        }
        return table
    }()

    private static let openai: [(String, Double, Double, Double?)] = [
        ("gpt-5", 1.25, 10, 0.125),
        ("gpt-5-mini", 0.25, 2, 0.025),
        ("gpt-5-nano", 0.05, 0.4, 0.005),
        ("gpt-4.1", 2, 8, 0.5),
        ("gpt-4.1-mini", 0.4, 1.6, 0.1),
        ("gpt-4.1-nano", 0.1, 0.4, 0.025),
        ("gpt-4o", 2.5, 10, 1.25),
        ("gpt-4o-mini", 0.15, 0.6, 0.075),
        ("gpt-4-turbo", 10, 30, nil),
        ("gpt-3.5-turbo", 0.5, 1.5, nil),
        ("o1", 15, 60, 7.5),
        ("o3", 2, 8, 0.5),
        ("o3-mini", 1.1, 4.4, 0.55),
        ("o4-mini", 1.1, 4.4, 0.275),
        ("text-embedding-3-small", 0.02, 0, nil),
        ("text-embedding-3-large", 0.13, 0, nil),
        ("text-embedding-ada-002", 0.1, 0, nil),
    ]

    private static let anthropic: [(String, Double, Double, Double?)] = [
        ("claude-opus-4-1", 15, 75, 1.5),
        ("claude-opus-4", 15, 75, 1.5),
        ("claude-sonnet-4-5", 3, 15, 0.3),
        ("claude-sonnet-4", 3, 15, 0.3),
        ("claude-haiku-4-5", 1, 5, 0.1),
        ("claude-3-7-sonnet", 3, 15, 0.3),
        ("claude-3-5-sonnet", 3, 15, 0.3),
        ("claude-3-5-haiku", 0.8, 4, 0.08),
        ("claude-3-haiku", 0.25, 1.25, 0.03),
    ]
}
