// Addresses and keys: all that is known before the first call.

import EvalCore
import EvalJSON
import Foundation
import NIOHTTP1
import Synchronization
import Testing

@testable import EvalModels

@Suite struct EndpointTests {
    private func endpoint(
        _ model: String,
        _ settings: JSON = .null,
        _ environment: [String: String] = [:],
        warn: (Diagnostic) -> Void = { _ in }
    ) throws -> Endpoint {
        try Endpoint(
            of: ModelName(model),
            EndpointSettings(settings),
            environment: environment,
            needsKey: true,
            warn: warn
        )
    }

    private func message(_ body: () throws -> Endpoint) -> String {
        do {
            _ = try body()
            return ""
        } catch {
            return "\(error)"
        }
    }

    @Test("the vendors' variables are read as their own clients read them")
    func variables() throws {
        let openai = try endpoint("openai:/m", .null, ["OPENAI_API_KEY": " \(testKey)\n", "OPENAI_BASE_URL": ""])
        #expect(openai.url("/chat/completions") == "https://api.openai.com/v1/chat/completions")
        #expect(openai.headers.first(name: "authorization") == "Bearer \(testKey)")
        let gateway = try endpoint("openai:/m", .null, ["OPENAI_API_KEY": testKey, "OPENAI_BASE_URL": "http://gw/v1/"])
        #expect(gateway.url("/chat/completions") == "http://gw/v1/chat/completions")
        let anthropic = try endpoint(
            "anthropic:/m",
            .null,
            ["ANTHROPIC_API_KEY": "sk-ant-1234567", "ANTHROPIC_BASE_URL": "https://gw/anthropic"]
        )
        #expect(anthropic.url(anthropic.dialect.path) == "https://gw/anthropic/v1/messages")
        #expect(anthropic.headers.first(name: "x-api-key") == "sk-ant-1234567")
    }

    @Test("a missing key and a key in the wrong variable are named before a call, without a part of the key")
    func wrongKeys() {
        let missing = message { try endpoint("openai:/m", .null, ["ANTHROPIC_API_KEY": "sk-ant-secret123"]) }
        #expect(missing.contains("openai:/m needs a key, but OPENAI_API_KEY is not set; ANTHROPIC_API_KEY is"))
        #expect(missing.contains("secret") == false)
        let wrong = message { try endpoint("openai:/m", .null, ["OPENAI_API_KEY": "sk-ant-secret123"]) }
        #expect(wrong.contains("OPENAI_API_KEY holds a key of Anthropic"))
        #expect(wrong.contains("secret") == false)
        let other = message { try endpoint("anthropic:/m", .null, ["ANTHROPIC_API_KEY": "sk-proj-secret123"]) }
        #expect(other.contains("ANTHROPIC_API_KEY holds a key that is not one of Anthropic"))
        #expect(other.contains("secret") == false)
        let named = message { try endpoint("endpoint:/http://h/v1#m", ["api_key_env": "MINE"]) }
        #expect(named.contains("needs the key of MINE, which is not set"))
        let broken = message { try endpoint("openai:/m", .null, ["OPENAI_API_KEY": "sk-sec ret"]) }
        #expect(broken.contains("OPENAI_API_KEY has a character that no key can have"))
        #expect(broken.contains("ret\"") == false)
    }

    @Test("a gateway takes keys of any form")
    func gatewayKeys() throws {
        _ = try endpoint("anthropic:/m", ["base_url": "http://gw"], ["ANTHROPIC_API_KEY": "sk-1234567"])
        _ = try endpoint("openai:/m", ["base_url": "http://gw/v1"], ["OPENAI_API_KEY": "sk-ant-1234567"])
    }

