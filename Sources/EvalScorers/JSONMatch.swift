// json_match: the answer is the expected JSON value, however it is written.

public import EvalCore
internal import EvalJSON

/// Whether the output and the expected response are the same JSON value.
public struct JSONMatch: BuiltInScorer {
    static let descriptor = ScorerDescriptor(
        "json_match",
        help: "The output is the expected response as a JSON value.",
        reads: ["outputs", "expectations.expected_response"],
        value: .boolean,
        pass: .yes,
        settings: [
            Setting("ignore_order", .boolean, default: false, help: "The order of an array's elements doesn't count."),
            Setting(
                "ignore_extra_keys",
                .boolean,
                default: false,
                help: "Objects of the output may have keys that the expected ones don't have."
            ),
            .allowFence,
        ]
    )

    private let ignoreOrder: Bool
    private let ignoreExtraKeys: Bool
    private let allowFence: Bool
    private let reader = JSONReader()

    /// Makes the scorer.
    ///
    /// - Parameters:
    ///   - ignoreOrder: Whether the order of elements doesn't count.
    ///   - ignoreExtraKeys: Whether the output may have further keys.
    ///   - allowFence: Whether the JSON may stand in a fence of Markdown.
    public init(ignoreOrder: Bool = false, ignoreExtraKeys: Bool = false, allowFence: Bool = false) {
        self.ignoreOrder = ignoreOrder
        self.ignoreExtraKeys = ignoreExtraKeys
        self.allowFence = allowFence
    }

    init(configuration: JSON) {
        self.init(
            ignoreOrder: configuration.flag("ignore_order"),
            ignoreExtraKeys: configuration.flag("ignore_extra_keys"),
            allowFence: configuration.flag("allow_fence")
        )
    }

    /// Judges one row; the rationale says where the values differ.
    public func score(_ row: Row) throws(ScorerError) -> Verdict {
        let output = try row.neededOutput()
        let response = try row.neededResponse()
        let expected: JSON
        do throws(JSONError) {
            expected = try reader.json(of: response)
        } catch {
            let message = "'expectations.expected_response' is not JSON: \(error.description)"
            throw ScorerError(code: "invalid_expectation", message: message)
        }
        let value: JSON
        do throws(JSONError) {
            value = try reader.json(of: output, allowingFence: allowFence)
        } catch {
            return .boolean(false, rationale: "the output is not JSON: \(error.description)")
        }
        var comparison = JSONComparison(ignoresOrder: ignoreOrder, ignoresExtraKeys: ignoreExtraKeys)
        let difference = try comparison.difference(value, expected)
        return .boolean(difference == nil, rationale: difference)
    }
}
