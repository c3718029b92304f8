// The application under test: which predictor a request names, with what its variables stand for.

internal import EvalCore
internal import EvalPredictors
internal import EvalSuite
internal import Foundation

/// Makes predictors.
enum ApplicationUnderTest {
    /// The predictor of a request; nil where rows bring their outputs.
    ///
    /// Nothing is started or opened yet.
    ///
    /// - Throws: What is wrong with the application's options or variables.
    static func predictor(of request: EvaluationRequest) throws(Diagnostic) -> (any Predictor)? {
        let predict = request.predict
        let environment = ProcessInfo.processInfo.environment
        let concurrency = predict.concurrency ?? request.concurrency ?? defaultConcurrency
        do throws(Diagnostic) {
            if let command = predict.command {
                var options = CommandPredictor.Options(timeout: request.timeout) { Console.warning($0) }
                options.inFlight = predict.inFlight ?? 1
                options.processes =
                    predict.processes ?? CommandPredictor.Options.defaultProcesses(concurrency: concurrency)
                // The shell has the same environment, and replaces the variables by itself.
                return try CommandPredictor(command: command, options: options)
            }
            guard let url = predict.url else { return nil }
            var headers: [(name: String, value: String)] = []
            for (name, value) in predict.headers.sorted(by: { $0.key < $1.key }) {
                headers.append((name, try SuiteVariables.expand(value, environment)))
            }
            let options = URLPredictor.Options(
                headers: headers,
                outputPath: predict.outputPath,
                timeout: request.timeout,
                connections: concurrency
            )
            return try URLPredictor(url: SuiteVariables.expand(url, environment), options: options)
        } catch {
            throw error.located(predict.location)
        }
    }

    /// How many calls are open at once where nobody says it.
    static let defaultConcurrency = 64
}
