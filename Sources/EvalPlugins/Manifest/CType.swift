// The types of C that a manifest may name, as they are on this machine.

internal import CEvalTransport

/// A type that can be an argument or a result of a bound function.
struct CType: Equatable {
    /// `CEVAL_C_…`.
    let code: UInt32
    /// The name as the manifest spells it.
    let name: String

    var isText: Bool { code == CEVAL_C_STRING }
    var isBytes: Bool { code == CEVAL_C_BYTES }
    var isFloating: Bool { code == CEVAL_C_FLOAT || code == CEVAL_C_DOUBLE }
    var isBoolean: Bool { code == CEVAL_C_BOOL }
    var isInteger: Bool { !isText && !isBytes && !isFloating && !isBoolean }

    /// The integers that it can hold; nil for another kind of type.
    var integers: ClosedRange<Int64>? {
        switch code {
        case CEVAL_C_INT8: Int64(Int8.min)...Int64(Int8.max)
        case CEVAL_C_UINT8: 0...Int64(UInt8.max)
        case CEVAL_C_INT16: Int64(Int16.min)...Int64(Int16.max)
        case CEVAL_C_UINT16: 0...Int64(UInt16.max)
        case CEVAL_C_INT32: Int64(Int32.min)...Int64(Int32.max)
        case CEVAL_C_UINT32: 0...Int64(UInt32.max)
        case CEVAL_C_INT64: .min ... .max
        case CEVAL_C_UINT64: 0...Int64.max
        default: nil
        }
    }

    /// What may be written, for help.
    static let words =
        "char, short, int, long, long long (with unsigned), size_t, int8_t to uint64_t, float, double, bool, cstring, bytes"

    private static let signed = [
        "char": plainChar, "signed char": CEVAL_C_INT8, "short": CEVAL_C_INT16, "int": CEVAL_C_INT32,
        "long": CEVAL_C_INT64, "long long": CEVAL_C_INT64, "ssize_t": CEVAL_C_INT64, "ptrdiff_t": CEVAL_C_INT64,
        "int8_t": CEVAL_C_INT8, "int16_t": CEVAL_C_INT16, "int32_t": CEVAL_C_INT32, "int64_t": CEVAL_C_INT64,
        "intptr_t": CEVAL_C_INT64, "time_t": CEVAL_C_INT64,
    ]
    private static let others = [
        "unsigned char": CEVAL_C_UINT8, "unsigned short": CEVAL_C_UINT16, "unsigned": CEVAL_C_UINT32,
        "unsigned int": CEVAL_C_UINT32, "unsigned long": CEVAL_C_UINT64, "unsigned long long": CEVAL_C_UINT64,
        "size_t": CEVAL_C_UINT64, "uint8_t": CEVAL_C_UINT8, "uint16_t": CEVAL_C_UINT16, "uint32_t": CEVAL_C_UINT32,
        "uint64_t": CEVAL_C_UINT64, "uintptr_t": CEVAL_C_UINT64, "float": CEVAL_C_FLOAT, "double": CEVAL_C_DOUBLE,
        "bool": CEVAL_C_BOOL, "_Bool": CEVAL_C_BOOL, "cstring": CEVAL_C_STRING, "bytes": CEVAL_C_BYTES,
    ]

    /// `char` has a sign on x86-64 and none on arm64.
    private static var plainChar: UInt32 {
        #if arch(x86_64)
        CEVAL_C_INT8
        #else
        CEVAL_C_UINT8
        #endif
    }

    /// Words that begin or continue the name of a type.
    static let keywords: Set = [
        "const", "volatile", "signed", "unsigned", "char", "short", "int", "long", "float", "double", "void", "struct",
        "union", "enum", "_Complex", "complex", "restrict",
    ]

    /// Finds a type.
    ///
    /// - Parameter words: Its words, `const` and `volatile` among them.
    /// - Returns: The type, or why there is none.
    static func find(_ words: [String]) -> Result<CType, DescriptionError> {
        let plain = words.filter { !["const", "volatile", "restrict"].contains($0) }
        let name = canonical(plain).joined(separator: " ")
        if let code = signed[name] ?? others[name] { return .success(CType(code: code, name: name)) }
        return .failure(DescriptionError(refusal(plain)))
    }

    /// One order and form of the many that C allows: `long unsigned int` is `unsigned long`.
    private static func canonical(_ words: [String]) -> [String] {
        var rest = words
        guard rest.count > 1, rest.allSatisfy({ keywords.contains($0) }) else { return rest }
        let isUnsigned = rest.contains("unsigned")
        let isSigned = rest.contains("signed")
        rest.removeAll { $0 == "unsigned" || $0 == "signed" }
        if rest.contains("long") || rest.contains("short") { rest.removeAll { $0 == "int" } }
        if isUnsigned { return ["unsigned"] + rest }
        return isSigned && rest == ["char"] ? ["signed", "char"] : rest
    }

    private static func refusal(_ words: [String]) -> String {
        let name = words.joined(separator: " ")
        guard let first = words.first else { return "a type is missing" }
        if first == "struct" || first == "union" {
            return "'\(name)' is passed by value, and how depends on members that a manifest doesn't know"
        }
        if first == "enum" { return "'\(name)' is an int to C: write int" }
        if first == "void" { return "'void' is no value" }
        if name == "long double" || words.contains("complex") || words.contains("_Complex") || first == "__int128" {
            return "'\(name)' has no value that a row or a score could have"
        }
        return "there is no type '\(name)'"
    }
}
