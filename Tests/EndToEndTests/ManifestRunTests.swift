// The manifests that ship as examples, against the real libraries of the system.

import EvalJSON
import Foundation
import Testing

@Suite struct ManifestRunTests {
    private static let manifests = "\(Workplace.checkout.path)/Examples/manifests"

    private func value(_ row: JSON, of scorer: String, in place: Workplace) throws -> JSON? {
        try place.write("rows.jsonl", row.serialized + "\n")
        let arguments = ["score", "--data", "rows.jsonl", "--plugins", Self.manifests, "--scorer", scorer]
        let outcome = try place.run(arguments)
        return try JSON(parsing: outcome.output)["feedback"]?[scorer]
    }

    @Test("functions of libc, libm, zlib and libfuzzy score rows")
    func samples() throws {
        let place = try Workplace()
        let paris: JSON = ["inputs": [:], "outputs": "PARIS", "expectations": ["expected_response": "Paris"]]
        #expect(try value(paris, of: "same_ignoring_case", in: place)?["value"] == true)
        // zlib.crc32(b"PARIS") in Python.
        #expect(try value(paris, of: "checksum", in: place)?["value"] == 1_635_256_658)
        let limit: JSON = ["inputs": [:], "outputs": 7.5, "expectations": ["limit": 5]]
        #expect(try value(limit, of: "excess", in: place)?["value"] == 2.5)
        // `ssdeep -m` of the two hashes says 22.
        let hashes: JSON = [
            "inputs": [:], "outputs": "3:AXGBicFlgVNhBGcL6wCrFQEv:AXGHsNhxLsr2C",
            "expectations": ["hash": "3:AXGBicFlIHBGcL6wCrFQEv:AXGH6xLsr2C"],
        ]
        #expect(try value(hashes, of: "ssdeep_match", in: place)?["value"] == 0.22)
        let none: JSON = ["inputs": [:], "outputs": "none", "expectations": ["hash": "none"]]
        let error = try value(none, of: "ssdeep_match", in: place)?["error"]
        #expect(error?["message"] == "fuzzy_compare returned -1")
    }

    @Test("a run keeps which manifest and library it used, and resumes with no other")
    func pinnedByTheRun() throws {
        let place = try Workplace()
        try place.writeRows(4)
        try place.write(
            "bound/same.scorer.yaml",
            try String(contentsOfFile: "\(Self.manifests)/same_ignoring_case.scorer.yaml", encoding: .utf8)
        )
        let run = ["evaluate", "--data", "rows.jsonl", "--plugins", "bound", "--format", "json"]
        let begun = try place.run(run)
        #expect(begun.status == 0, "\(begun.error)")
        #expect(try JSON(parsing: begun.output)["accounts"]?["same"]?["scored"] == 4)
        let changed =
            try place.read("bound/same.scorer.yaml") + "version: '2'\n"
        try place.write("bound/same.scorer.yaml", changed)
        let other = try place.run(["evaluate", "--retry-errors", "latest"])
        #expect(other.status == 2 && other.error.contains("same"), "\(other.error)")
    }

    @Test("a mistake is exit status 2 with file, line and column")
    func mistake() throws {
        let place = try Workplace()
        try place.writeRows(1)
        try place.write(
            "bound/same.scorer.yaml",
            "library: libc.so.6\nsymbol: strcasecmp\nsignature: int (string outputs)\nvalue: integer\n"
        )
        let outcome = try place.run(["evaluate", "--data", "rows.jsonl", "--plugins", "bound"])
        #expect(outcome.status == 2)
        #expect(outcome.error.contains("bound/same.scorer.yaml:3:17: there is no type 'string'"), "\(outcome.error)")
    }

    @Test("the validator gives a bound function rows, and finds the one whose signature isn't its own")
    func checked() throws {
        let place = try Workplace()
        let good = try place.run(["plugin", "check", "--strict", "\(Self.manifests)/checksum.scorer.yaml"])
        #expect(good.status == 0, "\(good.output)")
        try place.write(
            "bound/wrong.scorer.yaml",
            "library: libc.so.6\nsymbol: free\nsignature: int (cstring outputs)\nvalue: integer\nversion: 1.0.0\n"
        )
        let wrong = try place.run(["plugin", "check", "bound/wrong.scorer.yaml"])
        #expect(wrong.status == 1)
        #expect(
            wrong.output.contains("C20 ordinary-rows ......... FAILED\n    wrong: plugin_abort: "),
            "\(wrong.output)"
        )
    }

    @Test("what is trusted is the manifest and its library, and never inside evalhost")
    func trust() throws {
        let place = try Workplace()
        let manifest = "\(Self.manifests)/checksum.scorer.yaml"
        let trusted = try place.run(["plugin", "trust", manifest])
        #expect(trusted.status == 0 && trusted.output.contains("calls crc32 of "), "\(trusted.error)")
        let lock = try JSON(parsing: place.read("plugins.lock"))
        #expect(lock["plugins"]?["checksum"]?["library_sha256"]?.string?.count == 64)
        let inside = try place.run(["plugin", "trust", "--isolation", "inprocess", manifest])
        #expect(inside.status == 2 && inside.error.contains("a bound function runs in worker processes only"))
        #expect(try place.run(["plugin", "untrust", "checksum"]).status == 0)
    }
}
