// `predict:` of a suite: the application under test. Values are kept as they are written: what a variable stands for is
// looked up when the application is asked, and never stored with a run.

public import EvalCore
public import EvalJSON

/// The application under test as a suite or the command line names it.
public struct PredictSection: Sendable, Equatable {
    /// A command that answers lines.
    public var command: String?
    /// An address that answers POST.
    public var url: String?
    /// Where the outputs are in an address's reply.
    public var outputPath: String?
    /// Headers of requests, their values as they are written.
    public var headers: [String: String] = [:]
    /// How many calls are open at once.
    public var concurrency: Int?
    /// How many processes of the command there are.
    public var processes: Int?
    /// How many requests each process has at once.
    public var inFlight: Int?
    /// A model that is the application, together with ``prompt``.
    public var model: String?
    /// The file of the model's prompt, as a path from the working folder.
    public var prompt: String?
    /// How the model should answer: an object or null.
    public var parameters: JSON = .null
    /// Where and with which key the model is asked: an object of ``JudgeSection/endpointKeys``, or null.
    public var endpoint: JSON = .null
    /// Where the section stands.
    public var location = Diagnostic.Location()

    /// No application.
    public init() {}

    /// The keys of the section.
    public static let keys =
        [
            "command", "url", "model", "prompt", "output_path", "headers", "concurrency", "processes", "in_flight",
            "parameters",
        ] + JudgeSection.endpointKeys.filter { $0 != "headers" }

    /// Whether there is an application.
    public var isGiven: Bool { command != nil || url != nil || model != nil }

    /// What a run stores of it.
    public var json: JSON {
        guard isGiven else { return .null }
        return [
            "command": command.map { JSON($0) } ?? .null, "url": url.map { JSON($0) } ?? .null,
            "output_path": outputPath.map { JSON($0) } ?? .null,
            "headers": .object(headers.sorted { $0.key < $1.key }.map { ($0.key, JSON($0.value)) }),
            "concurrency": concurrency.map { JSON($0) } ?? .null, "processes": processes.map { JSON($0) } ?? .null,
            "in_flight": inFlight.map { JSON($0) } ?? .null, "model": model.map { JSON($0) } ?? .null,
            "prompt": prompt.map { JSON($0) } ?? .null, "parameters": parameters, "endpoint": endpoint,
        ]
    }

    /// Restores what a run stored.
    public init(stored: JSON) {
        command = stored["command"]?.string
        url = stored["url"]?.string
        outputPath = stored["output_path"]?.string
        for (key, value) in stored["headers"]?.members ?? JSON.null.members {
            headers[String(key)] = value.string
        }
        concurrency = stored["concurrency"]?.integer.map { Int($0) }
        processes = stored["processes"]?.integer.map { Int($0) }
        inFlight = stored["in_flight"]?.integer.map { Int($0) }
        model = stored["model"]?.string
        prompt = stored["prompt"]?.string
        parameters = stored["parameters"] ?? .null
        endpoint = stored["endpoint"] ?? .null
    }

    /// Checks what can be checked without asking anything.
    ///
    /// - Throws: What contradicts what, or which secret is written out.
    public func check() throws(Diagnostic) {
        do throws(Diagnostic) {
            if [command, url, model].compactMap({ $0 }).count > 1 {
                throw Diagnostic("the application is one of a command, a URL and a model")
            }
            if let command, command.allSatisfy(\.isWhitespace) { throw Diagnostic("the predict command is empty") }
            if url == nil, outputPath != nil { throw Diagnostic("'output_path' needs a predict URL") }
            if url == nil, model == nil, !headers.isEmpty {
                throw Diagnostic("'headers' need a predict URL or a model")
            }
            if command == nil, processes != nil || inFlight != nil {
                throw Diagnostic("'processes' and 'in_flight' need a predict command")
            }
            if let outputPath {
                do throws(JSONError) { _ = try JSONPath(outputPath) } catch {
                    throw Diagnostic("the output path '\(outputPath)' is malformed: \(error.description)")
                }
            }
            for (name, value) in headers { try SecretHeader.check(name, value) }
            try checkModel()
            if let url, let at = url.firstIndex(of: "@"), !url[..<at].dropFirst(8).contains("/"),
                !url[..<at].contains("${"), url[..<at].dropFirst(8).contains(":")
            {
                throw Diagnostic(
                    "the predict URL has a password in it",
                    help: "Take it from the environment: https://user:${PASSWORD}@host/"
                )
            }
        } catch {
            throw error.located(location)
        }
    }

    private func checkModel() throws(Diagnostic) {
        guard let model else {
            if prompt != nil { throw Diagnostic("a prompt needs a model", help: "Name one with --model.") }
            if !parameters.isNull { throw Diagnostic("'parameters' need a model") }
            if !endpoint.isNull { throw Diagnostic("the keys of an endpoint need a model") }
            return
        }
        _ = try ModelName(model)
        _ = try ModelParameters(parameters)
        try JudgeSection.check(endpoint: endpoint)
    }
}
