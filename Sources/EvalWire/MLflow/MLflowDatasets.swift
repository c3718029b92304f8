// Data sets and their records as MLflow's REST has them: tags, schema, profile and records travel as texts of JSON.

public import EvalCore
public import EvalJSON

/// MLflow's forms of data sets.
public enum MLflowDatasets {
    /// A data set.
    ///
    /// - Parameters:
    ///   - listing: The data set.
    ///   - columns: The keys of its records; none while it is empty.
    ///   - withExperiments: Whether the experiments are told; MLflow tells them when a set is made.
    /// - Returns: An object.
    public static func json(_ listing: DatasetListing, columns: [DatasetColumn], withExperiments: Bool = false) -> JSON
    {
        let dataset = listing.dataset
        var members: [(String, JSON)] = [
            ("dataset_id", JSON(dataset.publicID)), ("name", JSON(dataset.name)),
            ("tags", JSON(dataset.tags.serialized)),
        ]
        if dataset.records > 0 {
            members.append(("schema", JSON(schema(columns).serialized)))
            members.append(("profile", JSON((["num_records": JSON(Int64(dataset.records))] as JSON).serialized)))
        }
        members += [
            ("digest", JSON(String(dataset.digest.description.prefix(8)))),
            ("created_time", JSON(dataset.createdMilliseconds)),
            ("last_update_time", JSON(dataset.updatedMilliseconds)),
        ]
        if !listing.userID.isEmpty {
            members += [("created_by", JSON(listing.userID)), ("last_updated_by", JSON(listing.userID))]
        }
        if withExperiments { members.append(("experiment_ids", experiments(listing))) }
        return .object(members)
    }

    /// The experiments that a data set belongs to.
    public static func experiments(_ listing: DatasetListing) -> JSON {
        .array(listing.experimentIDs.map { JSON(String($0)) })
    }

    private static func schema(_ columns: [DatasetColumn]) -> JSON {
        func part(_ name: String) -> JSON {
            var members: [(String, JSON)] = []
            for column in columns where column.part == name && !members.contains(where: { $0.0 == column.key }) {
                members.append((column.key, JSON(column.type)))
            }
            return .object(members)
        }
        return [
            "inputs": part("inputs"), "outputs": part("outputs"), "expectations": part("expectations"),
            "version": "1.0",
        ]
    }

    /// A record of a data set.
    public static func json(_ record: DatasetRecord, of dataset: EvaluationDataset) -> JSON {
        let content = record.content
        var members: [(String, JSON)] = [
            ("dataset_record_id", JSON("dr-" + record.id.hexadecimal)), ("dataset_id", JSON(dataset.publicID)),
        ]
        for key in ["inputs", "outputs", "expectations", "tags", "source"] {
            if let value = content[key] { members.append((key, value)) }
        }
        if let type = content["source"]?[key: "source_type"] { members.append(("source_type", type)) }
        members += [
            ("created_time", JSON(record.createdMilliseconds)), ("last_update_time", JSON(record.updatedMilliseconds)),
        ]
        if let user = content["tags"]?["mlflow.user"] {
            members += [("created_by", user), ("last_updated_by", user)]
        }
        return .object(members)
    }

    /// Reads the records of a merge, a list within a text.
    ///
    /// - Parameter text: The text.
    /// - Returns: The contents of the records.
    /// - Throws: What is wrong, and with which record.
    public static func contents(_ text: String) throws(Diagnostic) -> [JSON] {
        guard let json = try? JSON(parsing: Array(text.utf8)), json.kind == .array else {
            throw Diagnostic("`records` must be a text that holds a JSON list of records")
        }
        var contents: [JSON] = []
        for (position, record) in json.elements.enumerated() {
            guard record.kind == .object else {
                throw Diagnostic("records[\(position)] must be an object, and is \(record.kind.withArticle)")
            }
            guard let inputs = record[key: "inputs"]?.unlessNull, inputs.kind == .object else {
                throw Diagnostic("records[\(position)] needs `inputs`, an object")
            }
            var members: [(String, JSON)] = [("inputs", inputs)]
            for key in ["outputs", "expectations", "tags", "source"] {
                guard let value = record[key]?.unlessNull else { continue }
                guard key == "outputs" || value.kind == .object else {
                    throw Diagnostic("records[\(position)].\(key) must be an object, and is \(value.kind.withArticle)")
                }
                members.append((key, value))
            }
            contents.append(.object(members))
        }
        return contents
    }
}
