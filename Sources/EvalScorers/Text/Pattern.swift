// A compiled regular expression that many tasks may use at once, and what Python writes differently from PCRE2.

internal import CEvalPCRE2
internal import EvalCore
internal import Synchronization

/// A compiled regular expression.
///
/// `@unchecked Sendable`: the compiled code is immutable; scratch memory is lent to one match at a time.
final class Pattern: @unchecked Sendable {
    /// Backtracking from one place of a short text, in PCRE2's count: 2 to 100 ms of work.
    private static let backtrackLimit: UInt32 = 1_000_000
    /// Time for a long text, checked between places; a match may overrun it by a small factor.
    private static let millisecondLimit: UInt32 = 2000

    private let regex: OpaquePointer
    private let idle = Mutex<[Scratch]>([])

    private struct Scratch: @unchecked Sendable {
        let pointer: OpaquePointer
    }

    /// Compiles a pattern.
    ///
    /// - Parameters:
    ///   - source: The pattern as for Python's `re`.
    ///   - owner: Whose pattern it is, for the error.
    ///   - whole: Whether it must match from the first character to the last.
    ///   - ignoreCase: Whether upper and lower case are the same.
    /// - Throws: What is wrong with it, and at which character.
    init(_ source: String, of owner: String, whole: Bool = false, ignoreCase: Bool = false) throws(Diagnostic) {
        let translated = PythonPattern(source)
        var options: Int32 = 0
        if whole { options |= Int32(CEVAL_REGEX_WHOLE) }
        if ignoreCase { options |= Int32(CEVAL_REGEX_CASELESS) }
        var error = ceval_regex_error()
        guard let regex = ceval_regex_create(translated.bytes, translated.bytes.count, options, &error) else {
            let message = withUnsafeBytes(of: error.message) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
            let before = source.utf8.prefix(translated.sourceOffset(of: error.offset))
            let column = before.count { $0 & 0xC0 != 0x80 } + 1
            throw Diagnostic("the pattern of '\(owner)' is wrong at character \(column): \(message)")
        }
        self.regex = regex
    }

    deinit {
        idle.withLock { for scratch in $0 { ceval_regex_scratch_destroy(scratch.pointer) } }
        ceval_regex_destroy(regex)
    }

    /// Whether the text matches.
    ///
    /// - Throws: `pattern_limit` when there is too much backtracking.
    func matches(_ text: UTF8Bytes) throws(ScorerError) -> Bool {
        let made = idle.withLock { $0.popLast()?.pointer }
        guard let scratch = made ?? ceval_regex_scratch_create(Self.backtrackLimit, Self.millisecondLimit) else {
            throw ScorerError(code: "out_of_memory", message: "there is no memory for matching the pattern")
        }
        defer { idle.withLock { $0.append(Scratch(pointer: scratch)) } }
        switch ceval_regex_match(regex, scratch, text.baseAddress, text.count) {
        case Int32(CEVAL_REGEX_YES): return true
        case Int32(CEVAL_REGEX_NO): return false
        case Int32(CEVAL_REGEX_LIMIT):
            throw ScorerError(code: "pattern_limit", message: "the pattern needs too much backtracking on this output")
        default:
            throw ScorerError(code: "pattern_failed", message: "the pattern can't be matched against this output")
        }
    }
}

/// A pattern for Python's `re` in PCRE2's spelling.
///
/// What both know and mean differently, or only Python knows: `\Z` (the very end), `\u0041` and `\U00000041`,
/// `{,n}`, and `[` inside of a class, which in PCRE2 may begin a class of POSIX.
struct PythonPattern {
    private(set) var bytes: [UInt8] = []
    /// Where in the source each byte comes from.
    private var origins: [Int] = []
    private let source: [UInt8]

    init(_ pattern: String) {
        source = Array(pattern.utf8)
        var at = 0
        // The place of the innermost class's first member; `]` there is a member.
        var classStart: Int?
        while at < source.count {
            switch source[at] {
            case UInt8(ascii: "\\"):
                at += translateEscape(at)
            case UInt8(ascii: "[") where classStart == nil:
                emit(at, 1)
                at += 1
                if at < source.count, source[at] == UInt8(ascii: "^") {
                    emit(at, 1)
                    at += 1
                }
                classStart = at
            case UInt8(ascii: "["):
                emit("\\[", from: at)
                at += 1
            case UInt8(ascii: "]") where classStart != at:
                classStart = nil
                emit(at, 1)
                at += 1
            case UInt8(ascii: "{") where classStart == nil && hasOnlyUpperBound(at):
                emit("{0", from: at)
                at += 1
            default:
                emit(at, 1)
                at += 1
            }
        }
    }

    /// The place in the source that a place in the translation stands for.
    func sourceOffset(of offset: Int) -> Int {
        offset < origins.count ? origins[offset] : source.count
    }

    private mutating func emit(_ at: Int, _ count: Int) {
        for position in at..<min(at + count, source.count) {
            bytes.append(source[position])
            origins.append(position)
        }
    }

    private mutating func emit(_ text: String, from at: Int) {
        for byte in text.utf8 {
            bytes.append(byte)
            origins.append(at)
        }
    }

    /// How many bytes of the source the escape at `at` has.
    private mutating func translateEscape(_ at: Int) -> Int {
        let letter = at + 1 < source.count ? source[at + 1] : 0
        if letter == UInt8(ascii: "Z") {
            emit("\\z", from: at)
            return 2
        }
        let digits = letter == UInt8(ascii: "u") ? 4 : letter == UInt8(ascii: "U") ? 8 : 0
        if digits > 0, at + 2 + digits <= source.count {
            let hex = String(decoding: source[(at + 2)..<(at + 2 + digits)], as: UTF8.self)
            if hex.utf8.allSatisfy({ Character(Unicode.Scalar($0)).isHexDigit }) {
                emit("\\x{\(hex)}", from: at)
                return 2 + digits
            }
        }
        emit(at, 2)
        return 2
    }

    /// Whether `{,n}` begins here.
    private func hasOnlyUpperBound(_ at: Int) -> Bool {
        let rest = source[(at + 1)...]
        guard rest.first == UInt8(ascii: ",") else { return false }
        let digits = rest.dropFirst().prefix { $0 >= UInt8(ascii: "0") && $0 <= UInt8(ascii: "9") }
        return digits.endIndex < source.count && source[digits.endIndex] == UInt8(ascii: "}")
    }
}
