// Compiles plugins for tests into a temporary folder, which goes when the test ends.

import EvalCore
import EvalJSON
import EvalPlugins
import Foundation
import Testing

/// A temporary folder with plugins in it.
final class Workshop {
    /// The checkout that is tested.
    static let root = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().path

    let folder: String
    /// That of the scorer that was made last.
    private(set) var catalog: PluginCatalog?
    var plugins: String { "\(folder)/plugins" }
    /// A file that a library with `markerSource` makes as soon as it is loaded.
    var marker: String { "\(folder)/loaded" }

    init() throws {
        folder = FileManager.default.temporaryDirectory.path + "/evalhost-tests-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: plugins, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: folder) }

    /// C source of a constructor that makes the marker.
    var markerSource: String {
        """
        #include <fcntl.h>
        #include <unistd.h>
        __attribute__((constructor)) static void mark(void) { close(open("\(marker)", O_CREAT | O_WRONLY, 0600)); }
        """
    }

    /// A whole plugin with one scorer that answers 1, and the marker's constructor.
    var plainSource: String {
        """
        #include <evalhost/scorer.h>
        \(markerSource)
        static evalhost_status score(void *self, const evalhost_record *row, const evalhost_sink *out) {
            return evalhost_number(out, 1);
        }
        EVALHOST_SCORER(plain, .reads = "outputs", .value = EVALHOST_NUMBER(0, 1), .score = score)
        EVALHOST_PLUGIN("plain", "1.0.0", &plain)
        """
    }

    /// Compiles C source to `plugins/NAME`.
    @discardableResult
    func compile(_ source: String, to name: String = "plugin.so", _ options: [String] = ["-shared"]) throws -> String {
        let input = "\(folder)/source-\(UUID().uuidString).c"
        let output = "\(plugins)/\(name)"
        try source.write(toFile: input, atomically: true, encoding: .utf8)
        let include = "-I\(Self.root)/Sources/CEvalHost/include"
        try run(["cc", "-std=gnu99", "-fPIC", "-O1", "-fvisibility=hidden", include, input, "-o", output] + options)
        return output
    }

    func run(_ command: [String]) throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = command
        let ended = DispatchSemaphore(value: 0)
        process.terminationHandler = { _ in ended.signal() }
        try process.run()
        ended.wait()
        try #require(process.terminationStatus == 0, "\(command.joined(separator: " "))")
    }

    /// Changes bytes of a library.
    func patch(_ path: String, _ change: (inout [UInt8]) -> Void) throws {
        var bytes = [UInt8](try #require(FileManager.default.contents(atPath: path)))
        change(&bytes)
        try Data(bytes).write(to: URL(fileURLWithPath: path))
    }

    /// The program in which plugins run: `EVALHOST_WORKER`, or what `make worker` built.
    static let worker =
        ProcessInfo.processInfo.environment["EVALHOST_WORKER"] ?? "\(root)/.build/release/evalhost-worker"

    func options(
        row: Duration = .seconds(30),
        load: Duration = .seconds(30),
        cache: Bool = false,
        isolation: PluginIsolation = .process
    ) -> PluginOptions {
        var options = PluginOptions(
            cacheFolder: cache ? "\(folder)/cache" : nil,
            hostVersion: "0.0-test",
            loadDeadline: load,
            rowDeadline: row
        )
        options.isolation = isolation
        options.worker = Self.worker
        return options
    }

    func catalog(_ options: PluginOptions? = nil) async -> PluginCatalog {
        await PluginCatalog.open([plugins], options: options ?? self.options())
    }

    /// The only refusal of the folder, without its path.
    ///
    /// Without a sandbox, which would keep a library that ran from making its marker.
    func refusal(_ options: PluginOptions? = nil) async throws -> Diagnostic {
        var options = options ?? self.options()
        options.sandbox = .off
        let catalog = await catalog(options)
        #expect(catalog.libraries.isEmpty)
        try #require(catalog.refusals.count == 1)
        return catalog.refusals[0]
    }

    /// A scorer of the plugin that is in the folder.
    func scorer(
        _ name: String,
        configuration: JSON = [:],
        options: PluginOptions? = nil
    ) async throws -> any Scorer {
        let catalog = await catalog(options)
        self.catalog = catalog
        try #require(catalog.refusals.isEmpty, "\(catalog.refusals)")
        let descriptor = try #require(catalog.descriptors.first { $0.name == name })
        return try await catalog.make(descriptor, configuration: try descriptor.resolve(configuration), timeout: nil)
    }
}

/// A row with outputs and an expected response.
func row(_ outputs: JSON?, expected: JSON? = nil, inputs: JSON = [:], spans: [Span] = []) throws -> Row {
    let record = try Record(inputs: inputs, outputs: outputs, expectations: expected.map { ["expected_response": $0] })
    var trace = Trace.pregenerated(record, outputs: record.outputs, nowMilliseconds: 0)
    trace.spans += spans
    return Row(record: record, outputs: record.outputs, trace: trace)
}

extension Verdict {
    var errorCode: String? {
        if case .errored(let error) = self { return error.code }
        return nil
    }
    var errorMessage: String? {
        if case .errored(let error) = self { return error.message }
        return nil
    }
}
