// Full-text search: FTS5 over all texts in spans. A document is a part of a trace, or the spans in the trace's own row;
// its number is the trace's row, then 20 bits that say which.

public import EvalCore
internal import EvalJSON
internal import GRDB

enum TraceWords {
    /// What stands for the spans in the trace's own row, where others have the number of their part.
    static let inline: Int64 = 1 << 20 - 1

    /// The document of a part; later parts than there are numbers share the last one.
    static func document(_ trace: Int64, part: Int) -> Int64 { trace << 20 | min(Int64(part), inline - 1) }

    /// The words of a search: runs of letters and digits.
    ///
    /// One that ends with `*` stands for all that begin so.
    static func terms(_ text: String) -> [String] {
        var terms: [String] = []
        var word = ""
        for character in text + " " {
            if character.isLetter || character.isNumber {
                word.append(character)
            } else if !word.isEmpty {
                terms.append("\"\(word)\"" + (character == "*" ? " *" : ""))
                word = ""
            }
        }
        return terms
    }

    /// Traces in which a word occurs.
    static func condition(_ term: String) -> SearchSQL {
        SearchSQL(
            sql: "t.id IN (SELECT w.rowid >> 20 FROM trace_words w WHERE w.trace_words MATCH ?)",
            arguments: [.text(term)]
        )
    }

    /// All texts in a block of spans: names, inputs, outputs, messages and attributes, without their keys.
    static func text(_ spans: JSON) -> String {
        var texts = ""
        append(spans, to: &texts)
        return texts
    }

    private static func append(_ json: JSON, to texts: inout String) {
        if let string = json.string {
            texts += string
            texts += "\n"
        }
        for element in json.elements { append(element, to: &texts) }
        for (_, value) in json.members { append(value, to: &texts) }
    }

    /// Takes a trace's words out of the index, before the trace itself goes.
    static func forget(_ db: Database, _ trace: Int64) throws {
        for (document, spans) in try documents(db, of: trace) {
            try db.run("DELETE FROM words_waiting WHERE doc = ?", .integer(document))
            if db.changesCount > 0 { continue }
            let indexed = try db.first("SELECT traces FROM words_state") { $0.int64(0) } ?? 0
            if document & inline == inline, trace > indexed { continue }
            try db.run(
                "INSERT INTO trace_words (trace_words, rowid, text) VALUES ('delete', ?, ?)",
                .integer(document),
                .text(text(spans))
            )
        }
    }

    private static func documents(_ db: Database, of trace: Int64) throws -> [(document: Int64, spans: JSON)] {
        let sql = """
            SELECT ?1 << 20 | part, spans FROM trace_parts WHERE trace = ?1
            UNION ALL SELECT ?1 << 20 | \(inline), spans FROM traces WHERE id = ?1 AND spans <> '[]'
            """
        return try db.all(sql, [.integer(trace)]) { ($0.int64(0), try $0.json(1) ?? .null) }
    }
}

extension SQLiteStore {
    /// Takes traces into the index that aren't there yet.
    ///
    /// - Parameter limit: How many parts at most.
    /// - Returns: How many were taken; 0 once there are none.
    /// - Throws: Why the store can't be used.
    public func indexTraceWords(limit: Int) async throws -> Int {
        try await transact { db in
            var documents = try db.all(
                """
                SELECT w.doc, p.spans FROM words_waiting w
                LEFT JOIN trace_parts p ON p.trace = w.doc >> 20 AND p.part = w.doc & \(TraceWords.inline) LIMIT ?
                """,
                [.int(limit)]
            ) { ($0.int64(0), try $0.json(1)) }
            for (document, _) in documents {
                try db.run("DELETE FROM words_waiting WHERE doc = ?", .integer(document))
            }
            let rows = try db.all(
                """
                SELECT t.id, CASE WHEN t.spans = '[]' THEN NULL ELSE t.spans END FROM traces t
                WHERE t.id > (SELECT traces FROM words_state) ORDER BY t.id LIMIT ?
                """,
                [.int(max(0, limit - documents.count))]
            ) { ($0.int64(0), try $0.json(1)) }
            if let last = rows.last { try db.run("UPDATE words_state SET traces = ?", .integer(last.0)) }
            let taken = documents.count + rows.count
            documents += rows.map { ($0.0 << 20 | TraceWords.inline, $0.1) }
            for (document, spans) in documents {
                guard let spans else { continue }
                try db.run(
                    "INSERT INTO trace_words (rowid, text) VALUES (?, ?)",
                    .integer(document),
                    .text(TraceWords.text(spans))
                )
            }
            return taken
        }
    }
}