    @Test("a key comes from a file, and one that others can read is warned of")
    func keyFile() throws {
        let path = NSTemporaryDirectory() + "evalhost-key-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: path) }
        let isMade = FileManager.default.createFile(
            atPath: path,
            contents: Data("file-key-123\n".utf8),
            attributes: [.posixPermissions: 0o600]
        )
        #expect(isMade)
        var warnings: [Diagnostic] = []
        let settings: JSON = ["api_key_file": JSON(path)]
        let quiet = try endpoint("endpoint:/http://h/v1#m", settings) { warnings.append($0) }
        #expect(quiet.headers.first(name: "authorization") == "Bearer file-key-123")
        #expect(warnings.isEmpty)
        try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: path)
        _ = try endpoint("endpoint:/http://h/v1#m", settings) { warnings.append($0) }
        #expect(warnings.count == 1)
        #expect(warnings.first?.message == "others can read this key")
        #expect(
            message { try endpoint("endpoint:/http://h#m", ["api_key_file": "/nowhere/key"]) }.contains("can't be read")
        )
    }

    @Test(
        "settings that are wrong are named",
        arguments: [
            (#"{"base_ur":"x"}"#, "did you mean 'base_url'"), (#"{"api_key":"sk-abc"}"#, "a key has no place"),
            (#"{"structured":"json"}"#, "'structured' is auto, json_schema"),
            (#"{"requests_per_minute":0}"#, "above 0"),
            (#"{"headers":["a"]}"#, "'headers' must be an object"), (#"{"base_url":"ftp://h"}"#, "http or https"),
            (#"{"headers":{"a b":"c"}}"#, "can't be the name of a header"),
            (#"{"headers":{"x-a":"${MISSING}"}}"#, "needs the variable MISSING"),
            (#"{"api_key_env":"A","api_key_file":"b"}"#, "either"),
            (#"{"tokens_parameter":"n"}"#, "max_completion_tokens"),
            ("[]", "must be an object"),
        ]
    )
    func wrongSettings(_ settings: String, _ words: String) throws {
        let json = try JSON(parsing: settings)
        let text = message { try endpoint("openai:/m", json, ["OPENAI_API_KEY": testKey]) }
        #expect(text.contains(words))
        #expect(text.contains("sk-abc") == false)
    }

    @Test("a header with a key takes the place of the variable, and a user in the address becomes basic authentication")
    func headers() throws {
        let own = try endpoint(
            "openai:/m",
            ["base_url": "https://gw/v1", "headers": ["Authorization": "Token ${T}"]],
            ["T": "abc12345", "OPENAI_API_KEY": testKey]
        )
        #expect(own.headers["authorization"] == ["Token abc12345"])
        var warnings: [Diagnostic] = []
        _ = try endpoint("endpoint:/http://h/v1#m", ["headers": ["api-key": "abc12345"]]) { warnings.append($0) }
        #expect(warnings.map(\.message) == ["the header 'api-key' has its key written out"])
        let basic = try endpoint("endpoint:/http://user:pass@h:81/v1#m")
        #expect(basic.headers.first(name: "authorization") == "Basic dXNlcjpwYXNz")
        #expect(basic.base == "http://h:81/v1")
        #expect(basic.name == "h:81")
    }

    @Test("no description of what has a key in it shows the key")
    func descriptions() throws {
        let endpoint = try endpoint("openai:/m", .null, ["OPENAI_API_KEY": testKey])
        var dumped = ""
        dump(endpoint, to: &dumped)
        let secret = try Secret(testKey, source: "A")
        dump(secret, to: &dumped)
        #expect("\(endpoint) \(secret) \(dumped)".contains(testKey) == false)
    }

    @Test("keys are taken out of an endpoint's words, other words stay, and long ones end")
    func masks() {
        let masker = Masker(["own-secret-1", "abc"])
        #expect(masker.mask("own-secret-1 abc sk-proj-1234567890, sk-1*****6") == "*** abc ***, ***")
        #expect(masker.mask("task-specific, sk-1, risk-") == "task-specific, sk-1, risk-")
        #expect(masker.words("a\n\n b " + String(repeating: "x", count: 400)).count == 301)
    }

    @Test("the run's address and key serve models of the same provider only")
    func defaults() async throws {
        let endpoint = try await ScriptedEndpoint { _ in .reply(chat(verdict)) }
        var options = options(endpoint, model: "endpoint:/\(endpoint.url)#big")
        options.environment = ["RUN_KEY": "run-key-123"]
        options.defaultEndpoint = ["api_key_env": "RUN_KEY"]
        options.defaultParameters = ModelParameters(temperature: 1)
        let hub = ModelHub(options)
        _ = try await hub.client(for: ModelChoice(model: "endpoint:/\(endpoint.url)#small")).ask(question())
        #expect(endpoint.requests[0].headers.first(name: "authorization") == "Bearer run-key-123")
        #expect(endpoint.requests[0].json["temperature"] == nil)
        _ = try await hub.client(for: ModelChoice(model: "endpoint:/http://localhost:\(endpoint.port)/v1#big"))
            .ask(question())
        #expect(endpoint.requests[1].headers.first(name: "authorization") == nil)
        #expect(throws: Diagnostic.self) { try hub.client(for: ModelChoice(model: "openai:/gpt-5")) }
        #expect(throws: Diagnostic.self) { try ModelHub(ModelHubOptions()).client(for: ModelChoice()) }
    }
}
