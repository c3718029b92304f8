import EvalJSON
import Testing

@Suite struct JSONTests {
    @Test("a parsed value gives back its parts")
    func parts() throws {
        let row = try JSON(parsing: #"{"a":{"b":[1,2.5,"x\u0000y",true,null,18446744073709551615]},"c":-3}"#)
        #expect(row["a"]?["b"]?.count == 6)
        #expect(row["a"]?["b"]?[0]?.integer == 1)
        #expect(row["a"]?["b"]?[1]?.number == 2.5)
        #expect(row["a"]?["b"]?[2]?.string == "x\0y")
        #expect(row["a"]?["b"]?[3]?.boolean == true)
        #expect(row["a"]?["b"]?[4]?.isNull == true)
        #expect(row["a"]?["b"]?[5]?.integer == nil)
        #expect(row["a"]?["b"]?[5]?.number == 18446744073709551616.0)
        #expect(row["a"]?["b"]?[6] == nil)
        #expect(row["c"]?.integer == -3)
        #expect(row["missing"] == nil)
        #expect(row.serialized == #"{"a":{"b":[1,2.5,"x\u0000y",true,null,18446744073709551615]},"c":-3}"#)
    }

    @Test("values made in Swift equal values that were parsed")
    func literals() throws {
        let inner: JSON = ["b": [1, 2.5, "x"], "e": nil]
        let made: JSON = ["a": inner, "t": true, "list": [inner, inner]]
        let text =
            #"{"a":{"b":[1,2.5,"x"],"e":null},"t":true,"list":[{"b":[1,2.5,"x"],"e":null},{"b":[1,2.5,"x"],"e":null}]}"#
        #expect(made.serialized == text)
        #expect(try made == JSON(parsing: text))
        #expect(made["list"]?[1]?["b"]?[2]?.string == "x")
    }

    @Test("canonical form sorts keys by code point and makes 1 and 1.0 one value")
    func canonical() throws {
        let one = try JSON(
            parsing: #"{ "é": 1.0, "z": [1e2, 0.1, -0.0], "a": {"y": 9007199254740993, "x": "\u00e9\n"} }"#
        )
        #expect(one.canonical == #"{"a":{"x":"é\n","y":9007199254740993},"z":[100,0.1,0],"é":1}"#)
        let other = try JSON(parsing: #"{"a":{"x":"é\n","y":9007199254740993},"z":[100,1e-1,0],"é":1}"#)
        #expect(one.digest == other.digest)
        #expect(one == other)
        #expect(JSON("abc").digest.description == "6cc43f858fbb763301637b5af970e2a46b46f461f27e5a0f41e009c59b827b25")
    }

    @Test("a number without a positive counterpart is written like any other")
    func leastInteger() throws {
        #expect(JSON(-0x1p63).serialized == "-9.223372036854776e+18")
        #expect(JSON(Int64.min).serialized == "-9223372036854775808")
        let parsed = try JSON(parsing: "[-9223372036854775808.0, -9223372036854775808]")
        #expect(try Array(JSON(parsing: parsed.serialized).elements).first?.number == -0x1p63)
        #expect(Array(parsed.elements).last?.integer == .min)
    }

    @Test("of a key written twice the last one answers, and it is named")
    func duplicates() throws {
        let json = try JSON(parsing: #"{"a":1,"b":{"c":1,"c":2},"a":3}"#)
        #expect(json["a"]?.integer == 3)
        #expect(json.canonical == #"{"a":3,"b":{"c":2}}"#)
        #expect(json.firstDuplicateKey() == "c")
        let wide = "{" + (0..<20).map { #""k\#($0 % 19)":\#($0)"# }.joined(separator: ",") + "}"
        #expect(try JSON(parsing: wide).firstDuplicateKey() == "k0")
        #expect(try JSON(parsing: #"[{"a":1},{"a":1}]"#).firstDuplicateKey() == nil)
    }

    @Test(
        "what is not JSON is refused with a reason",
        arguments: [
            ("", "empty"), ("  \n", "empty"), ("{", "not valid JSON"), ("{\"a\":1} x", "not valid JSON"),
            ("[1e999]", "number"), ("\"\\ud800\"", "not valid JSON"), ("[NaN]", "not valid JSON"),
            (String(repeating: "[", count: 10_000) + String(repeating: "]", count: 10_000), "1024 levels"),
        ]
    )
    func malformed(text: String, reason: String) {
        #expect {
            try JSON(parsing: text)
        } throws: {
            ($0 as? JSONError)?.description.contains(reason) == true
        }
    }

    @Test("the place of a mistake is told where it is known, and never guessed")
    func places() {
        func offset(_ text: String) -> Int? {
            do throws(JSONError) {
                _ = try JSON(parsing: text)
                return -1
            } catch {
                return error.offset
            }
        }
        #expect(offset(#"{"a": nope}"#).map { (6...7).contains($0) } == true)
        #expect(offset(#"{"inputs":{"q":1e999}}"#) ?? 0 < 22)
    }

    @Test("invalid UTF-8 is refused at its byte")
    func invalidUTF8() {
        #expect(throws: JSONError("the text is not valid UTF-8", offset: 2)) {
            try JSON(parsing: [UInt8(ascii: "\""), UInt8(ascii: "a"), 0xFF, UInt8(ascii: "\"")])
        }
    }

    @Test("text compares, counts and searches its bytes")
    func text() {
        let text = Text("naïve 日本 🙂")
        #expect(text.scalarCount == 10)
        #expect(!text.isASCII)
        #expect(text == "naïve 日本 🙂")
        #expect(text.contains(Text("日本")))
        #expect(!text.contains(Text("日本人")))
        #expect(text.contains(.empty))
        #expect(String(text) == "naïve 日本 🙂")
        #expect(Text("").count == 0)
    }

    @Test("every byte that needs it is escaped, wherever it stands")
    func escapes() throws {
        for length in 0..<40 {
            for special in ["\"", "\\", "\n", "\u{1}", "\u{1f}"] {
                let string = String(repeating: "é", count: length / 2) + special + String(repeating: "x", count: length)
                #expect(try JSON(parsing: JSON(string).serialized).string == string)
            }
        }
    }
}

@Suite struct JSONPathTests {
    @Test("a path finds what it names")
    func values() throws {
        let row: JSON = ["inputs": ["a.b": 1, "list": [[1, 2], [3]]], "outputs": "x"]
        #expect(try JSONPath("outputs").value(in: row)?.string == "x")
        #expect(try JSONPath(#"inputs."a.b""#).value(in: row)?.integer == 1)
        #expect(try JSONPath("inputs.list[0][1]").value(in: row)?.integer == 2)
        #expect(try JSONPath("inputs.list[2]").value(in: row) == nil)
        #expect(try JSONPath(#"inputs."a.b""#).description == #"inputs."a.b""#)
    }

    @Test("a malformed path says where", arguments: ["", ".a", "a.", "a[", "a[x]", "a[1", "a\"b", "\"a"])
    func malformed(path: String) {
        #expect(throws: JSONError.self) { try JSONPath(path) }
    }
}
