// The validator of plugins as a library: its table, its seeds, and what it writes for a second try.

import EvalCore
import EvalPlugins
import Foundation
import Testing

@Suite struct ConformanceTests {
    private static let root = URL(fileURLWithPath: Workshop.root)

    /// The checks that a faulty plugin's first line names.
    private static let faults: [String: Set<String>] = {
        let folder = root.appendingPathComponent("Tests/FaultyPlugins")
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        var faults: [String: Set<String>] = [:]
        for name in names where name.hasSuffix(".c") {
            let source = (try? String(contentsOf: folder.appendingPathComponent(name), encoding: .utf8)) ?? ""
            let line = source.prefix { $0 != "\n" }
            guard line.hasPrefix("/* fails: ") else { continue }
            let words = line.dropFirst("/* fails: ".count).split(separator: " ").filter { $0 != "*/" }
            faults[name] = Set(words.map(String.init))
        }
        return faults
    }()

    @Test("the page of checks is what the registry says")
    func page() throws {
        let page = Self.root.appendingPathComponent("Documentation/plugin-check.md")
        let text = try String(contentsOf: page, encoding: .utf8)
        #expect(text.contains(ConformanceCheck.table), "put the table of ConformanceCheck.table into the page")
    }

    @Test("each check has a number and a name of its own, and says what it means")
    func registry() {
        let checks = ConformanceCheck.all
        #expect(Set(checks.map(\.number)).count == checks.count)
        #expect(Set(checks.map(\.name)).count == checks.count)
        #expect(checks.map(\.number) == checks.map(\.number).sorted())
        for check in checks {
            #expect(
                check.meaning.hasSuffix(".") && check.reason.hasSuffix(".") && check.fix.hasSuffix("."),
                "\(check.number)"
            )
        }
    }

    @Test("each check has a plugin that fails it")
    func everyCheckFails() {
        #expect(Self.faults.count >= 30)
        let told = Self.faults.values.reduce(into: Set<String>()) { $0.formUnion($1) }
        #expect(told == Set(ConformanceCheck.all.map(\.number)))
    }

    /// A plugin that crashes on a NUL, wherever it is.
    private static let fearsNUL = """
        #include <evalhost/scorer.h>
        static evalhost_status score(void *self, const evalhost_record *row, const evalhost_sink *out) {
            evalhost_text text = row->fields[0].text;
            if (memchr(text.data, 0, text.size)) *(volatile int *)16 = 1;
            return evalhost_number(out, 1);
        }
        EVALHOST_SCORER(plain, .help = "Fears NUL.", .reads = "outputs", .value = EVALHOST_NUMBER(0, 1), .score = score)
        EVALHOST_PLUGIN("plain", "1.0.0", &plain)
        """

    private func check(
        _ library: String,
        in shop: Workshop,
        seed: UInt64,
        only: Set<String>
    ) async throws -> ConformanceReport {
        var options = ConformanceOptions(plugins: shop.options(row: .seconds(10)), seed: seed)
        options.only = only
        return try await Conformance.check(library, options: options, reproducersIn: "\(shop.folder)/found") { _ in }
    }

    @Test("a seed makes up the same rows again")
    func seeds() async throws {
        let shop = try Workshop()
        let library = try shop.compile(Self.fearsNUL)
        let first = try await check(library, in: shop, seed: 7, only: ["made-up-rows"])
        let second = try await check(library, in: shop, seed: 7, only: ["C80"])
        #expect(first.results.map(\.status) == [.failed])
        #expect(
            first.results.flatMap(\.findings).map(\.given?.line)
                == second.results.flatMap(\.findings).map(\.given?.line)
        )
    }

    @Test("what failed is made as small as it can be, and fails again when it is replayed")
    func reproducer() async throws {
        let shop = try Workshop()
        let library = try shop.compile(Self.fearsNUL)
        let report = try await check(library, in: shop, seed: 1, only: ["C23"])
        let finding = try #require(report.results.first?.findings.first)
        #expect(finding.message.hasPrefix("plugin_crash: "))
        #expect(finding.given?.excerpt == #"{"outputs":"\u0000"}"#)
        let file = try #require(finding.reproducer)
        let options = ConformanceOptions(plugins: shop.options(row: .seconds(10)))
        let again = try await Conformance.replay(file, on: library, options: options)
        #expect(again.count == 1)
        #expect(again.first?.problem?.hasPrefix("plugin_crash: ") == true)
    }

    @Test("a check that crashes the plugin leaves the others to be made")
    func otherChecksGoOn() async throws {
        let shop = try Workshop()
        let library = try shop.compile(Self.fearsNUL)
        let report = try await check(library, in: shop, seed: 1, only: ["C20", "C23", "C26", "C52"])
        #expect(report.results.map(\.status) == [.passed, .failed, .passed, .passed])
    }

    @Test("without a worker's program nothing is said of the library")
    func noWorker() async throws {
        let shop = try Workshop()
        let library = try shop.compile(Self.fearsNUL)
        var plugins = shop.options()
        plugins.worker = "\(shop.folder)/none"
        let options = ConformanceOptions(plugins: plugins)
        let error = await #expect(throws: Diagnostic.self) {
            try await Conformance.check(library, options: options, reproducersIn: nil) { _ in }
        }
        #expect(error?.category == .unavailable)
    }
}
