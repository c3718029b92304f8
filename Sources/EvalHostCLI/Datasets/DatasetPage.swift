// Data sets for the terminal.

internal import EvalCore
internal import EvalJSON
internal import EvalReports
internal import Foundation

/// How data sets are shown.
enum DatasetPage {
    /// One line of the list.
    static func line(_ dataset: EvaluationDataset) -> String {
        let tags = dataset.tags.members.map { "\($0.key)=\($0.value.textOfValue)" }.joined(separator: " ")
        return "\(dataset.name)  version \(dataset.version)  \(dataset.records) records  "
            + "\(Times.local(dataset.updatedMilliseconds))" + (tags.isEmpty ? "" : "  \(tags)")
    }

    /// The identifier that a word is.
    static func recordID(_ word: String) -> PublicID? {
        PublicID(hexadecimal: word.hasPrefix("dr-") ? String(word.dropFirst(3)) : word)
    }

    /// A data set with its versions and some records.
    static func text(
        _ dataset: EvaluationDataset,
        _ versions: [DatasetVersion],
        _ records: [DatasetRecord]
    ) -> String {
        var lines = [line(dataset), "  \(dataset.publicID), SHA-256 \(dataset.digest)"]
        if let schema = dataset.schema { lines.append("  schema \(schema)") }
        lines.append("")
        for version in versions.prefix(10) {
            let mark = version.number == dataset.version ? "*" : " "
            lines.append(
                "\(mark) version \(version.number)  \(version.records) records  \(version.change)  "
                    + Times.local(version.createdMilliseconds)
            )
        }
        if versions.count > 10 { lines.append("  … \(versions.count - 10) older") }
        lines.append("")
        for record in records { lines.append("\(DatasetJSON.identifier(record.id))  \(record.content)") }
        if records.isEmpty, dataset.records > 0 { lines.append("no record that is wanted") }
        return lines.joined(separator: "\n") + "\n"
    }

    /// What changed, a line a field.
    static func text(
        _ differences: [DatasetDifference],
        _ older: EvaluationDataset,
        _ newer: EvaluationDataset
    ) -> String {
        var lines = ["\(older.reference) to \(newer.reference)"]
        for difference in differences {
            switch difference {
            case .added(let record): lines.append("+ \(record)")
            case .removed(let record): lines.append("- \(record)")
            case .changed(let old, let new):
                lines.append("~ \(new["inputs"] ?? [:])")
                let keys = (old.members.map { String($0.key) } + new.members.map { String($0.key) })
                var seen: Set<String> = []
                for key in keys where seen.insert(key).inserted && old[key] != new[key] {
                    if let value = old[key] { lines.append("    - \(key): \(value)") }
                    if let value = new[key] { lines.append("    + \(key): \(value)") }
                }
            }
        }
        if differences.isEmpty { lines.append("no difference") }
        return lines.joined(separator: "\n") + "\n"
    }
}
