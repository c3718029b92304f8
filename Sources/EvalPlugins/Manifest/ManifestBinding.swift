// From a manifest's words to what a worker is told, and to the description that the host shows.

internal import CEvalHost
internal import CEvalTransport
internal import EvalCore
internal import EvalSuite

/// A manifest whose words have been understood.
struct ManifestBinding: Sendable {
    let description: PluginDescription
    /// The binding as the worker reads it, but for the library's path.
    private let head: ceval_binding
    private let arguments: [ceval_argument]
    private let labelResults: [Int64]
    private let texts: BindingTexts

    /// Understands a manifest.
    ///
    /// - Throws: What is wrong, at its line and column.
    init(_ manifest: ScorerManifest, name: String) throws(Diagnostic) {
        let signature = try CSignature(manifest.signature)
        var texts = BindingTexts()
        var fields = BindingFields()
        var arguments: [ceval_argument] = []
        guard signature.arguments.count <= CEVAL_MAX_ARGUMENTS else {
            throw manifest.signature.error("the function has more than \(CEVAL_MAX_ARGUMENTS) arguments")
        }
        for argument in signature.arguments {
            arguments.append(try fields.argument(argument, of: manifest.signature, &texts))
        }
        try fields.checkSizes(of: signature, in: manifest.signature)
        var head = ceval_binding()
        head.argument_count = UInt32(arguments.count)
        head.result = signature.result.code
        head.scale = 1
        head.divisor = 1
        head.symbol = texts.add(try Self.symbol(manifest.symbol))
        if let error = manifest.error {
            (head.error_when, head.error_bound) = try Self.condition(error, signature.result, "'error'")
        }
        if let skip = manifest.skip {
            (head.skip_when, head.skip_bound) = try Self.condition(skip, signature.result, "'skip'")
        }
        var reader = ManifestValue(manifest, signature.result)
        let value = try reader.value(named: name, &head)
        labelResults = reader.labelResults
        head.label_count = UInt32(labelResults.count)
        self.head = head
        self.arguments = arguments
        self.texts = texts
        func text(_ key: String) -> String { manifest.words[key]?.text ?? "" }
        let scorer = PluginDescription.Scorer(
            value: value,
            reads: fields.reads.joined(separator: ", "),
            feedbacks: [],
            settings: [],
            flags: 0
        )
        description = PluginDescription(
            name: name,
            version: manifest.words["version"]?.text ?? "0",
            author: text("author"),
            licence: text("licence"),
            scorers: [scorer]
        )
    }

    /// What the worker is told, as bytes.
    ///
    /// - Parameter path: What the loader opens; nil: the sealed copy that the worker is given.
    /// - Returns: A `ceval_binding` with what follows it.
    func bytes(library path: String?) -> [UInt8] {
        var texts = texts
        var head = head
        head.library = path.map { texts.add($0) } ?? 0
        let base =
            MemoryLayout<ceval_binding>.size + arguments.count * MemoryLayout<ceval_argument>.size
            + labelResults.count * MemoryLayout<Int64>.size
        let shift = UInt32(base)
        head.symbol += shift
        if head.library != 0 { head.library += shift }
        let moved = arguments.map { argument in
            var argument = argument
            argument.path += shift
            argument.text += shift
            return argument
        }
        return Self.raw(head) + moved.flatMap(Self.raw) + labelResults.flatMap(Self.raw) + texts.bytes
    }

    private static func raw<Value>(_ value: Value) -> [UInt8] { withUnsafeBytes(of: value) { Array($0) } }

    private static func symbol(_ word: ScorerManifest.Word) throws(Diagnostic) -> String {
        let isName = word.text.utf8.allSatisfy { byte in
            byte == UInt8(ascii: "_") || byte == UInt8(ascii: "$") || (byte | 0x20 >= 0x61 && byte | 0x20 <= 0x7A)
                || (byte >= 0x30 && byte <= 0x39)
        }
        guard isName, !word.text.isEmpty, word.text.utf8.count <= 1000 else {
            throw word.error("'\(word.text)' can't be a function's name")
        }
        guard !variadic.contains(word.text) else {
            throw word.error(
                "\(word.text) has variable arguments, so it can't be bound",
                help: "Write a plugin of a few lines that calls it."
            )
        }
        return word.text
    }

    /// Functions of the C library whose arguments vary, which nothing in the library's file says.
    private static let variadic: Set = [
        "printf", "fprintf", "dprintf", "sprintf", "snprintf", "asprintf", "scanf", "fscanf", "sscanf", "wprintf",
        "fwprintf", "swprintf", "wscanf", "fwscanf", "swscanf", "open", "open64", "openat", "openat64", "fcntl",
        "fcntl64",
        "ioctl", "syscall", "execl", "execle", "execlp", "syslog", "err", "errx", "warn", "warnx", "error", "prctl",
        "ptrace", "semctl", "mremap", "strfmon", "ulimit", "makecontext", "mq_open", "sem_open",
    ]

