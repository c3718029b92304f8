// Calls about the traces in queues for reviewers.

internal import EvalCore
internal import EvalJSON
internal import HTTPTypes

/// The calls of items of review queues.
enum ReviewItemEndpoints {
    private static let path = ReviewQueueEndpoints.path + "items/"
    private static let group = ReviewQueueEndpoints.group
    private static let id = ReviewQueueEndpoints.id
    private static let traces = Field("item_ids", .list(.string), required: true, "The traces")

    static func all(_ store: any ReviewQueueStore) -> [Endpoint] {
        [
            Endpoint(
                .post,
                path + "add",
                "Put traces into a queue; those that are there stay as they are",
                group: group,
                body: [id, Field("item_type", .choice(["TRACE"]), "Traces only"), traces],
                reply: [Field("items", .list(ReviewItem.shape))]
            ) { request in
                let queue = try ReviewQueueEndpoints.id(request)
                return list(try await store.addItems(ReviewRules.items(request), to: queue))
            },
            Endpoint(.post, path + "remove", "Take traces out of a queue", group: group, body: [id, traces]) {
                request in
                try await store.removeItems(ReviewRules.items(request), from: ReviewQueueEndpoints.id(request))
                return .empty
            },
            Endpoint(
                .get,
                path + "list",
                "List the traces in a queue, the newest first",
                group: group,
                query: [id, status(required: false)] + ReviewQueueEndpoints.paging,
                reply: [Field("items", .list(ReviewItem.shape)), SearchFields.nextToken]
            ) { request in
                let window = try request.window(standard: 1000, most: 1000)
                let result = try await store.items(
                    of: ReviewQueueEndpoints.id(request),
                    status: status(request),
                    window: window
                )
                return list(result.found, nextToken: result.nextToken(after: window))
            },
            Endpoint(
                .post,
                path + "set-status",
                "Say how far a trace in a queue is",
                group: group,
                body: [
                    id, Field("item_id", required: true, "The trace"), status(required: true),
                    Field("completed_by", "Who completed or declined it; must be absent for PENDING"),
                ],
                reply: [Field("item", ReviewItem.shape)]
            ) { request in
                guard let status = try status(request) else { throw APIError.invalid("`status` is missing.") }
                let reviewer = try request.text("completed_by")
                    .map { text throws(APIError) in
                        try ReviewRules.user(text, "completed_by")
                    }
                guard (status == .pending) == (reviewer == nil) else {
                    throw APIError.invalid(
                        reviewer == nil
                            ? "`completed_by` is required when setting status to `\(status.rawValue.lowercased())`."
                            : "`completed_by` must not be set when reopening an item to `pending`."
                    )
                }
                let item = try await store.setStatus(
                    status,
                    of: request.required("item_id"),
                    in: ReviewQueueEndpoints.id(request),
                    by: reviewer
                )
                return .object([("item", item.json)])
            },
        ]
    }

    private static func status(required: Bool) -> Field {
        let words = ReviewItem.Status.allCases.map(\.rawValue)
        return Field("status", .choice(words), required: required, "How far they are")
    }

    private static func status(_ request: APIRequest) throws(APIError) -> ReviewItem.Status? {
        guard let word = request.text("status") else { return nil }
        guard let status = ReviewItem.Status(rawValue: word) else {
            throw .invalid("`status` is PENDING, COMPLETE or DECLINED, and not '\(word.prefix(40))'.")
        }
        return status
    }

    private static func list(_ items: [ReviewItem], nextToken: JSON? = nil) -> APIReply {
        .object([
            ("items", items.isEmpty ? nil : .array(items.map(\.json))), ("next_page_token", nextToken),
        ])
    }
}
