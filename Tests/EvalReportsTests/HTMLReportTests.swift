import EvalCore
import EvalJSON
import Foundation
import Testing

@testable import EvalReports

@Suite struct HTMLReportTests {
    @Test("the page can be looked at: EVALHOST_REPORT_SAMPLES names the folder that gets it")
    func sample() throws {
        let page = HTMLReport.render(Samples.report, Samples.highlights)
        #expect(page.hasPrefix("<!DOCTYPE html>"))
        if let folder = ProcessInfo.processInfo.environment["EVALHOST_REPORT_SAMPLES"] {
            let files = [
                "run.html": page,
                "run.md": MarkdownReport.render(Samples.report, Samples.highlights),
                "run.txt": TableReport.render(Samples.report, width: 100),
                "run20.txt": TableReport.render(Samples.report, width: 20),
                "run.github": GitHubReport.annotations(Samples.report, Samples.highlights),
                "run.json": JSONReport.render(Samples.report).indented,
            ]
            for (name, text) in files { try text.write(toFile: "\(folder)/\(name)", atomically: true, encoding: .utf8) }
        }
    }
}
