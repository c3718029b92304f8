// Queues for reviewers as MLflow's REST writes them, and MLflow's rules for names and people.

internal import EvalCore
internal import EvalJSON

extension ReviewQueue {
    static let shape = Shape.named(
        "ReviewQueue",
        [
            Field("queue_id", "`rq-` and 32 digits"), Field("experiment_id", "The experiment"),
            Field("name", "What people call it"), Field("queue_type", .choice(Kind.allCases.map(\.rawValue))),
            Field("created_by", "Who made it"), Field("creation_time_ms", .integer, "Milliseconds since 1970"),
            Field("last_update_time_ms", .integer, "Milliseconds since 1970"),
            Field("users", .list(.string), "Who reviews"),
            Field("schema_ids", .list(.string), "What they are asked"),
        ]
    )

    /// The queue as a reply has it.
    var json: JSON {
        .object(present: [
            ("queue_id", JSON(publicID)), ("experiment_id", JSON("\(experiment)")), ("name", JSON(name)),
            ("queue_type", JSON(kind.rawValue)), ("created_by", author.map { JSON($0) }),
            ("creation_time_ms", JSON(createdMilliseconds)), ("last_update_time_ms", JSON(updatedMilliseconds)),
            ("users", users.isEmpty ? nil : .array(users.map { JSON($0) })),
            ("schema_ids", schemas.isEmpty ? nil : .array(schemas.map { JSON("ls-" + $0.hexadecimal) })),
        ])
    }
}

extension ReviewItem {
    static let shape = Shape.named(
        "ReviewQueueItem",
        [
            Field("queue_id", "The queue"), Field("item_type", .choice(["TRACE"])), Field("item_id", "The trace"),
            Field("status", .choice(Status.allCases.map(\.rawValue)), "How far it is"),
            Field("completed_by", "Who completed or declined it"),
            Field("completed_time_ms", .integer, "Milliseconds since 1970"),
            Field("creation_time_ms", .integer, "Milliseconds since 1970"),
            Field("last_update_time_ms", .integer, "Milliseconds since 1970"),
        ]
    )

    /// The item as a reply has it.
    var json: JSON {
        .object(present: [
            ("queue_id", JSON("rq-" + queue.hexadecimal)), ("item_type", "TRACE"), ("item_id", JSON(item)),
            ("status", JSON(status.rawValue)), ("completed_by", reviewer.map { JSON($0) }),
            ("completed_time_ms", completedMilliseconds.map { JSON($0) }),
            ("creation_time_ms", JSON(createdMilliseconds)), ("last_update_time_ms", JSON(updatedMilliseconds)),
        ])
    }
}

/// What names and people of queues may be; MLflow's rules.
enum ReviewRules {
    static let nameLength = 250
    static let mostUsers = 10
    /// The most traces that one call puts into a queue or takes out of it.
    static let mostItems = 10_000

    /// A person as queues know them: in small letters, without spaces around.
    static func user(_ text: String, _ argument: String) throws(APIError) -> String {
        let user = trimmed(text).lowercased()
        guard !user.isEmpty, user.count <= nameLength else {
            throw .invalid("`\(argument)` has 1 to \(nameLength) characters.")
        }
        return user
    }

    /// The people of a list, each once.
    static func users(_ texts: [String]) throws(APIError) -> [String] {
        var users: [String] = []
        for text in texts {
            let user = try user(text, "users")
            if !users.contains(user) { users.append(user) }
        }
        guard users.count <= mostUsers else {
            throw .invalid("A review queue can have at most \(mostUsers) assigned users; got \(users.count).")
        }
        return users
    }

    /// A name of a queue that isn't one person's own.
    static func name(_ text: String) throws(APIError) -> String {
        let name = trimmed(text)
        guard !name.isEmpty, name.count <= nameLength else {
            throw .invalid("A review queue's name has 1 to \(nameLength) characters.")
        }
        guard name.lowercased() != "default" else { throw .invalid("A review queue can't be called 'default'.") }
        return name
    }

    /// Questions by their identifiers.
    static func schemas(_ texts: [String]) throws(APIError) -> [PublicID] {
        var schemas: [PublicID] = []
        for text in texts {
            let text = trimmed(text)
            guard text.hasPrefix("ls-"), let id = PublicID(hexadecimal: String(text.dropFirst(3))) else {
                throw .invalid("Label schema '\(text.prefix(60))' not found.")
            }
            schemas.append(id)
        }
        return schemas
    }

    /// The traces that a request names, each once.
    static func items(_ request: APIRequest) throws(APIError) -> [String] {
        var items: [String] = []
        var seen: Set<String> = []
        for text in request.texts("item_ids") {
            let item = trimmed(text)
            guard !item.isEmpty, item.count <= 50 else { throw .invalid("An id in `item_ids` has 1 to 50 characters.") }
            if seen.insert(item).inserted { items.append(item) }
        }
        guard (1...mostItems).contains(items.count) else {
            throw .invalid("`item_ids` names 1 to \(mostItems) traces, and names \(items.count).")
        }
        return items
    }

    private static func trimmed(_ text: String) -> String {
        String(text.drop { $0.isWhitespace }.reversed().drop { $0.isWhitespace }.reversed())
    }
}
