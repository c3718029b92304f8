// What the commands about traces and feedback have in common: experiments by their names, and searches page by page.

internal import ArgumentParser
internal import EvalCore
internal import EvalStore
internal import EvalWire
internal import Foundation

/// Experiments by the names that people give them.
enum ExperimentName {
    /// The number of an experiment.
    ///
    /// - Throws: That there is none of that name.
    static func find(_ name: String, in store: SQLiteStore) async throws -> Int64 {
        if let found = try await store.experiment(named: name), !found.isDeleted { return found.id }
        let window = SearchWindow(limit: 1_000)
        let known = try await store.searchExperiments(SearchFilter(), order: [], view: .active, window: window)
        throw Diagnostic(
            "there is no experiment '\(name)' in the store",
            at: .init(file: store.path),
            didYouMean: nearestWord(to: name, among: known.found.map(\.name))
        )
    }

    /// The number of an experiment, which is made if it isn't there.
    ///
    /// - Throws: That it was deleted.
    static func findOrMake(_ name: String, in store: SQLiteStore) async throws -> Int64 {
        guard let found = try await store.experiment(named: name) else {
            return try await store.createExperiment(named: name, tags: [])
        }
        guard !found.isDeleted else {
            throw Diagnostic(
                "the experiment '\(name)' was deleted",
                at: .init(file: store.path),
                help: "Restore it by MLflow's client, or name another one."
            )
        }
        return found.id
    }
}

/// Where traces are searched, and for which words.
struct TraceScope: ParsableArguments {
    @Option(help: ArgumentHelp("Only the traces of this experiment.", valueName: "name"))
    var experiment: String?
    @Option(help: ArgumentHelp("Words that a span must have somewhere, in any case.", valueName: "words"))
    var text: String?

    /// The search for traces in this scope.
    ///
    /// - Parameters:
    ///   - filter: A filter of MLflow's language; nil for all.
    ///   - order: Keys of MLflow's language.
    ///   - store: Where they are.
    /// - Returns: The search.
    /// - Throws: What is wrong with the filter, the order or the experiment.
    func search(_ filter: String?, order: [String] = [], in store: SQLiteStore) async throws -> TraceSearch {
        let conditions = try MLflowSearchGrammar.traces.filter(filter)
        let order = try MLflowSearchGrammar.traces.order(order)
        var experiments: [Int64]?
        if let experiment { experiments = [try await ExperimentName.find(experiment, in: store)] }
        return TraceSearch(experimentIDs: experiments, filter: conditions, order: order, text: text)
    }
}

extension SQLiteStore {
    /// Traces a page holds.
    private static let pageTraces = 100

    /// Gives every trace of a search to `body`, at most `limit` of them, holding one page in memory.
    func forEachTrace(
        _ search: TraceSearch,
        limit: Int? = nil,
        withSpans: Bool,
        isolation: isolated (any Actor)? = #isolation,
        _ body: (StoredTrace) async throws -> Void
    ) async throws {
        var search = search
        var rest = limit ?? .max
        while rest > 0 {
            search.limit = min(rest, Self.pageTraces)
            let page = try await searchTraces(search)
            let traces = withSpans ? try await traces(page.elements.map(\.info.id), withSpans: true) : page.elements
            for trace in traces { try await body(trace) }
            rest -= page.elements.count
            guard let token = page.nextToken else { return }
            search.token = token
        }
    }

    /// The trace that a word means: `tr-…`, or the unique beginning of one.
    func traceID(_ word: String) async throws -> PublicID { try await trace(named: word).trace.id }
}

/// A moment on the command line: a date, a time with its offset, or how long ago.
enum Moment {
    /// Reads a moment.
    ///
    /// - Parameters:
    ///   - text: `2026-01-31`, `2026-01-31T12:00:00Z`, `30d`, `12h` or `15m`.
    ///   - nowMilliseconds: The time, in milliseconds since 1970.
    /// - Returns: Milliseconds since 1970.
    /// - Throws: That it is none of these.
    static func milliseconds(_ text: String, nowMilliseconds: Int64) throws(Diagnostic) -> Int64 {
        let units: [Character: Int64] = ["d": 86_400_000, "h": 3_600_000, "m": 60_000]
        if let last = text.last, let unit = units[last], let count = Int64(text.dropLast()),
            (0...1_000_000).contains(count)
        {
            return nowMilliseconds - count * unit
        }
        let isDate = text.count == 10
        let style = Date.ISO8601FormatStyle(includingFractionalSeconds: text.contains("."))
        guard let date = try? style.parse(isDate ? text + "T00:00:00Z" : text) else {
            throw Diagnostic(
                "'\(text)' is no time",
                help:
                    "Give a date as 2026-01-31 (which begins at midnight UTC), a time as 2026-01-31T12:00:00Z, or how long ago as 30d, 12h or 15m."
            )
        }
        return Int64((date.timeIntervalSince1970 * 1000).rounded())
    }

    /// The time, in milliseconds since 1970.
    static var now: Int64 { Int64(Date().timeIntervalSince1970 * 1000) }
}

extension Diagnostic {
    /// What a store refused, for people.
    init(_ refusal: Refusal) {
        let message = refusal.message
        self.init(message.hasSuffix(".") ? String(message.dropLast()) : message)
    }
}
