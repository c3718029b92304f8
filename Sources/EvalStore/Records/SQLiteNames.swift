// From the words that people type to runs and traces.

public import EvalCore
internal import EvalJSON
internal import GRDB

extension SQLiteStore {
    /// The run that a word means: an id, the unique beginning of one, a unique name, or `latest`.
    public func run(named word: String) async throws(Diagnostic) -> PublicID {
        let fault = fault
        return try await read { db in
            if word == "latest" {
                var newest: PublicID?
                try Query(db, "SELECT public_id FROM runs WHERE deleted IS NULL ORDER BY started DESC, id DESC LIMIT 1")
                    .rows {
                        newest = try $0.publicID(0)
                        return false
                    }
                guard let newest else { throw fault.noRunAtAll }
                return newest
            }
            // An id that is whole means that run, whatever others are called.
            if let id = PublicID(hexadecimal: word), try Self.runCandidates(db, word, byName: false).first?.id == id {
                return id
            }
            var candidates = try Self.runCandidates(db, word, byName: true)
            if candidates.isEmpty { candidates = try Self.runCandidates(db, word, byName: false) }
            guard let first = candidates.first else {
                throw fault.noRun(word, near: nearestWord(to: word, among: try Self.runNames(db)))
            }
            if candidates.count == 1 { return first.id }
            throw Diagnostic(
                "'\(word)' means more than one run",
                at: .init(file: fault.path),
                help: "Give the id, or more of it:"
                    + candidates.prefix(8).map { "\n    \($0.id.hexadecimal)  \($0.name)" }.joined()
                    + (candidates.count > 8 ? "\n    …" : "")
            )
        }
    }

    /// The newest runs that have a name, or an id that begins with it; nine are enough to say that there are many.
    private static func runCandidates(
        _ db: Database,
        _ word: String,
        byName: Bool
    ) throws -> [(id: PublicID, name: String)] {
        var found: [(id: PublicID, name: String)] = []
        let collect = { (row: QueryRow) throws -> Bool in
            found.append((try row.publicID(0), row.text(1)))
            return true
        }
        let select = "SELECT public_id, name FROM runs"
        if byName {
            try Query(db, select + " WHERE name = ? ORDER BY started DESC LIMIT 9").rows(.text(word), body: collect)
        } else if let range = PublicID.range(ofPrefix: word) {
            try Query(db, select + " WHERE public_id BETWEEN ? AND ? ORDER BY public_id DESC LIMIT 9")
                .rows(.id(range.lowerBound), .id(range.upperBound), body: collect)
        }
        return found
    }

    private static func runNames(_ db: Database) throws -> [String] {
        var names: [String] = []
        try Query(db, "SELECT DISTINCT name FROM runs ORDER BY id DESC LIMIT 1000")
            .rows {
                names.append($0.text(0))
                return true
            }
        return names
    }
}

extension PublicID {
    /// The identifiers whose 32 digits begin with `prefix`; nil if that is no hexadecimal number, or empty.
    static func range(ofPrefix prefix: String) -> ClosedRange<PublicID>? {
        let count = prefix.utf8.count
        guard count > 0, count <= 32, prefix.allSatisfy(\.isHexDigit),
            let low = PublicID(hexadecimal: prefix + String(repeating: "0", count: 32 - count)),
            let high = PublicID(hexadecimal: prefix + String(repeating: "f", count: 32 - count))
        else { return nil }
        return low...high
    }
}

extension SQLiteFault {
    /// The store is empty.
    var noRunAtAll: Diagnostic {
        Diagnostic(
            "there is no run in the store",
            at: .init(file: path),
            help: "`evalhost evaluate` makes one; --store names another store."
        )
    }

    /// There is no such trace.
    func noTrace(_ word: String) -> Diagnostic {
        Diagnostic(
            "there is no trace '\(word)' in the store",
            at: .init(file: path),
            help: "A trace is named by its id, tr- and 32 digits, or the beginning of it."
        )
    }
}
