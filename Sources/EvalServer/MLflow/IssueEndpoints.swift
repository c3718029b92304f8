// Calls about problems that traces have in common.

internal import EvalCore
internal import EvalJSON
internal import EvalWire
internal import HTTPTypes

/// The calls of issues.
enum IssueEndpoints {
    private static let path = "/api/3.0/mlflow/issues"
    private static let group = "Labels and reviews"
    private static let replies = [Field("issue", shape)]
    private static let status = Field("status", .choice(Issue.Status.allCases.map(\.rawValue)), "How far it is")
    private static let severity = Field("severity", .choice(Issue.Severity.allCases.map(\.rawValue)), "How bad it is")
    private static let shape = Shape.named(
        "Issue",
        [
            Field("issue_id", "`iss-` and 32 digits"), Field("experiment_id", "The experiment"),
            Field("name", "A few words"), Field("description", "More words"), status, severity,
            Field("root_causes", .list(.string), "Why it is"), Field("source_run_id", "The run that found it"),
            Field("created_timestamp", .integer, "Milliseconds since 1970"),
            Field("last_updated_timestamp", .integer, "Milliseconds since 1970"), Field("created_by", "Who made it"),
            Field("categories", .list(.string), "What kinds of problem it is"),
        ]
    )

    static func all(_ store: any IssueStore) -> [Endpoint] {
        [creation(store), search(store)] + single(store)
    }

    private static func reply(_ issue: Issue) -> APIReply { .object([("issue", json(issue))]) }

    private static func json(_ issue: Issue) -> JSON {
        func texts(_ texts: [String]) -> JSON? { texts.isEmpty ? nil : .array(texts.map { JSON($0) }) }
        return .object(present: [
            ("issue_id", JSON(issue.publicID)), ("experiment_id", JSON("\(issue.experiment)")),
            ("name", JSON(issue.name)), ("description", JSON(issue.description)),
            ("status", JSON(issue.status.rawValue)), ("severity", (issue.severity?.rawValue).map { JSON($0) }),
            ("root_causes", texts(issue.causes)), ("source_run_id", issue.run.map { JSON($0) }),
            ("created_timestamp", JSON(issue.createdMilliseconds)),
            ("last_updated_timestamp", JSON(issue.updatedMilliseconds)),
            ("created_by", issue.author.map { JSON($0) }), ("categories", texts(issue.categories)),
        ])
    }

    private static func id(_ request: APIRequest) throws(APIError) -> PublicID {
        try RegistryArguments.id(request.required("issue_id"), prefix: "iss-", "Issue with ID")
    }

    private static func creation(_ store: any IssueStore) -> Endpoint {
        Endpoint(
            .post,
            path,
            "Make an issue",
            group: group,
            body: [
                RegistryArguments.experiment, Field("name", required: true, "A few words"),
                Field("description", required: true, "More words"), status, severity,
                Field("root_causes", .list(.string), "Why it is"), Field("source_run_id", "The run that found it"),
                Field("created_by", "Who makes it"), Field("categories", .list(.string), "What kinds of problem it is"),
            ],
            reply: replies
        ) { request in
            let issue = Issue(
                id: .make(),
                experiment: try RegistryArguments.experiment(request),
                name: try request.required("name"),
                description: try request.required("description"),
                status: request.text("status").flatMap(Issue.Status.init(rawValue:)) ?? .pending,
                severity: request.text("severity").flatMap(Issue.Severity.init(rawValue:)),
                causes: request.texts("root_causes"),
                categories: request.texts("categories"),
                run: request.text("source_run_id"),
                author: request.text("created_by") ?? request.principal.name
            )
            return reply(try await store.createIssue(issue))
        }
    }

    private static func single(_ store: any IssueStore) -> [Endpoint] {
        [
            Endpoint(.get, path + "/{issue_id}", "Get an issue", group: group, reply: replies) { request in
                reply(try await store.issue(id(request)))
            },
            Endpoint(
                .patch,
                path + "/{issue_id}",
                "Change an issue",
                group: group,
                body: [Field("name", "A few words"), Field("description", "More words"), status, severity],
                reply: replies
            ) { request in
                let change = IssueChange(
                    name: request.text("name"),
                    description: request.text("description"),
                    status: request.text("status").flatMap(Issue.Status.init(rawValue:)),
                    severity: request.text("severity").flatMap(Issue.Severity.init(rawValue:))
                )
                return reply(try await store.changeIssue(id(request), change))
            },
        ]
    }

    private static func search(_ store: any IssueStore) -> Endpoint {
        Endpoint(
            .post,
            path + "/search",
            "Search issues, the worst first",
            group: group,
            scope: .read,
            body: [
                Field("experiment_id", "The experiment; all where none is named"),
                Field("filter_string", "Conditions on status and source_run_id"),
                Field("max_results", .integer, "How many results a page has: 100, at most 1000"),
                Field("page_token", "The token of the page before"),
                Field("include_trace_count", .boolean, "Ignored: replies have no count"),
            ],
            reply: [Field("issues", .list(shape)), SearchFields.nextToken]
        ) { request in
            let window = try request.window(standard: 100, most: 1000)
            let result = try await store.searchIssues(
                in: request.text("experiment_id")
                    .map { text throws(APIError) in
                        try RegistryArguments.experiment(text)
                    },
                MLflowSearchGrammar.issues.filter(request.text("filter_string")),
                window: window
            )
            return .object([
                ("issues", result.found.isEmpty ? nil : .array(result.found.map(json))),
                ("next_page_token", result.nextToken(after: window)),
            ])
        }
    }
}
