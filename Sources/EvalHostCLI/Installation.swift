// Where the files lie that belong to the program: beside it in a PREFIX, or in the checkout that it was built in.

internal import EvalCore
internal import Foundation

/// An installed evalhost, or a checkout.
struct Installation {
    /// Folders in which files of the program may be; the first that has them counts.
    private let roots: [String]

    /// The installation of this process.
    static func current() -> Installation {
        let executable = Bundle.main.executablePath ?? CommandLine.arguments[0]
        var folder = URL(fileURLWithPath: executable).resolvingSymlinksInPath().deletingLastPathComponent()
        var roots = [folder.deletingLastPathComponent().appendingPathComponent("share/evalhost").path]
        while folder.path != "/" {
            roots.append(folder.path)
            folder = folder.deletingLastPathComponent()
        }
        return Installation(roots: roots)
    }

    /// The folder of a template.
    ///
    /// - Throws: That there is none.
    func template(_ name: String) throws(Diagnostic) -> String {
        // A PREFIX has `templates`, a checkout `Templates`.
        for root in roots {
            for parent in ["templates", "Templates"] {
                let path = "\(root)/\(parent)/\(name)"
                if FileManager.default.fileExists(atPath: path) { return path }
            }
        }
        throw Diagnostic(
            "the template '\(name)' isn't installed",
            category: .unavailable,
            help: "It belongs to \(roots[0])/templates."
        )
    }
}
