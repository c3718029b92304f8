// The formats of reports, and how they are paired with where they go.

internal import ArgumentParser
internal import EvalCore

/// The formats of reports.
enum ReportFormat: String, ExpressibleByArgument, CaseIterable, Sendable {
    case table, json, jsonl, markdown, html, junit, github

    static let words = allCases.map(\.rawValue).joined(separator: ", ")

    /// Whether it shows what was seen in rows.
    var showsRows: Bool { [.markdown, .html, .github].contains(self) }

    /// The format that a file's name asks for.
    init?(fileName: String) {
        switch fileName.split(separator: ".").last {
        case "json": self = .json
        case "jsonl", "ndjson": self = .jsonl
        case "txt": self = .table
        case "md", "markdown": self = .markdown
        case "html", "htm": self = .html
        case "xml": self = .junit
        default: return nil
        }
    }
}

/// One report and where it goes.
struct ReportTarget: Sendable, Equatable {
    let format: ReportFormat
    /// A path; nil for standard output.
    let path: String?

    /// Pairs formats with outputs: one format more than outputs goes to standard output, and it comes first.
    static func pair(_ formats: [ReportFormat], _ outputs: [String]) throws(Diagnostic) -> [ReportTarget] {
        if formats.count > outputs.count + 1 {
            throw Diagnostic("only one report can go to standard output; give --output for the others")
        }
        if formats.count == outputs.count, !formats.isEmpty {
            return zip(formats, outputs).map { ReportTarget(format: $0, path: $1) }
        }
        if formats.count == outputs.count + 1 {
            return [ReportTarget(format: formats[0], path: nil)]
                + zip(formats.dropFirst(), outputs).map { ReportTarget(format: $0, path: $1) }
        }
        // Fewer formats than outputs: names tell the others, and the table still goes to standard output.
        var targets = [ReportTarget(format: .table, path: nil)]
        for (index, path) in outputs.enumerated() {
            guard let format = index < formats.count ? formats[index] : ReportFormat(fileName: path) else {
                throw Diagnostic("the format of '\(path)' is unknown; give it with --format (\(ReportFormat.words))")
            }
            targets.append(ReportTarget(format: format, path: path))
        }
        return targets
    }
}
