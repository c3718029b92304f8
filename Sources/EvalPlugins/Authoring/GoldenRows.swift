// The golden rows of a plugin's folder: `tests/*.jsonl`, a row and what a scorer must answer for it on each line.

internal import EvalCore
internal import EvalJSON
internal import Foundation

/// One line of golden rows, and where it stands.
struct GoldenRow {
    /// The file, below the plugin's folder.
    let file: String
    /// The line, from 1.
    let line: Int
    let bytes: [UInt8]
}

extension PluginProject {
    /// The golden rows of the folder: of all files, in byte order of their names.
    ///
    /// - Throws: That there are none.
    func goldenRows() throws(Diagnostic) -> [GoldenRow] {
        let old = "\(folder)/cases.jsonl"
        guard !FileManager.default.fileExists(atPath: old) else {
            throw Diagnostic(
                "golden rows lie in tests/*.jsonl, and nothing reads this file",
                at: .init(file: old),
                help: "Run `mkdir -p tests && mv cases.jsonl tests/golden.jsonl` in the folder."
            )
        }
        let names = (try? FileManager.default.contentsOfDirectory(atPath: "\(folder)/tests")) ?? []
        var rows: [GoldenRow] = []
        for name in names.sorted(by: { $0.utf8.lexicographicallyPrecedes($1.utf8) })
        where name.hasSuffix(".jsonl") && !name.hasPrefix(".") {
            guard let data = FileManager.default.contents(atPath: "\(folder)/tests/\(name)") else {
                throw Diagnostic("the golden rows can't be read", at: .init(file: "\(folder)/tests/\(name)"))
            }
            let lines = data.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
            for (index, line) in lines.enumerated() {
                let content = line.drop { $0 == 0x20 || $0 == 0x09 || $0 == 0x0D }
                if content.isEmpty || content.starts(with: Array("//".utf8)) { continue }
                rows.append(GoldenRow(file: "tests/\(name)", line: index + 1, bytes: Array(line)))
            }
        }
        guard !rows.isEmpty else {
            throw Diagnostic(
                "there are no golden rows in tests/*.jsonl",
                at: .init(file: folder),
                help: "A line is {\"scorer\": …, \"row\": {…}, \"expect\": {\"value\": …}}."
            )
        }
        return rows
    }
}
