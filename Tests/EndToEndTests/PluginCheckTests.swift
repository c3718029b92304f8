import EvalJSON
import Foundation
import Testing

@Suite struct PluginCheckTests {
    /// Compiles one of the faulty plugins.
    private func compile(_ name: String, in place: Workplace) throws {
        let root = Workplace.checkout.path
        let arguments = [
            "-std=gnu99", "-fPIC", "-O1", "-fvisibility=hidden", "-shared", "-I\(root)/Sources/CEvalHost/include",
            "\(root)/Tests/FaultyPlugins/\(name).c", "-o", "\(name).so",
        ]
        let compiled = try place.run(arguments, program: "/usr/bin/cc")
        try #require(compiled.status == 0, "\(compiled.error)")
    }

    @Test("a new plugin passes every check, notes included")
    func newPlugin() throws {
        let place = try Workplace()
        _ = try place.run(["plugin", "new", "--language", "c", "shouting"])
        _ = try place.run(["plugin", "build", "shouting"])
        let outcome = try place.run(["plugin", "check", "shouting/shouting.so", "--strict"])
        #expect(outcome.status == 0, "\(outcome.output)\(outcome.error)")
        #expect(outcome.output.contains("C23 odd-texts ............. ok\n"))
        #expect(outcome.output.contains(" 0 failed, 0 notes"))
        #expect(outcome.output.hasSuffix("seed 1\n"))
    }

    @Test("a failure says what was given, what to do, and the command that gives it again")
    func failure() throws {
        let place = try Workplace()
        try compile("stops_at_nul", in: place)
        let outcome = try place.run(["plugin", "check", "stops_at_nul.so", "--seed", "12"])
        #expect(outcome.status == 1)
        #expect(outcome.output.contains("C23 odd-texts ............. FAILED\n    stops_at_nul: plugin_crash: "))
        #expect(outcome.output.contains(#"    given: {"outputs":"\u0000"}"# + "\n    fix:   "))
        let again = "evalhost plugin check stops_at_nul.so --replay stops_at_nul.C23.jsonl"
        #expect(outcome.output.contains("    again: \(again)\n"))
        #expect(outcome.output.hasSuffix("seed 12\n"))
        let replayed = try place.run(Array(again.split(separator: " ").map(String.init).dropFirst()))
        #expect(replayed.status == 1)
        #expect(replayed.output.contains("FAILED: plugin_crash: "))
        #expect(replayed.output.hasSuffix("0 passed, 1 failed\n"))
    }

    @Test("as JSON it is one object with each check, and notes count where strictness is asked for")
    func json() throws {
        let place = try Workplace()
        try compile("no_help", in: place)
        let arguments = ["plugin", "check", "no_help.so", "--format", "json", "--seed", "3"]
        let outcome = try place.run(arguments)
        #expect(outcome.status == 0, "\(outcome.error)")
        let report = try #require(try outcome.lines().first)
        #expect(report["library"] == "no_help")
        #expect(report["version"] == "1.0.0")
        #expect(report["digest"]?.string?.count == 64)
        #expect(report["seed"] == 3)
        #expect(report["passed"] == true)
        #expect(report["passed_strictly"] == false)
        let help = try #require(report["checks"]?.elements.first { $0["number"] == "C13" })
        #expect(help["name"] == "help-texts")
        #expect(help["status"] == "note")
        #expect(help["findings"]?[0]?["scorer"] == "no_help")
        #expect(help["findings"]?[0]?["severity"] == "note")
        #expect(report["checks"]?.elements.contains { $0["status"] == "failed" } == false)
        #expect(try place.run(arguments + ["--strict"]).status == 1)
    }

    @Test("what is no library, no check and no version is a wrong command")
    func usage() throws {
        let place = try Workplace()
        try compile("no_help", in: place)
        #expect(try place.run(["plugin", "check", "nothing.so"]).status == 2)
        #expect(try place.run(["plugin", "check"]).status == 2)
        #expect(try place.run(["plugin", "check", "no_help.so", "--glibc", "new"]).status == 2)
        let unknown = try place.run(["plugin", "check", "no_help.so", "--only", "help-text"])
        #expect(unknown.status == 2)
        #expect(unknown.error.contains("there is no check 'help-text'; did you mean 'help-texts'?"))
    }

    @Test("only the checks that are named are made")
    func only() throws {
        let place = try Workplace()
        try compile("no_help", in: place)
        let outcome = try place.run(["plugin", "check", "no_help.so", "--only", "C02,odd-texts"])
        #expect(outcome.status == 0)
        #expect(outcome.output.split(separator: "\n").map { $0.prefix(3) } == ["C02", "C23", "no_"])
    }

    @Test("a crash of threads that share an instance ends another process")
    func sharing() throws {
        let place = try Workplace()
        try compile("shared_buffer", in: place)
        let outcome = try place.run(["plugin", "check", "shared_buffer.so", "--only", "C60"])
        #expect(outcome.status == 1)
        #expect(outcome.output.contains("shared_buffer: sharing an instance, a thread got "))
        #expect(outcome.output.contains("again: evalhost plugin check shared_buffer.so --only C60"))
    }

    @Test("the list has a line for each check")
    func list() throws {
        let place = try Workplace()
        let outcome = try place.run(["plugin", "check", "--list"])
        #expect(outcome.status == 0)
        #expect(outcome.output.contains("C03  search-path"))
        let json = try #require(try place.run(["plugin", "check", "--list", "--format", "json"]).lines().first)
        #expect(json.count > 30)
        #expect(json.elements.allSatisfy { $0["fix"]?.string?.isEmpty == false })
    }
}
