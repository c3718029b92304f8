// The application under test: which predictor a request names, with what its variables stand for.

internal import EvalCore
internal import EvalJSON
internal import EvalPredictors
internal import EvalSuite
internal import Foundation

/// Makes predictors.
enum ApplicationUnderTest {
    /// The predictor of a request; nil where rows bring their outputs.
    ///
    /// Nothing is started or opened yet.
    ///
    /// - Parameters:
    ///   - request: The request.
    ///   - models: Its models.
    ///   - spans: Where a command sends its spans, if there is such a place.
    /// - Returns: The predictor.
    /// - Throws: What is wrong with the application's options or variables.
    static func predictor(
        of request: EvaluationRequest,
        models: RunModels,
        spans: ApplicationSpans? = nil
    ) async throws(Diagnostic) -> (any Predictor)? {
        if request.predict.model != nil { return try await model(request, models) }
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
                guard let spans else { return try CommandPredictor(command: command, options: options) }
                options.environment = spans.environment(environment)
                return TracedPredictor(try CommandPredictor(command: command, options: options), spans)
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

    /// A model with its prompt, checked against the first row: its variables are known before anything is asked.
    private static func model(
        _ request: EvaluationRequest,
        _ models: RunModels
    ) async throws(Diagnostic) -> any Predictor {
        let predict = request.predict
        do throws(Diagnostic) {
            var endpoint = predict.endpoint
            if !predict.headers.isEmpty {
                let headers = JSON.object(predict.headers.sorted { $0.key < $1.key }.map { ($0.key, JSON($0.value)) })
                endpoint = .object(endpoint.members.map { (String($0.key), $0.value) } + [("headers", headers)])
            }
            let choice = ModelChoice(
                model: predict.model,
                parameters: try ModelParameters(predict.parameters),
                endpoint: endpoint,
                purpose: .predict
            )
            let client = try models.client(for: choice)
            var prompt: ModelPrompt?
            if let path = predict.prompt {
                do throws(Diagnostic) {
                    prompt = try ModelPrompt(try PromptFile.read(path))
                } catch {
                    throw error.located(.init(file: path))
                }
            }
            if let inputs = try await DataSource.firstInputs(request.rows) {
                if let prompt {
                    do throws(Diagnostic) {
                        try prompt.check(against: inputs)
                    } catch {
                        throw error.located(.init(file: predict.prompt))
                    }
                } else {
                    try ModelPredictor.checkWithoutPrompt(inputs)
                }
            }
            return ModelPredictor(client: client, prompt: prompt)
        } catch {
            throw error.located(predict.location)
        }
    }

    /// How many calls are open at once where nobody says it.
    static let defaultConcurrency = 64
}
