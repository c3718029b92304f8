import EvalCore
import EvalJSON
import EvalStore
import Foundation
import GRDB
import Testing

/// A folder that goes away with the test.
final class TemporaryFolder {
    let url = FileManager.default.temporaryDirectory.appendingPathComponent("evalstore-\(UUID().uuidString)")
    init() throws { try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true) }
    deinit { try? FileManager.default.removeItem(at: url) }
    func file(_ name: String) -> String { url.appendingPathComponent(name).path }
}

@Suite struct SQLiteStoreLaws {
    let folder: TemporaryFolder
    let laws: StoreLaws<SQLiteStore>

    init() throws {
        folder = try TemporaryFolder()
        laws = StoreLaws(store: try SQLiteStore(path: folder.file("laws.db")))
    }

    @Test("every kind of value comes back as it was")
    func values() async throws { try await laws.everyValueComesBackAsItWas() }
    @Test("what is not a number comes back as such")
    func notANumber() async throws { try await laws.notANumberComesBackAsOne() }
    @Test("every kind of verdict comes back as it was")
    func verdicts() async throws { try await laws.everyVerdictComesBackAsItWas() }
    @Test("rows come back in order as they were, a page at a time")
    func rows() async throws { try await laws.rowsComeBackInOrderAsTheyWere() }
    @Test("marks come in pages of whole records")
    func marks() async throws { try await laws.marksComeInPagesOfWholeRecords() }
    @Test("a row that is tried again replaces the old one")
    func retry() async throws { try await laws.aRetriedRowReplacesTheOldOne() }
    @Test("feedback lands on traces that are there")
    func existingTraces() async throws { try await laws.feedbackLandsOnTracesThatAreThere() }
    @Test("ordered values are those of the ranks")
    func ordered() async throws { try await laws.orderedValuesAreThoseOfTheRanks() }
    @Test("the turns of a conversation come in their order")
    func turns() async throws { try await laws.turnsComeInTheirOrder() }
    @Test("what models took is added up")
    func usage() async throws { try await laws.whatModelsTookIsAddedUp() }
    @Test("clusters come back")
    func clusters() async throws { try await laws.clustersComeBack() }
    @Test("the run of an owner that lives is refused")
    func livingOwner() async throws { try await laws.aLivingOwnersRunIsRefused() }
    @Test("the run of a dead owner is interrupted and can be taken over")
    func deadOwner() async throws { try await laws.aDeadOwnersRunIsInterruptedAndCanBeTakenOver() }
    @Test("a finished run is kept whole")
    func finished() async throws { try await laws.aFinishedRunIsKeptWhole() }
    @Test("runs are listed newest first")
    func listing() async throws { try await laws.runsAreListedNewestFirst() }
    @Test("runs are found by id, prefix, name and 'latest'")
    func names() async throws { try await laws.runsAreFoundByTheirWords() }
    @Test("a trace is read with all that was said of it")
    func trace() async throws { try await laws.aTraceIsReadWithAllThatWasSaidOfIt() }
    @Test("a commit of any length is written whole")
    func lengths() async throws { try await laws.everyLengthOfCommitIsWrittenWhole() }
    @Test("rows that are there are replaced among others")
    func retryAmongOthers() async throws { try await laws.rowsThatAreThereAreReplacedAmongOthers() }
    @Test("a row that comes twice in a commit is the later one")
    func twice() async throws { try await laws.aRowThatComesTwiceInACommitIsTheLaterOne() }
    @Test("traces that are there are linked among others")
    func linkAmongOthers() async throws { try await laws.tracesThatAreThereAreLinkedAmongOthers() }
}

