// `evalhost datasets add, import, split`: what makes a new version.

internal import ArgumentParser
internal import EvalCore
internal import EvalDatasets
internal import EvalJSON
internal import EvalStore
internal import Foundation

extension DatasetsCommand {
    /// Records to merge.
    struct Incoming: ParsableArguments {
        @Option(
            help: ArgumentHelp(
                "Where the records come from, for rows that don't say: human, document, trace or generated.",
                valueName: "type"
            )
        )
        var sourceType: SourceType?
        @Option(help: ArgumentHelp("A tag for every record; may be given several times.", valueName: "key=value"))
        var tag: [String] = []
        @Option(help: ArgumentHelp("A field that belongs elsewhere; may be given several times.", valueName: "from=to"))
        var map: [String] = []
        @Option(help: ArgumentHelp("Only rows that satisfy a condition.", valueName: "condition"))
        var filter: String?
        @Option(help: ArgumentHelp("The most rows.", valueName: "n"))
        var limit: Int?
        @Option(
            help: ArgumentHelp(
                "Feedback on traces that says what would have been right, and what it is called there; may be given several times.",
                discussion: "For example good_answer=expected_response; without = it keeps its name.",
                valueName: "feedback=expectation"
            )
        )
        var expectFrom: [String] = []

        enum SourceType: String, ExpressibleByArgument, CaseIterable {
            case human, document, trace, generated

            /// MLflow's word.
            var word: String { self == .generated ? "CODE" : rawValue.uppercased() }
        }

        /// Keys of MLflow's records that say nothing about a row.
        private static let mlflowKeys = [
            "dataset_record_id", "dataset_id", "created_time", "last_update_time", "created_by", "last_updated_by",
            "source_id", "source_type", "create_time",
        ]

        /// Reads the records of a file, of traces or of another data set.
        func contents(_ data: String, _ store: LazyStore) async throws -> [JSON] {
            var rows = EvaluationRequest.Rows()
            rows.data = data
            rows.selection.limit = limit
            rows.selection.filter = try filter.map { text throws(Diagnostic) in try RowFilter(text) }
            let isStored = data.hasPrefix("traces:") || data.hasPrefix("dataset:")
            rows.mapping =
                isStored && map.isEmpty ? RowMapping() : try RowMapping(map + Self.mlflowKeys.map { $0 + "=" })
            let source = try await DataSource.open(rows) { () throws(Diagnostic) in try store.openExisting() }.source
            let tags = try Tags.parse(tag)
            let corrections = try FeedbackCorrections(expectFrom)
            guard corrections.isEmpty || data.hasPrefix("traces:") else {
                throw Diagnostic("--expect-from is for traces:FILTER, which have feedback")
            }
            var contents: [JSON] = []
            while let batch = try await source.next(limit: Limits.batchRows) {
                let rows = batch.decode()
                let found =
                    corrections.isEmpty
                    ? [:] : try await corrections.find(rows.compactMap(\.trace?.id), store.openExisting())
                for row in rows {
                    var content = DatasetRecord.content(of: try row.record.get(), source: self.source(of: row))
                    if let id = row.trace?.id, let right = found[id] {
                        // Ground truth that somebody logged as such counts before it.
                        let known = content["expectations"] ?? [:]
                        let more = right.members.filter { known[String($0.key)] == nil }
                        let rest = JSON.object(more.map { (String($0.key), $0.value) })
                        content = DatasetRecord.merged(content, ["expectations": rest])
                    }
                    contents.append(content.tagged(tags))
                }
            }
            guard !contents.isEmpty else { throw Diagnostic("there is no row", at: .init(file: data)) }
            return contents
        }

        private func source(of row: DecodedRow) -> JSON? {
            if let sourceType { return ["source_type": JSON(sourceType.word)] }
            guard let trace = row.trace else { return nil }
            return ["source_type": "TRACE", "source_data": ["trace_id": JSON(trace.id.traceID)]]
        }
    }

