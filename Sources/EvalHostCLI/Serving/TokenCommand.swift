// `evalhost server token`: who may call a server that asks.

internal import ArgumentParser
internal import EvalCore
internal import EvalJSON
internal import EvalReports
internal import EvalStore
internal import Foundation

struct TokenCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "token",
        abstract: "Make, list and revoke the tokens that callers of a server bring.",
        subcommands: [Create.self, List.self, Revoke.self],
        defaultSubcommand: List.self
    )

    struct Create: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Make a token, and print it once.",
            discussion: """
                The token is printed and not kept: the store has a digest of it. MLflow's client sends it from
                MLFLOW_TRACKING_TOKEN.

                Example:
                  evalhost server token create ci --scope write --days 90
                """
        )

        @Argument(help: "What the token is called.")
        var name: String
        @Option(help: ArgumentHelp("read, write (which may read) or admin (which may all).", valueName: "scope"))
        var scope = "write"
        @Option(help: ArgumentHelp("After how many days it stops working.", valueName: "number"))
        var days: Int?
        @OptionGroup var store: StoreOptions

        func run() async throws {
            guard let scope = AccessScope(rawValue: scope) else {
                throw Diagnostic("--scope must be read, write or admin, and is '\(scope)'")
            }
            if let days, !(1...36500).contains(days) { throw Diagnostic("--days must be 1 to 36500") }
            guard !name.isEmpty, name.utf8.count <= 200 else { throw Diagnostic("a token's name has 1 to 200 letters") }
            var random = SystemRandomNumberGenerator()
            let bytes = (0..<32).map { _ in UInt8.random(in: .min ... .max, using: &random) }
            let text = "eh_" + bytes.map { String(format: "%02x", $0) }.joined()
            let now = Int64(Date().timeIntervalSince1970 * 1000)
            try await store.open()
                .add(
                    AccessToken(
                        name: name,
                        scope: scope,
                        digest: Digest(of: Array(text.utf8)),
                        createdMilliseconds: now,
                        expiresMilliseconds: days.map { now + Int64($0) * 86_400_000 }
                    )
                )
            Console.output(text + "\n")
            Console.standardError("Keep it now: it isn't shown again.\n")
        }
    }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "List the tokens, without what they are.",
            discussion: "Example:\n  evalhost server token list"
        )

        @Option(help: ArgumentHelp("table or json.", valueName: "format"))
        var format: ListFormat = .table
        @OptionGroup var store: StoreOptions

        func run() async throws {
            let tokens = try await LazyStore(store).existing()?.accessTokens() ?? []
            switch format {
            case .json:
                let list = tokens.map { token in
                    JSON.object([
                        ("name", JSON(token.name)), ("scope", JSON(token.scope.rawValue)),
                        ("created", JSON(Times.rfc3339(token.createdMilliseconds))),
                        ("expires", token.expiresMilliseconds.map { JSON(Times.rfc3339($0)) } ?? .null),
                    ])
                }
                Console.output(JSON.array(list).serialized + "\n")
            case .table:
                for token in tokens {
                    let end = token.expiresMilliseconds.map { "until " + Times.rfc3339($0) } ?? ""
                    Console.output("\(token.name)  \(token.scope.rawValue)  \(end)\n")
                }
                if tokens.isEmpty { Console.output("no tokens; `evalhost server token create NAME` makes one\n") }
            }
        }
    }

    struct Revoke: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Take a token away; servers that run refuse it within a second.",
            discussion: "Example:\n  evalhost server token revoke ci"
        )

        @Argument(help: "What the token is called.")
        var name: String
        @OptionGroup var store: StoreOptions

        func run() async throws {
            let store = try LazyStore(store).openExisting()
            guard try await store.revokeAccessToken(named: name) else {
                let near = nearestWord(to: name, among: try await store.accessTokens().map(\.name))
                throw Diagnostic("there is no token '\(name)'", didYouMean: near, help: "`evalhost server token list`")
            }
        }
    }
}
