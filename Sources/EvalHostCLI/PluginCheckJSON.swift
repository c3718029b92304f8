// What `plugin check` writes for machines.

internal import EvalCore
internal import EvalJSON
internal import EvalPlugins

/// The checks as JSON.
enum ConformanceJSON {
    /// The report: one object, and a line of its own.
    static func text(_ report: ConformanceReport) -> String {
        let object: JSON = .object([
            ("path", JSON(report.path)),
            ("library", report.library.map { JSON($0) } ?? .null),
            ("version", report.version.map { JSON($0) } ?? .null),
            ("digest", report.digest.map { JSON($0.description) } ?? .null),
            ("seed", JSON(Int64(clamping: report.seed))),
            ("passed", JSON(report.hasPassed(strict: false))),
            ("passed_strictly", JSON(report.hasPassed(strict: true))),
            ("checks", .array(report.results.map(result))),
        ])
        return object.serialized + "\n"
    }

    private static func result(_ result: ConformanceResult) -> JSON {
        .object([
            ("number", JSON(result.check.number)),
            ("name", JSON(result.check.name)),
            ("group", JSON(result.check.group.rawValue)),
            ("status", JSON(result.status.rawValue)),
            ("reason", result.reason.map { JSON($0) } ?? .null),
            ("duration_s", JSON(result.duration / .seconds(1))),
            ("findings", .array(result.findings.map { finding($0, of: result.check) })),
        ])
    }

    private static func finding(_ finding: ConformanceFinding, of check: ConformanceCheck) -> JSON {
        .object([
            ("severity", JSON(finding.severity.rawValue)),
            ("scorer", finding.scorer.map { JSON($0) } ?? .null),
            ("message", JSON(finding.message)),
            ("given", finding.given.map { JSON($0.excerpt) } ?? .null),
            ("help", JSON(finding.help ?? check.fix)),
            ("reproducer", finding.reproducer.map { JSON($0) } ?? .null),
        ])
    }

    /// The checks themselves.
    static var list: String {
        JSON.array(
            ConformanceCheck.all.map { check in
                .object([
                    ("number", JSON(check.number)), ("name", JSON(check.name)), ("group", JSON(check.group.rawValue)),
                    ("meaning", JSON(check.meaning)), ("reason", JSON(check.reason)), ("fix", JSON(check.fix)),
                ])
            }
        )
        .serialized
    }
}