    struct Add: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Merge rows into a data set that is there.",
            discussion: """
                A row with the inputs of a record changes it: expectations and tags key by key, all else as a whole. Rows that
                are there already change nothing. All of it is one version, and a row that can't be read adds nothing.

                Example:
                  evalhost datasets add support new.jsonl --source-type human
                  evalhost datasets add support "traces:tags.team = 'help'"
                  evalhost datasets add support --row '{"inputs": {"question": "Why?"}, "expectations": {"expected_response": "So."}}'
                """
        )

        @Argument(help: "The data set.")
        var name: String
        @Argument(help: "A file of rows, - for standard input, traces:FILTER, or dataset:NAME.")
        var data: String?
        @Option(help: ArgumentHelp("One row as JSON.", valueName: "json"))
        var row: String?
        @OptionGroup var incoming: Incoming
        @OptionGroup var store: StoreOptions

        func validate() throws {
            if (data == nil) == (row == nil) { throw ValidationError("give a file of rows, or --row JSON") }
        }

        func run() async throws {
            let access = LazyStore(store)
            let dataset = try await access.openExisting().dataset(named: name)
            let contents: [JSON]
            if let row {
                contents = [try content(row)]
            } else {
                contents = try await incoming.contents(data ?? "-", access)
            }
            try await DatasetsCommand.merge(contents, into: dataset, access)
        }

        private func content(_ text: String) throws(Diagnostic) -> JSON {
            let json: JSON
            do throws(JSONError) {
                json = try JSON(parsing: text)
            } catch {
                throw Diagnostic("the row is no JSON: \(error.description)", at: .init(file: "--row"))
            }
            do throws(Diagnostic) {
                let source: JSON? = incoming.sourceType.map { ["source_type": JSON($0.word)] }
                let content = DatasetRecord.content(of: try Record(row: json), source: source)
                return content.tagged(try Tags.parse(incoming.tag))
            } catch {
                throw error.located(.init(file: "--row"))
            }
        }
    }

    struct Import: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Make a data set of a file, or merge the file into it.",
            discussion: "Example:\n  evalhost datasets import support questions.csv --map question=inputs.question"
        )

        @Argument(help: "The data set; it is made if it isn't there.")
        var name: String
        @Argument(help: "A file of rows, - for standard input, traces:FILTER, or dataset:NAME.")
        var data: String
        @OptionGroup var incoming: Incoming
        @OptionGroup var store: StoreOptions

        func run() async throws {
            let access = LazyStore(store)
            try DatasetName.check(name)
            // The rows first: a file that can't be read makes no data set.
            let contents = try await incoming.contents(data, access)
            let store = try access.open()
            let existing = try await store.datasets().first { $0.name == name }
            var dataset = existing
            if dataset == nil { dataset = try await store.createDataset(name, tags: [:], schema: nil) }
            if let dataset { try await DatasetsCommand.merge(contents, into: dataset, access) }
        }
    }

    struct Split: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Share the records out among splits, by the content of their inputs.",
            discussion: """
                Each record gets the tag `split`. A record stays in its split whatever is added later, as long as the shares and
                the seed are the same. Evaluate one with --data dataset:NAME --filter "tags.split = 'test'".

                Example:
                  evalhost datasets split support train=80 test=20
                """
        )

        @Argument(help: "The data set.")
        var name: String
        @Argument(help: ArgumentHelp("The splits with their shares, in any unit.", valueName: "split=share"))
        var shares: [String]
        @Option(help: ArgumentHelp("Another seed shares out anew.", discussion: "Default: 0", valueName: "n"))
        var seed: UInt64 = 0
        @OptionGroup var store: StoreOptions

        func run() async throws {
            let splits = try DatasetSplits(shares, seed: seed)
            let access = LazyStore(store)
            let dataset = try await access.openExisting().dataset(named: name)
            var changes: [JSON] = []
            var place: Int64 = 0
            while true {
                let page = try await access.openExisting().records(of: dataset, after: place, limit: Limits.batchRows)
                guard !page.records.isEmpty else { break }
                place = page.place
                for record in page.records {
                    let inputs = record.content["inputs"] ?? [:]
                    changes.append(["inputs": inputs, "tags": ["split": JSON(splits.split(of: inputs))]])
                }
            }
            guard !changes.isEmpty else { throw Diagnostic("the data set '\(dataset.name)' has no record") }
            try await DatasetsCommand.merge(changes, into: dataset, access)
        }
    }

    /// Merges records and says what was done.
    static func merge(_ contents: [JSON], into dataset: EvaluationDataset, _ access: LazyStore) async throws {
        let schema = try DatasetSchema(dataset.schema)
        let store = try access.openExisting()
        let merge = try await store.merge(contents, into: dataset.id) { schema.fault(of: $0) }
        let now = try await store.dataset(named: dataset.publicID)
        Console.output("\(now.reference)  \(merge.words), \(merge.unchanged) unchanged; \(now.records) records\n")
    }
}

extension JSON {
    /// A record's content with further tags.
    fileprivate func tagged(_ tags: JSON) -> JSON {
        tags.count == 0 ? self : DatasetRecord.merged(self, ["tags": tags])
    }
}

/// Shares of a data set.
struct DatasetSplits {
    private var bounds: [(name: String, upTo: Double)] = []
    private let seed: UInt64

    /// Reads shares as they are written: `train=80`.
    ///
    /// - Throws: Which is wrong.
    init(_ shares: [String], seed: UInt64) throws(Diagnostic) {
        self.seed = seed
        var parsed: [(String, Double)] = []
        for share in shares {
            guard let equals = share.lastIndex(of: "="), equals != share.startIndex,
                let size = Double(share[share.index(after: equals)...]), size > 0, size.isFinite
            else { throw Diagnostic("a split is NAME=SHARE with a number above 0, not '\(share)'") }
            parsed.append((String(share[..<equals]), size))
        }
        let total = parsed.reduce(0) { $0 + $1.1 }
        var sum = 0.0
        for (name, size) in parsed {
            guard !bounds.contains(where: { $0.name == name }) else {
                throw Diagnostic("the split '\(name)' stands twice")
            }
            sum += size
            bounds.append((name, sum / total))
        }
    }

    /// The split of a record.
    func split(of inputs: JSON) -> String {
        let digest = Digest(of: inputs.digest.bytes + Array("\(seed)".utf8))
        let drawn = digest.bytes.prefix(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        let place = Double(drawn >> 11) / Double(1 << 53)
        return (bounds.first { place < $0.upTo } ?? bounds[bounds.count - 1]).name
    }
}