@Suite struct SQLiteFileTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func refusal(_ path: String, _ options: SQLiteOptions = SQLiteOptions()) -> Diagnostic? {
        let error = #expect(throws: Diagnostic.self) { try SQLiteStore(path: path, options: options) }
        #expect(error?.category == .unavailable)
        return error
    }

    @Test("the folder .evalhost is made for its owner only and is ignored by git")
    func newFolder() async throws {
        let path = folder.file(".evalhost/evalhost.db")
        let store = try SQLiteStore(path: path)
        let attributes = try FileManager.default.attributesOfItem(atPath: folder.file(".evalhost"))
        #expect(attributes[.posixPermissions] as? Int == 0o700)
        #expect(try String(contentsOfFile: folder.file(".evalhost/.gitignore"), encoding: .utf8) == "*\n")
        try await store.begin(Sample.plan(owner: .current))
        try store.close()
        // Closed and opened again, it has what it had.
        let again = try SQLiteStore(path: path)
        #expect(try await again.runs().count == 1)
    }

    @Test("a folder of another name must be there")
    func missingFolder() {
        #expect(refusal(folder.file("nowhere/x.db"))?.message.contains("there is no such folder") == true)
        #expect(refusal(folder.url.path)?.message.contains("is a folder") == true)
    }

    @Test("a newer database is refused and left alone")
    func newer() throws {
        let path = folder.file("newer.db")
        try SQLiteStore(path: path).close()
        let queue = try DatabaseQueue(path: path)
        try queue.inDatabase { try $0.execute(sql: "PRAGMA user_version = 99") }
        try queue.close()
        #expect(refusal(path)?.message.contains("schema version 99") == true)
    }

    @Test("another program's database is refused and left alone")
    func foreign() throws {
        let path = folder.file("foreign.db")
        let queue = try DatabaseQueue(path: path)
        try queue.inDatabase { try $0.execute(sql: "CREATE TABLE theirs (x)") }
        try queue.close()
        let before = try Data(contentsOf: URL(fileURLWithPath: path))
        #expect(refusal(path)?.message.contains("not a store of evalhost") == true)
        #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == before)
    }

    @Test("a file that is no database is refused")
    func noDatabase() throws {
        let path = folder.file("text.db")
        try Data(String(repeating: "not a database\n", count: 1000).utf8).write(to: URL(fileURLWithPath: path))
        #expect(refusal(path)?.message.contains("not a SQLite database") == true)
    }

    @Test("a damaged database is refused, or says so when it is read")
    func damaged() async throws {
        let path = folder.file("damaged.db")
        let first = try SQLiteStore(path: path)
        let plan = Sample.plan(owner: .current)
        try await first.begin(plan)
        try await first.commit((0..<200).map { try Sample.row($0) }, to: plan.id)
        try first.close()
        var data = try Data(contentsOf: URL(fileURLWithPath: path))
        for position in 8192..<data.count { data[position] = 0xA5 }
        try data.write(to: URL(fileURLWithPath: path))
        let error = await #expect(throws: Diagnostic.self) {
            let store = try SQLiteStore(path: path)
            _ = try await store.runs()
            _ = try await store.finishedMarks(of: plan.id, from: 0, limit: 1000)
        }
        #expect(error?.category == .unavailable)
        #expect(error?.message.contains("damaged") == true)
    }

    @Test("a database that may not be written is refused", .enabled(if: getuid() != 0, "root may write everywhere"))
    func readOnly() throws {
        let path = folder.file("readonly.db")
        try SQLiteStore(path: path).close()
        try FileManager.default.setAttributes([.posixPermissions: 0o400], ofItemAtPath: path)
        #expect(refusal(path)?.message.contains("read-only") == true)
    }

    @Test("a writer that waits too long for another process says so, and what it read before still counts")
    func locked() async throws {
        let path = folder.file("locked.db")
        var options = SQLiteOptions()
        options.busyTimeout = .milliseconds(1)
        let store = try SQLiteStore(path: path, options: options)
        let plan = Sample.plan(owner: .current)
        try await store.begin(plan)
        var configuration = Configuration()
        configuration.allowsUnsafeTransactions = true
        let other = try DatabaseQueue(path: path, configuration: configuration)
        try await other.writeWithoutTransaction { try $0.execute(sql: "BEGIN IMMEDIATE") }
        let error = await #expect(throws: Diagnostic.self) { try await store.commit([Sample.row(0)], to: plan.id) }
        #expect(error?.category == .unavailable)
        #expect(error?.message.contains("locked") == true)
        #expect(try await store.runs().count == 1)
        try await other.writeWithoutTransaction { try $0.execute(sql: "ROLLBACK") }
        try await store.commit([Sample.row(0)], to: plan.id)
    }

    @Test("a transaction that fails leaves nothing, and the next one is written")
    func atomic() async throws {
        let path = folder.file("atomic.db")
        let store = try SQLiteStore(path: path)
        let plan = Sample.plan(owner: .current)
        try await store.begin(plan)
        let other = try DatabaseQueue(path: path)
        let trigger = """
            CREATE TRIGGER refuse BEFORE INSERT ON assessments WHEN new.trace = 145 AND new.scorer = 2
            BEGIN SELECT RAISE(ABORT, 'no'); END
            """
        try await other.write { try $0.execute(sql: trigger) }
        let rows = try (0..<150).map { try Sample.row($0) }
        await #expect(throws: Diagnostic.self) { try await store.commit(rows, to: plan.id) }
        let counts = try await other.read { db in
            try ["traces", "run_rows", "assessments"].map { try Int.fetchOne(db, sql: "SELECT count(*) FROM \($0)") }
        }
        #expect(counts == [0, 0, 0])
        #expect(try await store.runs().map(\.rows) == [0])
        try await other.write { try $0.execute(sql: "DROP TRIGGER refuse") }
        try await store.commit(rows, to: plan.id)
        #expect(try await store.finishedMarks(of: plan.id, from: 0, limit: 200).count == 150)
    }

    @Test("a full disk is said in words, and nothing is half-written")
    func fullDisk() async throws {
        var options = SQLiteOptions()
        // Room for the tables and some rows.
        options.maximumPages = 140
        let store = try SQLiteStore(path: folder.file("full.db"), options: options)
        let plan = Sample.plan(owner: .current)
        try await store.begin(plan)
        try await store.commit([Sample.row(0)], to: plan.id)
        let error = await #expect(throws: Diagnostic.self) {
            try await store.commit((1..<2000).map { try Sample.row($0) }, to: plan.id)
        }
        #expect(error?.message.contains("disk is full") == true)
        #expect(error?.location.file == folder.file("full.db"))
        #expect(try await store.finishedMarks(of: plan.id, from: 0, limit: 100).count == 1)
        #expect(try await store.runs().map(\.rows) == [1])
    }

    @Test("several stores of one file write at the same time, and each new file is made once")
    func together() async throws {
        let path = folder.file("shared.db")
        try await withThrowingTaskGroup(of: Void.self) { group in
            for task in 0..<4 {
                group.addTask {
                    let store = try SQLiteStore(path: path)
                    let plan = Sample.plan("run \(task)", owner: .current)
                    try await store.begin(plan)
                    for start in stride(from: 0, to: 100, by: 10) {
                        try await store.commit((start..<start + 10).map { try Sample.row($0) }, to: plan.id)
                    }
                }
            }
            try await group.waitForAll()
        }
        let store = try SQLiteStore(path: path)
        #expect(try await store.runs().map(\.rows) == [100, 100, 100, 100])
    }

    @Test("a cancelled task's commit is written")
    func cancelled() async throws {
        let store = try SQLiteStore(path: folder.file("cancelled.db"))
        let plan = Sample.plan(owner: .current)
        try await store.begin(plan)
        let row = try Sample.row(0)
        let task = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            try await store.commit([row], to: plan.id)
        }
        try await task.value
        #expect(try await store.runs().map(\.rows) == [1])
    }

    @Test("writers wait for the disk: synchronous is FULL and the journal is a write-ahead log")
    func durable() async throws {
        let store = try SQLiteStore(path: folder.file("durable.db"))
        #expect(try await store.pragma("synchronous") == "2")
        #expect(try await store.pragma("journal_mode") == "wal")
        #expect(try await store.pragma("page_size") == "8192")
    }

    @Test("a store in memory works like one in a file")
    func inMemory() async throws {
        let store = try SQLiteStore(path: ":memory:")
        let plan = Sample.plan(owner: .current)
        try await store.begin(plan)
        try await store.commit([Sample.row(0)], to: plan.id)
        #expect(try await store.finishedMarks(of: plan.id, from: 0, limit: 1).count == 1)
    }
}

@Suite struct RunOwnerTests {
    @Test("this process lives; one with its number and another start does not")
    func alive() {
        #expect(RunOwner.current.isAlive(heartbeatAge: .seconds(3600)))
        var other = RunOwner.current
        other.startTicks += 1
        #expect(!other.isAlive(heartbeatAge: .zero))
    }

    @Test("another machine's process is believed to live as long as its heart beats")
    func elsewhere() {
        let other = RunOwner(pid: 1, bootID: "elsewhere", startTicks: 1)
        #expect(other.isAlive(heartbeatAge: .seconds(1)))
        #expect(!other.isAlive(heartbeatAge: .seconds(3600)))
    }
}
