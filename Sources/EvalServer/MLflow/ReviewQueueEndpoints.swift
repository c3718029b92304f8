// Calls about queues for reviewers.

internal import EvalCore
internal import EvalJSON
internal import HTTPTypes

/// The calls of review queues.
enum ReviewQueueEndpoints {
    static let path = "/api/3.0/mlflow/review-queues/"
    static let group = "Labels and reviews"
    static let id = Field("queue_id", required: true, "The queue")
    static let paging = [
        Field("max_results", .integer, "How many results a page has: 1000 at most"),
        Field("page_token", "The token of the page before"),
    ]
    private static let replies = [Field("review_queue", ReviewQueue.shape)]
    private static let users = Field("users", .list(.string), "Who reviews, at most \(ReviewRules.mostUsers)")
    private static let schemas = Field("schema_ids", .list(.string), "What they are asked")

    static func all(_ store: any ReviewQueueStore) -> [Endpoint] {
        making(store) + finding(store) + changing(store) + ReviewItemEndpoints.all(store)
    }

    private static func reply(_ queue: ReviewQueue) -> APIReply { .object([("review_queue", queue.json)]) }

    static func id(_ request: APIRequest) throws(APIError) -> PublicID {
        try RegistryArguments.id(request.required("queue_id"), prefix: "rq-", "Review queue with id")
    }

    private static func making(_ store: any ReviewQueueStore) -> [Endpoint] {
        [
            Endpoint(
                .post,
                path + "create",
                "Make a queue of traces for reviewers",
                group: group,
                body: [
                    RegistryArguments.experiment, Field("name", required: true, "What people call it"),
                    Field(
                        "queue_type",
                        .choice(ReviewQueue.Kind.allCases.map(\.rawValue)),
                        required: true,
                        "USER for one person's own"
                    ), Field("created_by", "Who makes it; the token's name where there is one"), users, schemas,
                ],
                reply: replies
            ) { request in
                let author = request.principal.name ?? request.text("created_by")
                let kind = request.text("queue_type").flatMap(ReviewQueue.Kind.init(rawValue:)) ?? .custom
                let queue = try kind == .user ? own(request, author) : custom(request, author)
                return reply(try await store.createReviewQueue(queue))
            },
            Endpoint(
                .post,
                path + "get-or-create-user",
                "Get a person's own queue, and make it if it isn't there",
                group: group,
                body: [RegistryArguments.experiment, Field("user", required: true, "The person")],
                reply: replies
            ) { request in
                let user = try ReviewRules.user(request.required("user"), "user")
                let experiment = try RegistryArguments.experiment(request)
                let queue = ReviewQueue(
                    id: .make(),
                    experiment: experiment,
                    name: user,
                    kind: .user,
                    author: user,
                    users: [user]
                )
                do {
                    return reply(try await store.createReviewQueue(queue))
                } catch let refusal as Refusal where refusal.kind == .exists {
                    let found = try await store.reviewQueue(named: user, in: experiment)
                    guard found.kind == .user else {
                        throw APIError.exists("A queue named '\(user)' is there already, and it isn't a user's own.")
                    }
                    return reply(found)
                }
            },
        ]
    }

    private static func own(_ request: APIRequest, _ author: String?) throws(APIError) -> ReviewQueue {
        let user = try ReviewRules.user(request.required("name"), "name")
        let users = try ReviewRules.users(request.texts("users"))
        guard users.isEmpty || users == [user] else {
            throw .invalid("A user's own queue has that user only: its name is '\(user)', its users are \(users).")
        }
        guard request.texts("schema_ids").isEmpty else {
            throw .invalid("A user's own queue asks all questions of the experiment; `schema_ids` must be empty.")
        }
        return ReviewQueue(
            id: .make(),
            experiment: try RegistryArguments.experiment(request),
            name: user,
            kind: .user,
            author: author,
            users: [user]
        )
    }

    private static func custom(_ request: APIRequest, _ author: String?) throws(APIError) -> ReviewQueue {
        ReviewQueue(
            id: .make(),
            experiment: try RegistryArguments.experiment(request),
            name: try ReviewRules.name(request.required("name")),
            kind: .custom,
            author: author,
            users: try ReviewRules.users(request.texts("users")),
            schemas: try ReviewRules.schemas(request.texts("schema_ids"))
        )
    }

    private static func finding(_ store: any ReviewQueueStore) -> [Endpoint] {
        [
            Endpoint(.get, path + "get", "Get a queue", group: group, query: [id], reply: replies) { request in
                reply(try await store.reviewQueue(id(request)))
            },
            Endpoint(
                .get,
                path + "get-by-name",
                "Get a queue by its name",
                group: group,
                query: [RegistryArguments.experiment, Field("name", required: true, "Its name")],
                reply: replies
            ) { request in
                let experiment = try RegistryArguments.experiment(request)
                return reply(try await store.reviewQueue(named: request.required("name"), in: experiment))
            },
            Endpoint(
                .get,
                path + "list",
                "List an experiment's queues, the newest first",
                group: group,
                query: [
                    RegistryArguments.experiment, Field("user", "Only those that this person reviews"),
                    Field("item_id", "Only those in which this trace is"),
                ] + paging,
                reply: [Field("review_queues", .list(ReviewQueue.shape)), SearchFields.nextToken]
            ) { request in
                let window = try request.window(standard: 1000, most: 1000)
                let user = try request.text("user")
                    .map { text throws(APIError) in
                        try ReviewRules.user(text, "user")
                    }
                let result = try await store.reviewQueues(
                    in: RegistryArguments.experiment(request),
                    of: user,
                    with: request.text("item_id"),
                    window: window
                )
                return .object([
                    ("review_queues", result.found.isEmpty ? nil : .array(result.found.map(\.json))),
                    ("next_page_token", result.nextToken(after: window)),
                ])
            },
        ]
    }

    private static func changing(_ store: any ReviewQueueStore) -> [Endpoint] {
        [
            Endpoint(
                .post,
                path + "update",
                "Change a queue; its questions only while no trace is in it",
                group: group,
                body: [
                    id, Field("name", "Its new name"), Field("new_owner", "Who shall be its author"),
                    Field("update_users", .boolean, "Whether `users` counts"), users,
                    Field("update_schema_ids", .boolean, "Whether `schema_ids` counts"), schemas,
                ],
                reply: replies
            ) { request in
                var change = ReviewQueueChange()
                change.name = try request.text("name").map { text throws(APIError) in try ReviewRules.name(text) }
                change.author = request.text("new_owner")
                if request.boolean("update_users") == true {
                    change.users = try ReviewRules.users(request.texts("users"))
                }
                if request.boolean("update_schema_ids") == true {
                    change.schemas = try ReviewRules.schemas(request.texts("schema_ids"))
                }
                if let author = change.author, author.isEmpty || author.count > ReviewRules.nameLength {
                    throw APIError.invalid("`new_owner` has 1 to \(ReviewRules.nameLength) characters.")
                }
                return reply(try await store.changeReviewQueue(id(request), change))
            },
            Endpoint(.post, path + "delete", "Delete a queue; assessments stay", group: group, body: [id]) { request in
                // One that isn't there is deleted already.
                if let id = try? id(request) { try await store.deleteReviewQueue(id) }
                return .empty
            },
        ]
    }
}
