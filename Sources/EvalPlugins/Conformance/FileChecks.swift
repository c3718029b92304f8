// Checks of the library's file, which run nothing of it.

internal import EvalCore

extension ConformanceCheck {
    static let file = ConformanceCheck(
        "C01",
        "file",
        .file,
        meaning: "It is a library for this machine with evalhost's note, and nobody else may change it.",
        reason: "The host refuses any other file before it runs a line of it.",
        fix: "Build it with `evalhost plugin build`, and keep it in a folder of your own."
    ) { subject in
        guard let problem = subject.fileProblem else {
            return subject.image == nil ? .skipped("it is no ELF file") : .found([])
        }
        return .found([ConformanceFinding(problem.message, help: problem.help)])
    }

    static let swiftRuntime = aboutImage(
        "C02",
        "swift-runtime",
        meaning: "It needs no library of Swift's.",
        reason: "`libswift*` is where a toolchain is, and nowhere else.",
        fix: "Link with `-static-stdlib`, as `evalhost plugin build` does."
    ) { image, _ in
        image.needed.filter { $0.hasPrefix("libswift") || $0.hasPrefix("libFoundation") }
            .map { ConformanceFinding("it needs \($0)") }
    }

    static let searchPath = aboutImage(
        "C03",
        "search-path",
        meaning: "It looks for libraries in no folder of its own choice (RPATH, RUNPATH).",
        reason: "A folder of the author's machine isn't on others, and `$ORIGIN` means nothing in a copy in memory.",
        fix: "Link without `-rpath`; needed libraries that lie beside the plugin are loaded by the host."
    ) { image, _ in
        // SwiftPM names $ORIGIN whether anything lies there or not; what does is loaded by the host.
        image.searchPath.filter { !["$ORIGIN", "${ORIGIN}", "$ORIGIN/", "${ORIGIN}/"].contains($0) }
            .map { path in
                let isOrigin = path.hasPrefix("$ORIGIN") || path.hasPrefix("${ORIGIN}")
                let why =
                    isOrigin ? "which means nothing, since it runs from a copy in memory" : "which is of one machine"
                return ConformanceFinding("it looks for libraries in \(path), \(why)")
            }
    }

    static let glibc = aboutImage(
        "C04",
        "glibc",
        meaning: "It needs no newer glibc than `--glibc` says; this machine's where nothing is said.",
        reason: "On a system with an older one it can't be loaded.",
        fix: "Build on the oldest system that it is for, or say `--glibc` as you mean it."
    ) { image, options in
        guard let allowed = GlibcVersion(options.glibc) else {
            return [ConformanceFinding("'\(options.glibc)' is no version of glibc")]
        }
        let isPrivate = image.versions.contains("GLIBC_PRIVATE")
        let newest = image.versions.compactMap(GlibcVersion.init).max()
        var findings: [ConformanceFinding] = []
        if isPrivate { findings.append(ConformanceFinding("it uses symbols that are glibc's own (GLIBC_PRIVATE)")) }
        if let newest, newest > allowed {
            findings.append(ConformanceFinding("it needs glibc \(newest), which is newer than \(allowed)"))
        }
        return findings
    }

    static let executableStack = aboutImage(
        "C05",
        "executable-stack",
        meaning: "Its stack isn't executable.",
        reason: "It would make that of the whole process executable, which newer systems refuse.",
        fix: "Link with `-z noexecstack`; give sources in assembler a `.note.GNU-stack`."
    ) { image, _ in
        image.hasExecutableStack ? [ConformanceFinding("it asks for an executable stack")] : []
    }

    static let textRelocations = aboutImage(
        "C06",
        "text-relocations",
        meaning: "Its code is position-independent.",
        reason: "Code that the loader has to patch is writable while it is loaded, and shared with no other process.",
        fix: "Compile every object with `-fPIC`."
    ) { image, _ in
        image.hasTextRelocations ? [ConformanceFinding("its code has to be patched where it is loaded")] : []
    }

    static let exports = aboutImage(
        "C07",
        "exports",
        meaning: "It exports `evalhost_plugin_entry` and nothing else.",
        reason: "Other names may be taken for those of another library in the same process.",
        fix: "Compile with `-fvisibility=hidden`, or link with a version script."
    ) { image, _ in
        let others = image.exports.filter { $0 != "evalhost_plugin_entry" }
        guard let first = others.first else { return [] }
        let words = others.count == 1 ? first : "\(others.prefix(3).joined(separator: ", ")) (\(others.count) names)"
        return [ConformanceFinding(.note, "it exports \(words) as well")]
    }

    static let neededLibraries = ConformanceCheck(
        "C08",
        "needed-libraries",
        .file,
        meaning: "The libraries that it needs are there, and have what it uses of them.",
        reason: "Otherwise the loader refuses it.",
        fix: "Name the libraries in the link command, and say in the README what has to be installed."
    ) { subject in
        if subject.fileProblem != nil { return .skipped("its file can't be used") }
        guard let problem = subject.loadProblem, problem.isOfLoader else { return .found([]) }
        return .found([ConformanceFinding(problem.message, help: problem.help)])
    }

    /// A check of what an ELF file says.
    private static func aboutImage(
        _ number: String,
        _ name: String,
        meaning: String,
        reason: String,
        fix: String,
        _ look: @escaping @Sendable (ELFDetails, ConformanceOptions) -> [ConformanceFinding]
    ) -> ConformanceCheck {
        ConformanceCheck(number, name, .file, meaning: meaning, reason: reason, fix: fix) { subject in
            guard let image = subject.image else {
                return .skipped(subject.fileProblem == nil ? "it is no ELF file" : "its file can't be used")
            }
            return .found(look(image, subject.options))
        }
    }
}

extension Diagnostic {
    /// Whether the loader couldn't find a library or a symbol.
    var isOfLoader: Bool {
        message.hasPrefix("the library needs ") || message.hasPrefix("the library uses ")
    }
}
