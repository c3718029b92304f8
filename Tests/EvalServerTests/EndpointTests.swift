// Paths of endpoints, and tokens of pages.

import EvalCore
import EvalJSON
import Foundation
import HTTPTypes
import Testing

@testable import EvalServer

@Suite struct EndpointTests {
    @Test(
        "the end of a path is as it was written, behind captures of any length",
        arguments: [
            ("/artifacts/{path...}", "/artifacts/a/b.txt", "a/b.txt"),
            ("/artifacts/{path...}", "/artifacts//etc", "/etc"),
            ("/artifacts/{path...}", "/artifacts/a//b/", "a//b/"), ("/artifacts/{path...}", "/artifacts/", ""),
            ("/models/{id}/tags/{key...}", "/models/m-0123456789/tags/b/c", "b/c"),
            ("/models/{id}/tags/{key...}", "/models/m/tags/b", "b"), ("/models/{id}/tags/{key...}", "/models/m", nil),
            ("/models/{id}", "/models/m", nil),
        ]
    )
    func tail(_ path: String, _ requested: String, _ expected: String?) {
        let endpoint = Endpoint(.get, path, "Do nothing", group: "None") { _ in .empty }
        #expect(endpoint.tail(of: requested).map(String.init) == expected)
    }

    @Test("tokens of pages come back as they went, and others are refused")
    func tokens() throws {
        #expect(try OffsetToken.offset(OffsetToken.token(7)) == 7)
        #expect(try OffsetToken.offset(nil) == 0)
        #expect(try OffsetToken.offset("") == 0)
        let wrong = ["{}", "[]", "{\"offset\": -1}", "{\"offset\": 9223372036854775807}", "{\"offset\": \"1\"}", "no"]
        for text in wrong.map({ Data($0.utf8).base64EncodedString() }) + ["no token"] {
            #expect(throws: APIError.self) { try OffsetToken.offset(text) }
        }
    }
}

@Suite struct ReplyCheckTests {
    private let endpoint = Endpoint(
        .get,
        "/thing",
        "Tell of a thing",
        group: "None",
        reply: [Field("name", required: true), Field("parts", .list(.object([Field("size", .integer)])))]
    ) { _ in .empty }

    @Test("an answer as it is declared has no fault, and any other has one that says where")
    func faults() {
        #expect(endpoint.fault(of: .json(["name": "a", "parts": [["size": 1], ["size": "2"]]])) == nil)
        #expect(endpoint.fault(of: .json(["name": "a"])) == nil)
        #expect(endpoint.fault(of: .json([:]))?.contains("'name'") == true)
        #expect(endpoint.fault(of: .json(["name": 1]))?.contains("`name`") == true)
        #expect(endpoint.fault(of: .json(["name": "a", "more": 1]))?.contains("more") == true)
        let deep: JSON = ["name": "a", "parts": [["size": 1], ["colour": "red"]]]
        #expect(endpoint.fault(of: .json(deep))?.contains("parts[1].colour") == true)
        #expect(endpoint.fault(of: .text("a")) != nil)
        #expect(endpoint.answering(202).fault(of: .json(["name": "a"]))?.contains("200") == true)
        #expect(endpoint.giving(.text).fault(of: .text("a")) == nil)
    }
}
