// evalhost's own calls about runs: what MLflow has no call for.

internal import EvalCore
internal import EvalJSON
internal import EvalReports

enum EvaluatedRunEndpoints {
    private static let base = ShelfEndpoints.base + "/runs"
    private static let group = "evalhost: runs"

    static func all(_ store: any RunRecords, _ shelf: any ScorerShelf) -> [Endpoint] {
        [list(store), show(store), rows(store), compare(store, shelf)]
    }

    private static func list(_ store: any RunRecords) -> Endpoint {
        Endpoint(
            .get,
            base,
            "List evaluations, the newest first",
            group: group,
            query: [
                Field("experiment", "The only experiment that is wanted, by name"), Field("max_results", .integer),
                Field("page_token"),
            ],
            reply: [Field("runs", .list(.evaluatedRun), required: true), Field("next_page_token")]
        ) { request in
            let size = try request.pageSize(standard: 50, most: 1000)
            let offset = try OffsetToken.offset(request.text("page_token"))
            let found = try await store.runs(experiment: request.text("experiment"), limit: offset + size + 1)
            let page = found.dropFirst(offset)
            return .object([
                ("runs", .array(page.prefix(size).map(RunJSON.render))),
                ("next_page_token", page.count > size ? JSON(OffsetToken.token(offset + size)) : nil),
            ])
        }
    }

    private static func show(_ store: any RunRecords) -> Endpoint {
        Endpoint(
            .get,
            base + "/{run}",
            "Show a run by its id, the beginning of it, its name, or `latest`",
            group: group,
            reply: [Field("run", .wholeRun, required: true)]
        ) { request in
            let record = try await store.record(of: run(request.required("run"), in: store))
            return .object([("run", RunJSON.render(record))])
        }
    }

    private static func rows(_ store: any RunRecords) -> Endpoint {
        Endpoint(
            .get,
            base + "/{run}/rows",
            "Read rows of a run with what was said of them",
            group: group,
            query: [Field("max_results", .integer), Field("page_token")],
            reply: [Field("rows", .list(.row), required: true), Field("next_page_token")]
        ) { request in
            let size = try request.pageSize(standard: 100, most: 1000)
            let run = try await run(request.required("run"), in: store)
            let place = try RowToken.place(request.text("page_token"), of: run)
            let rows = try await store.rows(of: run, after: place, limit: size)
            let keys = FeedbackKeys(try await store.record(of: run).scorers.map(\.name))
            var writer = JSONWriter()
            var shown: [JSON] = []
            for row in rows {
                writer.bytes.removeAll(keepingCapacity: true)
                RowLines.write(row, keys: keys, to: &writer)
                shown.append(try JSON(parsing: writer.bytes))
            }
            var next: JSON?
            if let last = rows.last {
                let end = RowPlace(ordinal: last.ordinal, repetition: last.repetition)
                let rest = try await store.rows(of: run, after: end, limit: 1)
                if !rest.isEmpty { next = JSON(RowToken.token(end, of: run)) }
            }
            return .object([("rows", .array(shown)), ("next_page_token", next)])
        }
    }

    private static func compare(_ store: any RunRecords, _ shelf: any ScorerShelf) -> Endpoint {
        Endpoint(
            .get,
            base + "/{run}/compare/{other}",
            "Compare a run with a later one: metrics with their intervals, and the rows that changed",
            group: group,
            reply: [
                Field("left", .any, required: true), Field("right", .any, required: true),
                Field("metrics", .numbers, required: true), Field("paired", .integer, required: true),
                Field("only_left", .any, required: true), Field("only_right", .any, required: true),
                Field("scorers", .map(.any), required: true), Field("differences", .list(.any), required: true),
            ]
        ) { request in
            let left = try await run(request.required("run"), in: store)
            let right = try await run(request.required("other"), in: store)
            let comparison = try await RunComparison.of(
                left.hexadecimal,
                right.hexadecimal,
                in: store,
                descriptors: try await shelf.descriptors()
            )
            return .json(ComparisonJSON.render(comparison))
        }
    }

    /// The run that a word means.
    static func run(_ word: String, in store: any RunRecords) async throws -> PublicID {
        do throws(Diagnostic) {
            return try await store.run(named: word)
        } catch {
            guard error.category == .usage else { throw error }
            throw APIError.missing(error.description)
        }
    }
}

/// Tokens of pages of a run's rows.
enum RowToken {
    /// The token for what follows a row.
    static func token(_ place: RowPlace, of run: PublicID) -> String {
        "\(run.hexadecimal).\(place.ordinal).\(place.repetition)"
    }

    /// The last row of the page before; nil without a token.
    ///
    /// - Throws: That the token is none of this run's.
    static func place(_ token: String?, of run: PublicID) throws(APIError) -> RowPlace? {
        guard let token, !token.isEmpty else { return nil }
        let parts = token.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 3, parts[0] == run.hexadecimal, let ordinal = Int(parts[1]), ordinal >= 0,
            let repetition = Int(parts[2]), repetition >= 0
        else { throw .invalid("The page token is none of this run's; take `next_page_token` of the page before.") }
        return RowPlace(ordinal: ordinal, repetition: repetition)
    }
}
