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
