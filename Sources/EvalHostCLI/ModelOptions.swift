// Options about the models that judge, and what all models may cost.

public import ArgumentParser
public import EvalCore

/// What a person may say about models on the command line.
struct ModelOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The model that judges: openai:/NAME, anthropic:/NAME or endpoint:/URL#NAME.",
            discussion: "There is no default.",
            valueName: "model"
        )
    )
    var judgeModel: String?

    @Option(
        help: ArgumentHelp("The address of the judge model before /chat/completions or /v1/messages.", valueName: "url")
    )
    var judgeBaseURL: String?

    @Option(
        help: ArgumentHelp(
            "Which replies of earlier runs are used: off, record, replay or refresh.",
            discussion: "Default: off; replay asks no model at all",
            valueName: "mode"
        )
    )
    var judgeCache: CacheMode?

    @Option(help: ArgumentHelp("The most that models may cost, in US dollars.", valueName: "usd"))
    var maxCost: Double?

    @Option(help: ArgumentHelp("The most calls of judge models.", valueName: "n"))
    var maxJudgeCalls: Int?

    @Option(help: ArgumentHelp("A JSON file of what models cost, beside the prices that are known.", valueName: "file"))
    var prices: String?

    func validate() throws {
        if let maxCost, !(maxCost > 0 && maxCost.isFinite) { throw ValidationError("--max-cost must be above 0") }
        if let maxJudgeCalls, maxJudgeCalls < 1 { throw ValidationError("--max-judge-calls must be above 0") }
    }
}

extension CacheMode: ExpressibleByArgument {}
