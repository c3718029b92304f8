// Data sets for programs, the same on the command line and over HTTP.

public import EvalCore
public import EvalJSON

/// Data sets as JSON.
public enum DatasetJSON {
    /// A data set.
    public static func render(_ dataset: EvaluationDataset) -> JSON {
        [
            "dataset_id": JSON(dataset.publicID), "name": JSON(dataset.name), "version": JSON(dataset.version),
            "digest": JSON(dataset.digest.description), "records": JSON(dataset.records), "tags": dataset.tags,
            "schema": dataset.schema ?? .null, "created": JSON(Times.rfc3339(dataset.createdMilliseconds)),
            "updated": JSON(Times.rfc3339(dataset.updatedMilliseconds)),
        ]
    }

    /// A version.
    public static func render(_ version: DatasetVersion) -> JSON {
        [
            "version": JSON(version.number), "digest": JSON(version.digest.description),
            "records": JSON(version.records), "change": JSON(version.change),
            "created": JSON(Times.rfc3339(version.createdMilliseconds)),
        ]
    }

    /// A record.
    public static func render(_ record: DatasetRecord) -> JSON {
        var members: [(String, JSON)] = [("dataset_record_id", JSON(identifier(record.id)))]
        members += record.content.members.map { (String($0.key), $0.value) }
        members.append(("created", JSON(Times.rfc3339(record.createdMilliseconds))))
        members.append(("updated", JSON(Times.rfc3339(record.updatedMilliseconds))))
        return .object(members)
    }

    /// A difference.
    public static func render(_ difference: DatasetDifference) -> JSON {
        switch difference {
        case .added(let record): ["change": "added", "from": .null, "to": record]
        case .removed(let record): ["change": "removed", "from": record, "to": .null]
        case .changed(let old, let new): ["change": "changed", "from": old, "to": new]
        }
    }

    /// A record's identifier as MLflow writes it.
    public static func identifier(_ id: PublicID) -> String { "dr-" + id.hexadecimal }
}
