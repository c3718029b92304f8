// Calls as MLflow's client and server made them, held against what our endpoints declare.

import EvalCore
import EvalJSON
import EvalStore
import Foundation
import Testing

@testable import EvalServer

@Suite struct RecordedCallTests {
    /// A call of MLflow's client to MLflow's server.
    struct Recorded: CustomTestStringConvertible, Sendable {
        let line: Int
        let json: JSON
        var call: String { json["call"]?.string ?? "" }
        var status: Int64 { json["status"]?.integer ?? 0 }
        var testDescription: String { "\(line): \(call) \(status)" }
    }

    /// Calls that we don't serve: `differences.md` says why.
    private static let unserved = "/api/3.0/mlflow/gateway/"

    static let all: [Recorded] = {
        let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .appendingPathComponent("MLflowClient/wire/calls.jsonl")
        guard let text = try? String(contentsOf: file, encoding: .utf8) else { return [] }
        return text.split(separator: "\n").enumerated()
            .compactMap { number, line in
                (try? JSON(parsing: String(line))).map { Recorded(line: number + 1, json: $0) }
            }
            .filter { !$0.call.contains(unserved) }
    }()

    private static let endpoints = (try? ServerSample.server().endpoints) ?? []

    private func endpoint(of recorded: Recorded) -> Endpoint? {
        Self.endpoints.first {
            "\($0.method.rawValue) \($0.template)".replacing(/\{[^}]*\}/, with: "{}")
                == recorded.call.replacing(/\{[^}]*\}/, with: "{}")
        }
    }

    @Test("there are calls to hold against", .timeLimit(.minutes(1)))
    func present() { #expect(Self.all.count > 150) }

    @Test("a call is served, and takes what the client sends", arguments: all)
    func sent(_ recorded: Recorded) throws {
        let endpoint = try #require(self.endpoint(of: recorded))
        let names = endpoint.pathNames
        if let sent = recorded.json["sent"] {
            switch endpoint.body {
            case .json(let fields):
                // Clients say the parts of the path again in the body.
                let undeclared = Field.undeclared(of: fields, in: sent).filter { !names.contains($0) }
                #expect(undeclared == [])
                if recorded.status == 200 { for field in fields { try field.check(sent[field.name], at: "") } }
            case .none:
                #expect(sent.members.allSatisfy { names.contains(String($0.key)) }, "\(sent)")
            case .bytes: break
            }
        }
        for (name, value) in try URLText.pairs((recorded.json["query"]?.string ?? "")[...]) where !names.contains(name)
        {
            let field = endpoint.query.first { $0.name == name }
            #expect(field != nil, "the query's \(name) isn't declared")
            if recorded.status == 200 { try field?.checkQuery(JSON(value)) }
        }
    }

    @Test("a call declares all that MLflow replies", arguments: all.filter { $0.status == 200 })
    func replied(_ recorded: Recorded) throws {
        let endpoint = try #require(self.endpoint(of: recorded))
        guard let replied = recorded.json["replied"], replied.kind == .object,
            case .json(let fields) = endpoint.reply
        else { return }
        #expect(Field.undeclared(of: fields, in: replied) == [])
        for field in fields { try field.check(replied[field.name], at: "") }
    }
}
