// What an application's answer says, in a line or in a body: outputs or an error, and optionally trace and usage.

internal import EvalCore
internal import EvalJSON

/// Reads `{"outputs", "trace"?, "usage"?}` or `{"error": {"code", "message", "retryable"}}`.
///
/// `usage` is `{"input_tokens", "output_tokens", "total_tokens"?, "cost"?}`, the cost in US dollars, or has OpenAI's names
/// `prompt_tokens` and `completion_tokens`; members that are no such numbers count as not measured.
enum AnswerReader {
    /// The answer in `json`, whose outputs are at `path` or else under `outputs`.
    static func read(_ json: JSON, outputs path: JSONPath? = nil) -> Result<Prediction, PredictFailure> {
        if let error = json[key: "error"], !error.isNull { return .failure(failure(error)) }
        let found = path == nil ? json[key: "outputs"] : path?.value(in: json)
        guard let outputs = found else {
            let lack = path.map { "nothing at '\($0)'" } ?? "neither 'outputs' nor 'error'"
            return .failure(PredictFailure("the answer has \(lack)"))
        }
        var prediction = Prediction(outputs: outputs)
        if let trace = json[key: "trace"], !trace.isNull { prediction.trace = trace }
        if let usage = json[key: "usage"] {
            prediction.usage = tokens(usage)
            if let cost = usage[key: "cost"]?.number, cost >= 0 { prediction.costUSD = cost }
        }
        return .success(prediction)
    }

    /// The failure that an application reports.
    private static func failure(_ error: JSON) -> PredictFailure {
        let message = error.string ?? error[key: "message"]?.string ?? ""
        let code = error[key: "code"].flatMap { $0.string ?? $0.integer.map(String.init) } ?? ""
        let words = [code, message].filter { !$0.isEmpty }.joined(separator: ": ")
        return PredictFailure(
            words.isEmpty ? "the application reports an error without a message" : bounded(words),
            isRetryable: error[key: "retryable"]?.boolean ?? false
        )
    }

    private static func tokens(_ usage: JSON) -> TokenUsage? {
        guard let input = (usage[key: "input_tokens"] ?? usage[key: "prompt_tokens"])?.integer,
            let output = (usage[key: "output_tokens"] ?? usage[key: "completion_tokens"])?.integer,
            input >= 0, output >= 0
        else { return nil }
        let total = usage[key: "total_tokens"]?.integer
        return TokenUsage(inputTokens: input, outputTokens: output, totalTokens: total.flatMap { $0 < 0 ? nil : $0 })
    }

    private static func bounded(_ words: String) -> String {
        guard words.utf8.count > Limits.errorMessageBytes else { return words }
        return String(decoding: words.utf8.prefix(Limits.errorMessageBytes), as: UTF8.self)
    }
}
