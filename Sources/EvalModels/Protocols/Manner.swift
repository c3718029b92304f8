// How a model is asked at its endpoint: what it turned out not to understand is remembered, so that it is said once.

internal import EvalCore
internal import Synchronization

/// The ways to get an object that fits a schema, the surest first.
enum StructuredLevel: String, Sendable, CaseIterable {
    /// The endpoint holds the model to the schema.
    case jsonSchema = "json_schema"
    /// The endpoint holds the model to JSON; the schema is in the prompt.
    case jsonObject = "json_object"
    /// The object is the arguments of a tool that must be called.
    case tool
    /// The schema is in the prompt, and the object is looked for in the text.
    case text
}

/// Whose requests and replies are written and read.
enum Dialect: String, Sendable {
    case openai, anthropic

    /// The levels that the protocol has.
    var levels: [StructuredLevel] {
        switch self {
        case .openai: [.jsonSchema, .jsonObject, .tool, .text]
        case .anthropic: [.tool, .text]
        }
    }
}

/// How a model is asked.
struct Manner: Sendable, Equatable {
    /// How objects are asked for.
    var level: StructuredLevel
    /// Whether a person named the level, so that there is no step down.
    var isLevelFixed = false
    /// Whether schemas may be asked to hold exactly.
    var allowsStrict = true
    /// The parameters that the endpoint doesn't take.
    var dropped: Set<String> = []
    /// The key for the most tokens of an answer.
    var tokensParameter: String

    /// One step down, because of what an endpoint said.
    enum Step: Sendable, Equatable {
        case level(StructuredLevel)
        case strict
        case parameter(String)
        case tokensParameter(String)
    }

    mutating func take(_ step: Step, _ dialect: Dialect) {
        switch step {
        case .strict: allowsStrict = false
        case .parameter(let name): dropped.insert(name)
        case .tokensParameter(let name): tokensParameter = name
        case .level(let failed):
            // Several calls may have failed on one level: they step down once.
            guard level == failed, let index = dialect.levels.firstIndex(of: failed) else { return }
            level = dialect.levels[min(index + 1, dialect.levels.count - 1)]
        }
    }
}

/// The manner of one model at one endpoint.
final class LearnedManner: Sendable {
    private struct State {
        var manner: Manner
        /// Whether an object came at the level.
        var isHeld = false
        /// The replies without an object in a row, while none ever came.
        var misses = 0
    }
    let dialect: Dialect
    private let state: Mutex<State>
    /// The replies without an object after which an endpoint is taken to ignore what it is asked.
    private static let missesToStep = 3

    init(_ manner: Manner, _ dialect: Dialect) {
        state = Mutex(State(manner: manner))
        self.dialect = dialect
    }

    var current: Manner { state.withLock { $0.manner } }

    /// Remembers what the endpoint doesn't understand.
    func take(_ step: Manner.Step) {
        state.withLock { state in
            let level = state.manner.level
            state.manner.take(step, dialect)
            if state.manner.level != level { (state.isHeld, state.misses) = (false, 0) }
        }
    }

    /// Notes whether a reply was an object: some endpoints pass over what they don't know without a word.
    func note(isObject: Bool, at level: StructuredLevel) {
        state.withLock { state in
            guard state.manner.level == level, !state.isHeld else { return }
            if isObject { return state.isHeld = true }
            state.misses += 1
            guard state.misses >= Self.missesToStep, !state.manner.isLevelFixed else { return }
            state.manner.take(.level(level), dialect)
            state.misses = 0
        }
    }
}
