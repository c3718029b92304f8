// The description of the interface, held against the interface.

import EvalCore
import EvalJSON
import EvalStore
import Foundation
import Testing

@testable import EvalServer

@Suite struct OpenAPITests {
    private let server: Server
    private let document: JSON

    init() throws {
        server = try ServerSample.server()
        document = OpenAPIDocument.make(server.endpoints, asksForTokens: false)
    }

    private var operations: [(path: String, method: String, operation: JSON)] {
        document["paths"]?.members
            .flatMap { path, operations in
                operations.members.map { (String(path), String($0.key), $0.value) }
            } ?? []
    }

    @Test("every call that is served is described once, and no other")
    func complete() {
        let served = server.endpoints.map { "\($0.method.rawValue) \($0.template)" }
        let described = operations.map { "\($0.method.uppercased()) \($0.path)" }
        #expect(served.sorted() == described.sorted())
        #expect(Set(served).count == served.count)
        #expect(served.count > 90)
    }

    @Test("no two paths are the same but for the names of their parts")
    func distinct() {
        let shapes = operations.map { $0.method + $0.path.replacing(/\{[^}]*\}/, with: "{}") }
        #expect(Set(shapes).count == shapes.count)
    }

    @Test("each call says what a document of OpenAPI 3.1 must say")
    func structure() {
        #expect(document["openapi"] == "3.1.0")
        #expect(document["info"]?["version"]?.string == HostVersion.current)
        var names: Set<String> = []
        for (path, method, operation) in operations {
            let call: Comment = "\(method) \(path)"
            let isNew = names.insert(operation["operationId"]?.string ?? "").inserted
            #expect(isNew, call)
            #expect(operation["summary"]?.string?.isEmpty == false, call)
            #expect(["read", "write", "admin"].contains(operation["x-scope"]?.string), call)
            let parameters = operation["parameters"].map { Array($0.elements) } ?? []
            let inPath = parameters.filter { $0["in"] == "path" }
            #expect(inPath.allSatisfy { $0["required"] == true }, call)
            let written = path.matches(of: /\{([^}]*)\}/).map { String($0.output.1) }
            #expect(inPath.compactMap { $0["name"]?.string } == written, call)
            let places = parameters.map { "\($0["in"] ?? .null) \($0["name"] ?? .null)" }
            #expect(Set(places).count == places.count, call)
            let statuses = operation["responses"]?.members.map { String($0.key) } ?? []
            #expect(statuses.count == 2 && statuses.last == "default", call)
        }
    }

    @Test("every reference leads somewhere, and every named shape has one form")
    func references() {
        var targets: Set<String> = []
        func collect(_ json: JSON) {
            for (key, value) in json.members {
                if key == "$ref", let target = value.string { targets.insert(target) }
                collect(value)
            }
            for element in json.elements { collect(element) }
        }
        collect(document)
        #expect(targets.count > 20)
        for target in targets {
            let place = target.dropFirst(2).split(separator: "/").reduce(document as JSON?) { $0?[String($1)] }
            #expect(place?.kind == .object, "\(target) leads nowhere")
        }
        var shapes: [String: Shape] = [:]
        func check(_ shape: Shape) {
            switch shape {
            case .list(let element), .map(let element): check(element)
            case .object(let fields): for field in fields { check(field.shape) }
            case .named(let name, let fields):
                let known = shapes.updateValue(shape, forKey: name)
                #expect(known == nil || known == shape, "\(name) has two forms")
                for field in fields { check(field.shape) }
            default: return
            }
        }
        for endpoint in server.endpoints {
            if case .json(let fields) = endpoint.body { for field in fields { check(field.shape) } }
            if case .json(let fields) = endpoint.reply { for field in fields { check(field.shape) } }
        }
    }

    @Test("what a shape takes its schema takes, and what it refuses the schema refuses")
    func schemas() throws {
        let inner = Shape.named("Inner", [Field("n", .integer, required: true), Field("x", .number)])
        let fields = [
            Field("text", required: true), Field("flag", .boolean), Field("word", .choice(["a", "b"])),
            Field("inner", inner), Field("inners", .list(inner)), Field("map", .map(.string)), Field("any", .any),
        ]
        var writer = SchemaWriter()
        let object = writer.object(fields)
        let text =
            JSON.object(
                object.members.map { (String($0.key), $0.value) } + [("$defs", .object(writer.components))]
            )
            .serialized
        let whole = try JSON(parsing: text.replacing("#/components/schemas/", with: "#/$defs/"))
        let schema = try JSONSchema(whole, patterns: { _ in { text in Int64(String(text)) != nil } })
        let values: [JSON] = [
            ["text": "t"], [:], ["text": .null], ["text": 1], ["text": "t", "flag": "true"],
            ["text": "t", "flag": true],
            ["text": "t", "flag": .null], ["text": "t", "word": "a"], ["text": "t", "word": "c"],
            ["text": "t", "word": .null], ["text": "t", "inner": ["n": 1]], ["text": "t", "inner": ["n": "12"]],
            ["text": "t", "inner": ["n": "twelve"]], ["text": "t", "inner": ["n": 1.5]],
            ["text": "t", "inner": ["x": 1]],
            ["text": "t", "inner": .null], ["text": "t", "inner": []], ["text": "t", "inners": [["n": 1], ["n": 2]]],
            ["text": "t", "inners": [.null]], ["text": "t", "inners": ["n": 1]],
            ["text": "t", "inner": ["n": 1, "x": "NaN"]],
            ["text": "t", "map": ["k": "v"]], ["text": "t", "map": ["k": 1]], ["text": "t", "map": []],
            ["text": "t", "any": [1, .null]], ["text": "t", "unknown": 1],
        ]
        for value in values {
            let isTaken = (try? Shape.object(fields).check(value, at: "")) != nil
            #expect(try (schema.firstViolation(in: value) == nil) == isTaken, "\(value)")
        }
    }

    @Test("tokens are asked for where the server asks, and are not where it doesn't")
    func security() {
        let asking = OpenAPIDocument.make(server.endpoints, asksForTokens: true)
        #expect(asking["security"] == [["bearer": []], ["basic": []]])
        #expect(document["security"] == [["bearer": []], ["basic": []], [:]])
        #expect(document["components"]?["securitySchemes"]?["bearer"]?["scheme"] == "bearer")
    }
}
