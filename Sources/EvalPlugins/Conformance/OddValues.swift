// Values that nobody expects, by the kind of field: what real data has once in a million rows.

internal import EvalCore
internal import EvalJSON

enum OddValues {
    /// Texts that break what reads bytes carelessly.
    static let texts: [String] = [
        "\u{0}", "a\u{0}b", String(repeating: "\u{0}", count: 300), "\u{FEFF}with a byte order mark", " ", "\n",
        "\t \r\n ",
        String(repeating: "\n", count: 5_000), "e" + String(repeating: "\u{0301}", count: 1_000),
        "\u{1F468}\u{200D}\u{1F469}\u{200D}\u{1F467}\u{200D}\u{1F466}", "\u{10FFFF}\u{FFFE}\u{FFFF}",
        "\u{202E}right to left\u{202C}", "\u{2028}\u{2029}\u{85}", "\u{1}\u{2}\u{1B}[31m\u{7F}\u{80}\u{9F}",
        "%s%n%d%p", "\\ \" ' ` $( ) ; | &", "<script>alert(1)</script>", "{", "[[[[", "\"", "```", "```python\n",
        "ß İ ı ſ ŉ ǰ", "\u{0130}\u{0131}", "NaN", "null", "-0", "1e999", "9223372036854775808",
        String(repeating: "x", count: 70_000), String(repeating: "a ", count: 20_000),
        String(repeating: "\u{1F600}", count: 3_000), String(repeating: "(", count: 5_000), "[1][2][", "SELECT", "--",
        "aAaA" + String(repeating: "\u{FFFD}", count: 40), "\u{D7FF}\u{E000}", "one.two.three...", "…!?!?",
    ]

    /// Integers at their edges.
    static let integers: [Int64] = [
        .min, .min + 1, -1, 0, 1, 1 << 31, -(1 << 31), 1 << 53, (1 << 53) + 1, .max - 1, .max,
    ]

    /// Numbers at their edges.
    static let numbers: [Double] = [
        0, -0.0, 1, -1, 1e308, -1e308, .leastNonzeroMagnitude, -.leastNonzeroMagnitude, 1e-300, 0.1, .pi,
        9_007_199_254_740_992, 1.7976931348623157e308,
    ]

    /// JSON of odd shape.
    static let json: [JSON] = [
        [:], [], 0, -1.5, true, "", "text", [nil], ["": ""], ["a.b": ["\"": "\u{0}"]], [[], [[]], [:]],
        nested(300), nestedObject(300),
        .array((0..<3_000).map { JSON($0) }),
        .object((0..<1_000).map { ("key \($0)", JSON("\($0)")) }), [JSON(Int64.min), JSON(Int64.max)],
        [1e308, JSON(Double.leastNonzeroMagnitude)],
        ["role": "assistant", "content": "text"],
        [["role": "user", "content": "a"], ["role": "assistant", "content": "b"]],
        ["choices": [["message": ["role": "assistant", "content": "text"]]]], [["role": "assistant"]], ["choices": []],
        ["\u{1F600}": JSON(String(repeating: "\u{0301}", count: 100))], [1, "1", [1], ["1": 1]],
    ]

    private static func nested(_ depth: Int) -> JSON { (0..<depth).reduce([] as JSON) { inner, _ in [inner] } }

    private static func nestedObject(_ depth: Int) -> JSON {
        (0..<depth).reduce([:] as JSON) { inner, _ in ["a": inner] }
    }

    /// Texts of a size, by what they are made of.
    static func large(_ bytes: Int) -> [String] {
        [
            String(repeating: "word ", count: bytes / 5), String(repeating: "x", count: bytes),
            String(repeating: "Nice. ", count: bytes / 6),
        ]
    }

    /// Lists of spans, for a scorer that reads some types.
    static func spans(_ types: [String]) -> [JSON] {
        let type = types.first ?? "RETRIEVER"
        func changed(_ span: JSON, _ key: String, _ value: JSON?) -> JSON {
            span.replacing([.key(Text(key))], with: value) ?? span
        }
        let plain = RowMaker.span(0, type: type)
        var lists: [JSON] = [[], [plain], .array((0..<300).map { RowMaker.span($0, type: type) })]
        // Two that are each other's parent, and one that is its own.
        lists.append([changed(plain, "parent", 1001), changed(RowMaker.span(1, type: type), "parent", 1000)])
        lists.append([changed(plain, "parent", 1000)])
        lists.append([changed(plain, "parent", 77), changed(plain, "id", 1)])
        for key in ["name", "inputs", "outputs", "attributes", "status", "end_ns"] {
            lists.append([changed(plain, key, nil)])
        }
        for odd in json { lists.append([changed(plain, "outputs", odd), changed(plain, "inputs", odd)]) }
        for odd in json.prefix(10) { lists.append([changed(plain, "outputs", [odd])]) }
        for text in texts.prefix(12) {
            let document: JSON = [["page_content": JSON(text), "id": JSON(text), "metadata": ["score": JSON(text)]]]
            lists.append([changed(changed(plain, "outputs", document), "name", JSON(text))])
        }
        lists.append([changed(plain, "start_ns", JSON(Int64.max)), changed(plain, "end_ns", JSON(Int64.min))])
        lists.append([changed(plain, "start_ns", -1)])
        lists.append([changed(plain, "outputs", JSON(String(repeating: "x", count: 1 << 20)))])
        lists.append(.array(types.map { RowMaker.span(5, type: $0) } + [RowMaker.span(6, type: "OTHER")]))
        return lists
    }
}
