// evalhost's own calls that start, watch and stop evaluations of the suites that the server was started with.

internal import EvalCore
internal import EvalJSON
internal import EvalReports
internal import HTTPTypes

enum EvaluationEndpoints {
    private static let base = ShelfEndpoints.base + "/evaluations"
    private static let group = "evalhost: evaluations"
    private static let reply = [Field("evaluation", .startedEvaluation, required: true)]

    static func all(_ starter: any EvaluationStarter, events: EvaluationEvents.Rhythm) -> [Endpoint] {
        [suites(starter), start(starter), list(starter), show(starter), watch(starter, events), stop(starter)]
    }

    private static func suites(_ starter: any EvaluationStarter) -> Endpoint {
        Endpoint(
            .get,
            ShelfEndpoints.base + "/suites",
            "List the suites that may be started",
            group: group,
            reply: [Field("suites", .list(.suite), required: true)]
        ) { _ in
            let suites = await starter.suites()
                .map { suite -> JSON in
                    [
                        "name": JSON(suite.name), "experiment": JSON(suite.experiment),
                        "data": suite.data.map { JSON($0) } ?? .null,
                        "scorers": .array(suite.scorers.map { JSON($0) }),
                        "fault": suite.fault.map { JSON($0) } ?? .null,
                    ]
                }
            return .object([("suites", .array(suites))])
        }
    }

    private static func start(_ starter: any EvaluationStarter) -> Endpoint {
        Endpoint(
            .post,
            base,
            "Start an evaluation of a suite, or let it wait for its turn",
            group: group,
            scope: .admin,
            body: [
                Field("suite", required: true, "The suite's name"),
                Field("data", "Other rows than the suite's: dataset:NAME, dataset:NAME@VERSION or traces:CONDITION"),
                Field("run_name"), Field("tags", .map(.string)),
            ],
            reply: [Field("run_id", required: true)] + reply
        ) { request in
            var order = EvaluationOrder(suite: try request.required("suite"))
            if let text = request.text("data") {
                guard let rows = EvaluationOrder.Rows(text) else {
                    throw APIError.invalid(
                        "`data` is dataset:NAME, dataset:NAME@VERSION or traces:CONDITION; a request names no file"
                    )
                }
                order.rows = rows
            }
            order.runName = request.text("run_name").flatMap { $0.isEmpty ? nil : $0 }
            for (key, value) in request.arguments["tags"].map({ Array($0.members) }) ?? [] {
                order.tags[String(key)] = value.string ?? ""
            }
            let started = try await starter.start(order)
            var answer = APIReply.object([
                ("run_id", JSON(started.run.hexadecimal)), ("evaluation", json(started)),
            ])
            answer.status = 202
            answer.headers.append((.location, base + "/" + started.run.hexadecimal))
            return answer
        }
        .answering(202)
    }

    private static func list(_ starter: any EvaluationStarter) -> Endpoint {
        Endpoint(
            .get,
            base,
            "List the evaluations that were started since the server began, the newest first",
            group: group,
            reply: [Field("evaluations", .list(.startedEvaluation), required: true)]
        ) { _ in
            .object([("evaluations", .array(await starter.evaluations().map(json)))])
        }
    }

    private static func show(_ starter: any EvaluationStarter) -> Endpoint {
        Endpoint(.get, base + "/{run_id}", "Tell how an evaluation stands", group: group, reply: reply) { request in
            .object([("evaluation", json(try await found(request, starter)))])
        }
    }

    private static func watch(_ starter: any EvaluationStarter, _ rhythm: EvaluationEvents.Rhythm) -> Endpoint {
        Endpoint(
            .get,
            base + "/{run_id}/events",
            "Watch an evaluation as server-sent events: progress, metrics, then finished, failed or interrupted",
            group: group
        ) { request in
            let run = try await found(request, starter).run
            let events = EvaluationEvents(run, starter, after: request.header("last-event-id"), rhythm)
            if events.isOver { return APIReply(status: 204, body: .none) }
            var reply = APIReply(contentType: "text/event-stream", body: .stream(events.stream()))
            reply.headers.append((.cacheControl, "no-store"))
            return reply
        }
        .giving(.events).reading([Field("last-event-id", "The id of the last event that was seen")])
    }

    private static func stop(_ starter: any EvaluationStarter) -> Endpoint {
        Endpoint(
            .delete,
            base + "/{run_id}",
            "Stop an evaluation; its run is interrupted and can be resumed",
            group: group,
            scope: .admin,
            reply: reply
        ) { request in
            let run = try await found(request, starter).run
            guard let stopped = await starter.stop(run) else { throw missing(run.hexadecimal) }
            return .object([("evaluation", json(stopped))])
        }
    }

    private static func found(
        _ request: APIRequest,
        _ starter: any EvaluationStarter
    ) async throws -> StartedEvaluation {
        let text = try request.required("run_id")
        guard let run = PublicID(hexadecimal: text), let found = await starter.evaluation(run) else {
            throw missing(text)
        }
        return found
    }

    private static func missing(_ run: String) -> APIError {
        .missing("No evaluation of the run '\(run.prefix(100))' was started since the server began.")
    }

    /// An evaluation for programs.
    static func json(_ evaluation: StartedEvaluation) -> JSON {
        [
            "run_id": JSON(evaluation.run.hexadecimal), "run_name": JSON(evaluation.runName),
            "suite": JSON(evaluation.suite), "data": JSON(evaluation.data), "state": JSON(evaluation.state.rawValue),
            "rows": JSON(evaluation.rows), "expected_rows": evaluation.expectedRows.map { JSON($0) } ?? .null,
            "errors": JSON(evaluation.errors), "rows_per_second": JSON(evaluation.rowsPerSecond),
            "metrics": JSONReport.metrics(evaluation.metrics), "intervals": JSONReport.intervals(evaluation.metrics),
            "missed": .array(evaluation.missed.map { JSON($0) }),
            "reason": evaluation.reason.map { JSON($0) } ?? .null,
            "ordered": JSON(Times.rfc3339(evaluation.orderedMilliseconds)),
            "ended": evaluation.endedMilliseconds.map { JSON(Times.rfc3339($0)) } ?? .null,
        ]
    }
}
