// Why a file isn't loaded: each refusal names what was found and what to do about it.

internal import CEvalHost
internal import EvalCore
internal import Foundation

enum Refusal {
    static func missing(_ path: String) -> Diagnostic {
        Diagnostic(
            "there is no such library",
            at: .init(file: path),
            help: "`ls` its folder; a plugin's name ends in .so or .scorer.yaml."
        )
    }

    static func unreadable(_ path: String, _ reason: String) -> Diagnostic {
        Diagnostic("the library can't be read: \(reason)", at: .init(file: path))
    }

    static func notRegular(_ path: String, _ kind: String) -> Diagnostic {
        Diagnostic("this is \(kind), not a library", at: .init(file: path), help: "Remove it from the plugin folder.")
    }

    static func tooLarge(_ path: String, bytes: Int) -> Diagnostic {
        Diagnostic(
            "the library has \(bytes) bytes, more than the \(LoadLimits.fileBytes) that are allowed",
            at: .init(file: path),
            help: "Keep data beside the library, in its folder `assets`."
        )
    }

    static func writable(_ path: String) -> Diagnostic {
        Diagnostic("everybody may write to this library", at: .init(file: path), help: "Run `chmod o-w \(path)`.")
    }

    static func folderWritable(_ path: String, folder: String) -> Diagnostic {
        Diagnostic(
            "everybody may replace this library, since its folder is writable to all",
            at: .init(file: path),
            help: "Run `chmod o-w \(folder)`, or move the library to a folder of your own."
        )
    }

    static func foreignOwner(_ path: String, owner: UInt32) -> Diagnostic {
        Diagnostic(
            "the library belongs to user \(owner), who could change what it does",
            at: .init(file: path),
            help: "Run `chown $USER \(path)`, or install it as root."
        )
    }

    static func image(_ path: String, _ problem: ELFImage.Problem) -> Diagnostic {
        let (message, help) = words(problem)
        return Diagnostic(message, at: .init(file: path), help: help)
    }

    private static func words(_ problem: ELFImage.Problem) -> (message: String, help: String) {
        let rebuild = "Build it with `evalhost plugin build`."
        switch problem {
        case .notELF:
            return ("this is not an ELF library", "Only shared libraries may end in .so; rename or remove it.")
        case .wrongClass: return ("the library is for 32-bit programs, evalhost has 64", "Build it without -m32.")
        case .wrongByteOrder: return ("the library has big-endian byte order", "Build it on a machine like this one.")
        case .wrongMachine(let machine):
            return (
                "the library is for \(machineName(machine)), this machine is \(machineName(ELFImage.thisMachine))",
                "Build it on a machine like this one."
            )
        case .objectFile: return ("this is an object file that was never linked", "Link it with `cc -shared`.")
        case .program: return ("this is a program, not a library", "Link it with `cc -shared -fPIC`.")
        case .otherType(let type): return ("this ELF file has type \(type), a library has 3", rebuild)
        case .truncated(let needed, let size):
            return (
                "the library is cut short: it has \(size) bytes, its segments need \(needed)",
                "Copy it again; write it beside its place, then rename it."
            )
        case .malformed(let reason): return ("the library is malformed: \(reason)", rebuild)
        case .noNote:
            return (
                "this library is no plugin of evalhost: it has no note of its ABI",
                "If it is one, declare it by EVALHOST_PLUGIN; if it isn't, remove it from the plugin folder."
            )
        case .otherABI(let version):
            let (theirs, ours) = (versionText(version), versionText(EVALHOST_ABI_VERSION))
            let isNewer = version > EVALHOST_ABI_VERSION
            return (
                "the library speaks ABI \(theirs), this evalhost speaks \(ours)",
                isNewer
                    ? "Update evalhost, or build the plugin against \(ours)."
                    : "Remove its Vendor/EvalHostSDK and run `evalhost plugin build`."
            )
        }
    }

    private static func versionText(_ version: UInt32) -> String { "\(version >> 16).\(version & 0xFFFF)" }

    private static func machineName(_ machine: UInt16) -> String {
        switch machine {
        case 3: "i386"
        case 40: "32-bit ARM"
        case 62: "x86-64"
        case 183: "arm64"
        case 243: "RISC-V"
        default: "ELF machine \(machine)"
        }
    }

    /// The loader's own words, put into ours where they are about something that a person can mend.
    static func loader(_ path: String, _ words: String) -> Diagnostic {
        let message = words.hasPrefix("/proc/self/fd/") ? String(words.drop { $0 != ":" }.dropFirst(2)) : words
        if let range = message.range(of: ": cannot open shared object file") {
            let name = String(message[..<range.lowerBound])
            return Diagnostic(
                "the library needs \(name), which isn't installed",
                at: .init(file: path),
                help: "Install it, lay it beside the plugin under that name, or link it into the plugin statically."
            )
        }
        if message.hasPrefix("undefined symbol: ") {
            let symbol = message.dropFirst("undefined symbol: ".count).prefix { $0 != " " && $0 != "," }
            return Diagnostic(
                "the library uses \(symbol), which no library that it names defines",
                at: .init(file: path),
                help: "Add the library that has it to the link command (such as -lm)."
            )
        }
        return Diagnostic("the library can't be loaded: \(message)", at: .init(file: path))
    }

    static func noEntry(_ path: String) -> Diagnostic {
        Diagnostic(
            "the library doesn't export \(EVALHOST_ENTRY_SYMBOL)",
            at: .init(file: path),
            help: "Declare it by EVALHOST_PLUGIN in C, or `@c(evalhost_plugin_entry) public func` in Swift."
        )
    }

    static func noSymbol(_ path: String, _ symbol: String) -> Diagnostic {
        Diagnostic("the library has no function \(symbol)", at: .init(file: path))
    }

    static func loadDeadline(_ path: String, _ limit: Duration) -> Diagnostic {
        Diagnostic(
            "loading the library took longer than \(limit)",
            at: .init(file: path),
            help: "Constructors and evalhost_plugin_entry only describe; put slow work into create."
        )
    }

    static func nullEntry(_ path: String) -> Diagnostic { description(path, "\(EVALHOST_ENTRY_SYMBOL) returned null") }

    static func problem(_ path: String, library: String, _ words: String) -> Diagnostic {
        Diagnostic("the library can't be used here: \(words)", at: .init(file: path, plugin: library))
    }

    static func description(_ path: String, _ words: String) -> Diagnostic {
        Diagnostic(
            "the library describes itself wrongly: \(words)",
            at: .init(file: path),
            help: "What a description may say stands in evalhost/scorer.h."
        )
    }
}

/// Bounds of what is loaded.
enum LoadLimits {
    /// The largest library, in bytes.
    static let fileBytes = 512 << 20
    /// The largest manifest, in bytes.
    static let manifestBytes = 256 << 10
    /// The most libraries beside a plugin that it needs.
    static let besideLibraries = 24
    /// The most program headers of a library; linkers write about ten.
    static let segments = 256
    /// The most entries of a dynamic segment that are looked at; a library has about thirty, and one for each it needs.
    static let dynamicEntries = 4096
    /// The most notes that are looked at; a library has a few.
    static let notes = 4096
    /// The most libraries that one may need.
    static let neededLibraries = 256
    /// The longest name of one, in bytes, as file systems have it.
    static let libraryNameBytes = 255
    /// The most symbols of a table that are looked through for a function's name.
    static let symbols = 1 << 20
    /// The longest name of a function that is shown, in bytes.
    static let symbolBytes = 200
    /// The largest description, in bytes.
    static let descriptionBytes = 4 << 20
}
