// What a plugin may be called: it is the name of a folder, a library, a scorer and, in the templates, of an identifier.

internal import EvalCore

enum PluginName {
    /// The most bytes of a name.
    static let mostBytes = 63

    /// Checks that a name is one that the host takes.
    ///
    /// - Throws: What it must look like.
    static func check(_ name: String, at folder: String?) throws(Diagnostic) {
        guard !PluginDescription.isName(name) else { return }
        throw Diagnostic(
            "'\(name.prefix(80))' can't be a plugin's name",
            at: .init(file: folder),
            didYouMean: folded(name),
            help: "Use lower-case letters, digits and underscores, a letter first, at most \(mostBytes)."
        )
    }

    /// Checks that a name can be put into a template's source.
    ///
    /// - Throws: That it means something else there.
    static func checkFresh(_ name: String, language: PluginProject.Language) throws(Diagnostic) {
        try check(name, at: nil)
        let isTaken =
            switch language {
            case .c: wordsOfC.contains(name)
            case .cpp: wordsOfC.contains(name) || wordsOfCpp.contains(name)
            case .swift: wordsOfSwift.contains(name) || typesOfSwift.contains(typeName(name))
            }
        guard isTaken else { return }
        let taken = "means something else in the source of a plugin in \(language.title)"
        throw Diagnostic("'\(name)' \(taken)", didYouMean: "\(name)_scorer", help: "Choose another name.")
    }

    /// A name's type: `word_count` is `WordCount`.
    static func typeName(_ name: String) -> String {
        name.split(separator: "_").map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined()
    }

    /// What was probably meant; nil if nothing of it can be kept.
    private static func folded(_ name: String) -> String? {
        var text = ""
        for scalar in name.unicodeScalars.prefix(mostBytes) {
            let lower = scalar.properties.lowercaseMapping
            let isKept = lower.utf8.allSatisfy {
                (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) || $0 == 0x5F
            }
            text += isKept ? lower : text.hasSuffix("_") ? "" : "_"
        }
        let kept = text.drop { !("a"..."z").contains($0) }
        return kept.isEmpty ? nil : String(kept)
    }

    private static func words(_ text: String) -> Set<String> {
        Set(text.split(whereSeparator: { $0 == " " || $0 == "\n" }).map(String.init))
    }

    /// Keywords, what the template's headers declare, and the template's own.
    private static let wordsOfC = words(
        """
        asm auto break case char const continue default do double else enum extern float for goto if inline int long \
        register restrict return short signed sizeof static struct switch typedef typeof unsigned void volatile while \
        abort abs atexit atof atoi atol atoll bsearch calloc div exit free getenv labs ldiv llabs lldiv malloc mblen \
        mbstowcs mbtowc qsort rand realloc srand strtod strtof strtol strtold strtoll strtoul strtoull system wcstombs \
        wctomb memchr memcmp memcpy memmove memset strcat strchr strcmp strcoll strcpy strcspn strerror strlen strncat \
        strncmp strncpy strpbrk strrchr strspn strstr strtok strxfrm linux unix main \
        create destroy score settings instance folded evalhost_note_ evalhost_plugin_ evalhost_scorers_ \
        evalhost_plugin_entry
        """
    )
    private static let wordsOfCpp = words(
        """
        alignas alignof and and_eq bitand bitor bool catch class compl concept const_cast consteval constexpr constinit \
        co_await co_return co_yield decltype delete dynamic_cast explicit export false friend mutable namespace new \
        noexcept not not_eq nullptr operator or or_eq private protected public reinterpret_cast requires \
        static_assert static_cast template this thread_local throw true try typeid typename using virtual wchar_t xor \
        xor_eq std evalhost entry
        """
    )
    private static let wordsOfSwift = words(
        """
        actor any as associatedtype async await break case catch class continue convenience default defer deinit didset \
        do else enum extension fallthrough false fileprivate for func get guard if import in indirect infix init inout \
        internal is lazy let macro mutating nil none nonisolated open operator optional override package postfix \
        precedencegroup prefix private protocol public repeat required rethrows return self set some static struct \
        subscript super switch throw throws true try typealias unowned var weak where while willset \
        swift main entry plugin foundation glibc
        """
    )
    /// Types of ScorerKit and of Swift that the template, or what people write into it first, uses.
    private static let typesOfSwift = words(
        """
        About Assets SetupContext ScoringContext ScoringError RetryError SettingError JudgeError Field JSONText Judge \
        JudgeReply Log Permission PluginEntry ScorerDeclaration PluginScorer PluginSessionScorer PluginConfiguration \
        NoConfiguration DefaultConstructible Row Score Session Turns Spans TraceSpan Text ValueType Configuration \
        Any AnyObject Array Bool Character Codable Comparable Decodable Dictionary Double Encodable Equatable Error Float \
        Hashable Int Never Optional Protocol Range Result Self Sendable Sequence Set String Substring Swift Type UInt8
        """
    )
}

extension PluginProject.Language {
    /// The language as people write it.
    var title: String {
        switch self {
        case .c: "C"
        case .cpp: "C++"
        case .swift: "Swift"
        }
    }
}
