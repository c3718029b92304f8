// `evalhost plugin list, trust, untrust`: which libraries there are, and which of them a person trusts with what.

internal import ArgumentParser
internal import EvalCore
internal import EvalPlugins
internal import Foundation

extension PluginCommand {
    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "List the libraries of a folder, and why some can't be used.",
            discussion: "Example:\n  evalhost plugin list --plugins ./Plugins"
        )

        @OptionGroup var plugins: PluginFolderOptions

        func run() async throws {
            guard !plugins.given.isEmpty else {
                throw Diagnostic("there is no folder to look into", help: "Name one with --plugins DIR.")
            }
            var policy = try PluginPolicy(plugins)
            policy.skipsBroken = true
            let found = try await ScorersFound(running: plugins.given, policy: policy)
            for library in found.libraries {
                let scorers = library.descriptors.map(\.name).joined(separator: ", ")
                Console.output(
                    "\(library.description.name) \(library.description.version)  \(scorers)\n"
                        + "  \(library.file.path)\n\(Self.bytes(library))  \(Self.standing(library))\n"
                )
            }
            for refusal in found.refused { Console.error(refusal) }
            if found.libraries.isEmpty, found.refused.isEmpty { Console.output("no plugins\n") }
            if !found.refused.isEmpty, !plugins.skipsBroken { throw ExitStatus.usage }
        }

        private static func bytes(_ library: PluginLibrary) -> String {
            guard let bound = library.bound else { return "  SHA-256 \(library.digest)\n" }
            return "  SHA-256 \(bound.manifestDigest)\n  calls \(bound.symbol) of \(bound.library), "
                + "SHA-256 \(bound.libraryDigest)\n"
        }

        private static func standing(_ library: PluginLibrary) -> String {
            let place = library.isolation == .process ? "runs in worker processes" : "runs inside evalhost"
            guard let trust = library.trust else { return "\(place); not in the lock" }
            let permissions = trust.permissions.map(\.description).joined(separator: ", ")
            return "\(place); trusted" + (permissions.isEmpty ? "" : " with \(permissions)")
        }
    }

    struct Trust: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Trust a library as it is now, and grant it permissions.",
            discussion: """
                Writes the library's digest into plugins.lock. A library of that name with other bytes is refused from then on.
                To be shown, the library describes itself in a sandboxed worker, without any permission.

                Permissions: network, read:PATH, write:PATH, device:PATH, threads:N, memory:SIZE.

                Example:
                  evalhost plugin trust Plugins/similarity/similarity.so --allow read:/usr/share/vectors
                """
        )

        @Option(help: ArgumentHelp("A permission; may be given several times.", valueName: "permission"))
        var allow: [String] = []
        @Option(help: ArgumentHelp("process, or inprocess for a library that you trust like your own code."))
        var isolation = PluginIsolation.process
        @Option(help: ArgumentHelp("The lock's file.", valueName: "file"))
        var lock = Environment.value("LOCK") ?? PluginPolicy.defaultLock
        @Argument(help: "The library's or the manifest's file, or the folder of a plugin.")
        var library: String

        func run() async throws {
            let permissions = try allow.map { text throws(Diagnostic) in
                guard let permission = PluginPermission(text) else {
                    throw Diagnostic(
                        "there is no permission '\(text)'",
                        didYouMean: nearestWord(to: text, among: ["network", "read:", "write:", "device:"]),
                        help: "There are network, read:/PATH, write:/PATH, device:/dev/NAME, threads:N and memory:SIZE."
                    )
                }
                return permission
            }
            var list = try PluginLock.read(lock) ?? PluginLock(path: lock)
            let path = Self.file(library)
            let before = list.entry(of: PluginLock.name(ofFile: path))
            let options = PluginOptions(hostVersion: HostVersion.current)
            let found = try await PluginCatalog.inspect(path, options: options)
            if found.bound != nil, isolation == .inprocess {
                throw Diagnostic(
                    "a bound function runs in worker processes only",
                    at: .init(file: path),
                    help: "Nobody can tell whether the signature is right, and a wrong one can do anything."
                )
            }
            let entry = PluginLock.Entry(
                library: PluginLock.name(ofFile: path),
                version: found.description.version,
                digest: found.bound?.manifestDigest ?? found.digest,
                libraryDigest: found.bound?.libraryDigest,
                isolation: isolation,
                permissions: permissions
            )
            list.trust(entry)
            try list.write()
            let what = before.map { $0.digest == entry.digest ? "trusted as before" : "trusted anew" } ?? "trusted"
            Console.output("\(entry.library) \(entry.version): \(what), SHA-256 \(entry.digest)\n")
            if let bound = found.bound {
                Console.output("  calls \(bound.symbol) of \(bound.library), SHA-256 \(bound.libraryDigest)\n")
            }
            Console.output("  \(isolation == .process ? "runs in worker processes" : "runs inside evalhost")\n")
            for permission in permissions { Console.output("  may: \(permission)\n") }
            for request in found.description.requests
            where PluginPermission(request.permission).map(permissions.contains) != true {
                let reason = request.reason.isEmpty ? "without a reason" : "\"\(request.reason)\""
                Console.standardError(
                    "note: it asks for \(request.permission), \(reason); grant it with --allow \(request.permission)\n"
                )
            }
        }

        private static func file(_ given: String) -> String {
            var isFolder: ObjCBool = false
            guard FileManager.default.fileExists(atPath: given, isDirectory: &isFolder), isFolder.boolValue else {
                return given
            }
            let folder = given.hasSuffix("/") ? String(given.dropLast()) : given
            return "\(folder)/\((folder as NSString).lastPathComponent).so"
        }
    }

    struct Untrust: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Take a library out of the lock.",
            discussion: "Example:\n  evalhost plugin untrust similarity"
        )

        @Option(help: ArgumentHelp("The lock's file.", valueName: "file"))
        var lock = Environment.value("LOCK") ?? PluginPolicy.defaultLock
        @Argument(help: "The library's name, as the lock has it.")
        var library: String

        func run() async throws {
            guard var list = try PluginLock.read(lock) else {
                throw Diagnostic("there is no such lock", at: .init(file: lock), help: "Name it with --lock FILE.")
            }
            let name = PluginLock.name(ofFile: library)
            guard list.untrust(name) else {
                throw Diagnostic(
                    "the lock has no '\(name)'",
                    at: .init(file: lock),
                    didYouMean: nearestWord(to: name, among: list.entries.map(\.library))
                )
            }
            try list.write()
            Console.output("\(name): trusted no more\n")
        }
    }
}
