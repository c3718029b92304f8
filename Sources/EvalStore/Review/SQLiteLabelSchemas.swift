// What reviewers are asked, in the store.

public import EvalCore
internal import EvalJSON
internal import GRDB

extension SQLiteStore: LabelSchemaStore {
    /// Keeps a question.
    public func createLabelSchema(_ schema: LabelSchema) async throws -> LabelSchema {
        let now = options.now()
        return try await transact { db in
            try db.refuseInactive(experiment: schema.experiment)
            try Self.refuseTaken(db, schema.name, schema.experiment)
            let sql = """
                INSERT INTO label_schemas
                    (public_id, experiment, name, kind, input, instruction, comments, created, updated)
                VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?8)
                """
            try db.run(
                sql,
                .id(.make()),
                .integer(schema.experiment),
                .text(schema.name),
                .text(schema.kind.rawValue),
                .text(schema.input.stored.serialized),
                .optional(schema.instruction),
                .integer(schema.takesComments ? 1 : 0),
                .integer(now)
            )
            return try Self.labelSchema(db, "id = ?", .integer(db.lastInsertedRowID))
        }
    }

    /// A question.
    public func labelSchema(_ id: PublicID) async throws -> LabelSchema {
        try await look { db in try Self.labelSchema(db, id) }
    }

    /// A question of an experiment by its name.
    public func labelSchema(named name: String, in experiment: Int64) async throws -> LabelSchema {
        try await look { db in
            try db.refuseInactive(experiment: experiment)
            let condition = "experiment = ? AND name = ?"
            guard let found = try Self.labelSchemas(db, condition, [.integer(experiment), .text(name)]).first else {
                throw Refusal.missing("Label schema with name '\(name)' not found for experiment '\(experiment)'.")
            }
            return found
        }
    }

    /// The questions of an experiment, the newest first.
    public func labelSchemas(in experiment: Int64, window: SearchWindow) async throws -> SearchResult<LabelSchema> {
        try await look { db in
            try db.refuseInactive(experiment: experiment)
            let condition = "experiment = ? ORDER BY created DESC, id DESC \(window.sql.sql)"
            return window.result(
                try Self.labelSchemas(db, condition, [.integer(experiment)] + window.sql.arguments)
            )
        }
    }

    /// Changes a question.
    public func changeLabelSchema(_ id: PublicID, _ change: LabelSchemaChange) async throws -> LabelSchema {
        let now = options.now()
        return try await transact { db in
            var schema = try Self.labelSchema(db, id)
            if let name = change.name, name != schema.name {
                try Self.refuseTaken(db, name, schema.experiment)
                schema.name = name
            }
            if let input = change.input {
                guard input.isSameKind(as: schema.input) else {
                    throw Refusal.invalid(
                        "How a label schema is answered can't change, since it has answers; make another schema."
                    )
                }
                schema.input = input
            }
            if let instruction = change.instruction { schema.instruction = instruction }
            if let takesComments = change.takesComments { schema.takesComments = takesComments }
            let sql = """
                UPDATE label_schemas SET name = ?, input = ?, instruction = ?, comments = ?, updated = ?
                WHERE public_id = ?
                """
            try db.run(
                sql,
                .text(schema.name),
                .text(schema.input.stored.serialized),
                .optional(schema.instruction),
                .integer(schema.takesComments ? 1 : 0),
                .integer(now),
                .id(id)
            )
            return try Self.labelSchema(db, id)
        }
    }

    /// Forgets a question, also in queues.
    public func deleteLabelSchema(_ id: PublicID) async throws {
        try await transact { db in
            guard let row = try db.row(of: id, in: "label_schemas") else { return }
            try db.run("DELETE FROM review_queue_schemas WHERE schema = ?", .integer(row))
            try db.run("DELETE FROM label_schemas WHERE id = ?", .integer(row))
        }
    }

    private static func refuseTaken(_ db: Database, _ name: String, _ experiment: Int64) throws {
        let sql = "SELECT 1 FROM label_schemas WHERE experiment = ? AND name = ?"
        if try db.first(sql, .integer(experiment), .text(name), body: { _ in true }) != nil {
            throw Refusal.exists("Label schema with name '\(name)' already exists for experiment '\(experiment)'.")
        }
    }

    private static func labelSchema(_ db: Database, _ id: PublicID) throws -> LabelSchema {
        guard let found = try labelSchemas(db, "public_id = ?", [.id(id)]).first else {
            throw Refusal.missing("Label schema with id 'ls-\(id.hexadecimal)' not found.")
        }
        return found
    }

    private static func labelSchema(
        _ db: Database,
        _ condition: String,
        _ argument: Query.Argument
    ) throws -> LabelSchema {
        guard let found = try labelSchemas(db, condition, [argument]).first else { throw Damage("a schema is gone") }
        return found
    }

    private static func labelSchemas(
        _ db: Database,
        _ condition: String,
        _ arguments: [Query.Argument]
    ) throws -> [LabelSchema] {
        let sql = """
            SELECT public_id, experiment, name, kind, input, instruction, comments, created, updated
            FROM label_schemas WHERE \(condition)
            """
        return try db.all(sql, arguments) { row in
            guard let input = try row.json(4).flatMap(LabelInput.init(stored:)),
                let kind = LabelSchema.Kind(rawValue: row.text(3))
            else { throw Damage("a label schema can't be read") }
            return LabelSchema(
                id: try row.publicID(0),
                experiment: row.int64(1),
                name: row.text(2),
                kind: kind,
                input: input,
                instruction: row.optionalText(5),
                takesComments: row.int64(6) != 0,
                createdMilliseconds: row.int64(7),
                updatedMilliseconds: row.int64(8)
            )
        }
    }
}

extension LabelInput {
    /// Whether answers of one fit the other.
    fileprivate func isSameKind(as other: LabelInput) -> Bool {
        switch (self, other) {
        case (.passFail, .passFail), (.number, .number), (.text, .text): true
        case (.categorical(_, let left), .categorical(_, let right)): left == right
        default: false
        }
    }

    /// The input as the table keeps it.
    fileprivate var stored: JSON {
        switch self {
        case .passFail(let positive, let negative): ["pass": JSON(positive), "fail": JSON(negative)]
        case .categorical(let options, let isMultiple):
            ["options": .array(options.map { JSON($0) }), "multiple": JSON(isMultiple)]
        case .number(let least, let most):
            ["number": .array([least.map { JSON($0) } ?? .null, most.map { JSON($0) } ?? .null])]
        case .text(let longest): ["text": longest.map { JSON($0) } ?? .null]
        }
    }

    /// Reads what ``stored`` made; nil where it is something else.
    fileprivate init?(stored json: JSON) {
        if let positive = json[key: "pass"]?.string, let negative = json[key: "fail"]?.string {
            self = .passFail(positive: positive, negative: negative)
        } else if let options = json[key: "options"] {
            self = .categorical(
                options: options.elements.compactMap(\.string),
                isMultiple: json[key: "multiple"]?.boolean ?? false
            )
        } else if let bounds = json[key: "number"].map({ Array($0.elements) }), bounds.count == 2 {
            self = .number(least: bounds[0].number, most: bounds[1].number)
        } else if let longest = json[key: "text"] {
            self = .text(longest: longest.integer)
        } else {
            return nil
        }
    }
}