    /// A condition on the result: `< 0`, or a number that it equals.
    static func condition(
        _ word: ScorerManifest.Word,
        _ result: CType,
        _ what: String
    ) throws(Diagnostic) -> (UInt32, Double) {
        guard !result.isText else { throw word.error("\(what) compares numbers, and the function returns a text") }
        if let number = Double(word.text), number.isFinite { return (CEVAL_WHEN_EQUAL, number) }
        guard let bound = Bound(word.text) else {
            throw word.error("\(what) is no comparison", help: "Write `< 0`, `== -1`, or a number alone.")
        }
        let when =
            switch bound.comparison {
            case .equal: CEVAL_WHEN_EQUAL
            case .unequal: CEVAL_WHEN_DIFFERENT
            case .below: CEVAL_WHEN_LESS
            case .atMost: CEVAL_WHEN_LESS_OR_EQUAL
            case .above: CEVAL_WHEN_GREATER
            case .atLeast: CEVAL_WHEN_GREATER_OR_EQUAL
            }
        return (when, bound.value)
    }
}

/// The texts of a binding, one after another; the first byte is nobody's, so that 0 means none.
struct BindingTexts: Sendable {
    private(set) var bytes: [UInt8] = [0]

    /// Adds a text with a NUL behind it and returns its place.
    mutating func add(_ text: String) -> UInt32 {
        let place = UInt32(bytes.count)
        bytes += Array(text.utf8) + [0]
        return place
    }
}

/// The fields that a signature names, in the order in which they are first named.
private struct BindingFields {
    private(set) var reads: [String] = []
    /// The fields that are passed as bytes, and whose sizes are passed.
    private var bytes: [String: Int] = [:]
    private var sizes: [String: Int] = [:]

    mutating func argument(
        _ given: CSignature.Argument,
        of word: ScorerManifest.Word,
        _ texts: inout BindingTexts
    ) throws(Diagnostic) -> ceval_argument {
        var argument = ceval_argument()
        argument.type = given.type.code
        argument.path = 0
        switch given.source {
        case .integer(let integer):
            argument.from = CEVAL_FROM_CONSTANT
            argument.integer = integer
        case .number(let number):
            argument.from = CEVAL_FROM_CONSTANT
            argument.number = number
        case .text(let text):
            argument.from = CEVAL_FROM_CONSTANT
            argument.text = texts.add(text)
        case .field(let path):
            argument.from = CEVAL_FROM_FIELD
            if given.type.isBytes { bytes[path] = given.offset }
            argument.field = try field(path, form: Self.form(of: given.type), given.offset, word)
            argument.path = texts.add(path)
        case .size(let path):
            argument.from = CEVAL_FROM_SIZE
            sizes[path] = given.offset
            argument.field = try field(path, form: "text", given.offset, word)
            argument.path = texts.add(path)
        }
        return argument
    }

    private static func form(of type: CType) -> String {
        if type.isText || type.isBytes { return "text" }
        if type.isFloating { return "number" }
        return type.isBoolean ? "boolean" : "integer"
    }

    private mutating func field(
        _ path: String,
        form: String,
        _ offset: Int,
        _ word: ScorerManifest.Word
    ) throws(Diagnostic) -> UInt32 {
        guard !path.hasSuffix("?") else {
            throw word.error("'\(path)' can't be optional: the function always gets a value", at: offset)
        }
        guard !path.hasPrefix("spans(") else { throw word.error("spans can't be passed to a C function", at: offset) }
        let declaration = "\(path):\(form)"
        do throws(DescriptionError) {
            _ = try FieldDeclaration.list(declaration)
        } catch {
            throw word.error(
                error.words,
                at: offset,
                help: "A field is such as outputs or expectations.expected_response."
            )
        }
        if let place = reads.firstIndex(of: declaration) { return UInt32(place) }
        reads.append(declaration)
        return UInt32(reads.count - 1)
    }

    /// Bytes come with their number.
    func checkSizes(of signature: CSignature, in word: ScorerManifest.Word) throws(Diagnostic) {
        for (path, offset) in bytes.sorted(by: { $0.value < $1.value }) where sizes[path] == nil {
            throw word.error(
                "no argument is size(\(path)), so the function can't know where the bytes end",
                at: offset,
                help: "Pass a text that ends with a NUL as cstring, or add `size_t size(\(path))`."
            )
        }
        for (path, offset) in sizes.sorted(by: { $0.value < $1.value }) where bytes[path] == nil {
            throw word.error("size(\(path)) is the size of bytes that aren't passed", at: offset)
        }
        guard !reads.isEmpty else { throw word.error("the function gets nothing of the row") }
    }
}
