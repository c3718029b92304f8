// plugins.lock: what is trusted, what is refused, and that nothing of a refused library ever runs.

import EvalCore
import EvalJSON
import EvalPlugins
import Foundation
import Testing

@Suite struct LockTests {
    private let workshop: Workshop
    private var path: String { "\(workshop.folder)/plugins.lock" }

    init() throws {
        workshop = try Workshop()
        try workshop.compile(workshop.plainSource, to: "plain.so")
    }

    private func options(_ lock: PluginLock?, requiresTrust: Bool = false) -> PluginOptions {
        var options = workshop.options()
        options.lock = lock
        options.lockPath = path
        options.requiresTrust = requiresTrust
        // A library that ran could make its marker.
        options.sandbox = .off
        return options
    }

    private func trusted(isolation: PluginIsolation = .process) async throws -> PluginLock {
        let found = try await PluginCatalog.inspect("\(workshop.plugins)/plain.so", options: workshop.options())
        var lock = PluginLock(path: path)
        lock.trust(.init(library: "plain", version: "1.0.0", digest: found.digest, isolation: isolation))
        return lock
    }

    private var hasRun: Bool { FileManager.default.fileExists(atPath: workshop.marker) }

    @Test("a lock is read as it was written")
    func roundTrip() throws {
        var lock = PluginLock(path: path)
        let digest = Digest(of: Array("a".utf8))
        let permissions = ["network", "read:/usr/share/dict", "write:/tmp/x", "device:/dev/dri", "threads:4", "memory:4G"]
        lock.trust(
            .init(library: "b", version: "2", digest: digest, permissions: permissions.compactMap { PluginPermission($0) })
        )
        lock.trust(.init(library: "a", version: "1", digest: digest, isolation: .inprocess))
        try lock.write()
        let read = try #require(try PluginLock.read(path))
        #expect(read == lock && read.entries.map(\.library) == ["a", "b"])
        #expect(read.entries[1].permissions.map(\.description) == permissions)
        #expect(try PluginLock.read("\(workshop.folder)/none") == nil)
    }

    @Test(
        "what is wrong in a lock is told",
        arguments: [
            ("{", "the text is not valid JSON"), (#"{"version":2}"#, "this is no lock of version 1"),
            (#"{"version":1,"plugins":{"a":{"sha256":"12"}}}"#, "'a' has no sha256 of 64 hexadecimal digits"),
            (#"{"version":1,"plugins":{"a":{"sha265":"12"}}}"#, "'a' has the unknown key 'sha265'; did you mean 'sha256'?"),
        ]
    )
    func damaged(text: String, words: String) throws {
        try text.write(toFile: path, atomically: true, encoding: .utf8)
        let error = #expect(throws: Diagnostic.self) { try PluginLock.read(path) }
        #expect(error?.description.contains(words) == true, "\(String(describing: error))")
        #expect(error?.location.file == path)
    }

    @Test("permissions that don't exist are none", arguments: ["", "net", "read:", "read:relative", "memory:1", "threads:0"])
    func noPermission(text: String) { #expect(PluginPermission(text) == nil) }

    @Test("a trusted library runs; other bytes of that name are refused before they do")
    func changed() async throws {
        let lock = try await trusted()
        #expect(await workshop.catalog(options(lock)).descriptors.map(\.name) == ["plain"])
        try? FileManager.default.removeItem(atPath: workshop.marker)
        try workshop.compile(workshop.plainSource.replacingOccurrences(of: "1.0.0", with: "1.0.1"), to: "plain.so")
        let refusal = try await workshop.refusal(options(lock))
        #expect(refusal.message.hasPrefix("the library is not the one that was trusted: \(path) has sha256 "))
        #expect(refusal.help?.contains("evalhost plugin trust") == true)
        #expect(!hasRun)
    }

    @Test("where trust is demanded, what the lock doesn't name is refused before it runs")
    func demanded() async throws {
        let refusal = try await workshop.refusal(options(PluginLock(path: path), requiresTrust: true))
        #expect(refusal.message == "the library is not trusted: \(path) has no entry for it")
        #expect(!hasRun)
        let none = try await workshop.refusal(options(nil, requiresTrust: true))
        #expect(none.message == "there is no such lock, and only trusted plugins may be used")
        #expect(none.location.file == path && !hasRun)
    }

    @Test("a description that was cached opens no door past the lock")
    func cached() async throws {
        var plain = workshop.options(cache: true)
        #expect(await workshop.catalog(plain).refusals.isEmpty)
        plain.lock = PluginLock(path: path)
        plain.requiresTrust = true
        #expect(await workshop.catalog(plain).refusals.count == 1)
    }

    @Test("the lock says where a library runs")
    func isolation() async throws {
        let lock = try await trusted(isolation: .inprocess)
        #expect(await workshop.catalog(options(lock)).libraries.map(\.isolation) == [.inprocess])
        #expect(await workshop.catalog(options(nil)).libraries.map(\.isolation) == [.process])
    }

    @Test("a library that is replaced between its check and its load is not loaded")
    func noWindow() async throws {
        let lock = try await trusted()
        let catalog = await workshop.catalog(options(lock))
        try workshop.compile(workshop.plainSource.replacingOccurrences(of: "(out, 1)", with: "(out, 0)"), to: "new.so")
        #expect(rename("\(workshop.plugins)/new.so", "\(workshop.plugins)/plain.so") == 0)
        let scorer = try await catalog.make(catalog.descriptors[0], configuration: [:], timeout: nil)
        #expect(await scorer.score([try row("a")]) == [.number(1)], "what was checked is what runs")
    }
}
