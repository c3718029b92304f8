// Data sets for the terminal and for programs.

internal import EvalCore
internal import EvalJSON
internal import Foundation

/// How data sets are shown.
enum DatasetPage {
    /// One line of the list.
    static func line(_ dataset: EvaluationDataset) -> String {
        let tags = dataset.tags.members.map { "\($0.key)=\($0.value.textOfValue)" }.joined(separator: " ")
        return "\(dataset.name)  version \(dataset.version)  \(dataset.records) records  "
            + "\(Times.local(dataset.updatedMilliseconds))" + (tags.isEmpty ? "" : "  \(tags)")
    }

    /// A data set for programs.
    static func json(_ dataset: EvaluationDataset) -> JSON {
        [
            "dataset_id": JSON(dataset.publicID), "name": JSON(dataset.name), "version": JSON(dataset.version),
            "digest": JSON(dataset.digest.description), "records": JSON(dataset.records), "tags": dataset.tags,
            "schema": dataset.schema ?? .null, "created": JSON(Times.rfc3339(dataset.createdMilliseconds)),
            "updated": JSON(Times.rfc3339(dataset.updatedMilliseconds)),
        ]
    }

    /// A version for programs.
    static func json(_ version: DatasetVersion) -> JSON {
        [
            "version": JSON(version.number), "digest": JSON(version.digest.description),
            "records": JSON(version.records), "change": JSON(version.change),
            "created": JSON(Times.rfc3339(version.createdMilliseconds)),
        ]
    }

    /// A record for programs.
    static func json(_ record: DatasetRecord) -> JSON {
        var members: [(String, JSON)] = [("dataset_record_id", JSON(identifier(record.id)))]
        members += record.content.members.map { (String($0.key), $0.value) }
        members.append(("created", JSON(Times.rfc3339(record.createdMilliseconds))))
        members.append(("updated", JSON(Times.rfc3339(record.updatedMilliseconds))))
        return .object(members)
    }

    /// A difference for programs.
    static func json(_ difference: DatasetDifference) -> JSON {
        switch difference {
        case .added(let record): ["change": "added", "from": .null, "to": record]
        case .removed(let record): ["change": "removed", "from": record, "to": .null]
        case .changed(let old, let new): ["change": "changed", "from": old, "to": new]
        }
    }

    /// A record's identifier as MLflow writes it.
    static func identifier(_ id: PublicID) -> String { "dr-" + id.hexadecimal }

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
        for record in records { lines.append("\(identifier(record.id))  \(record.content)") }
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
