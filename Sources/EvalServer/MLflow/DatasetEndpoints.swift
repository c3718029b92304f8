// MLflow's calls about data sets.

internal import EvalCore
internal import EvalJSON
internal import EvalWire

enum DatasetEndpoints {
    static let base = "/api/3.0/mlflow/datasets"
    static let group = "Data sets"
    static let reply = [Field("dataset", .evaluationDataset)]

    static func all(_ store: any DatasetCatalog, check: @escaping RecordCheck) -> [Endpoint] {
        [create(store), get(store), delete(store), search(store), experiments(store)] + changes(store)
            + DatasetRecordEndpoints.all(store, check: check)
    }

    private static func create(_ store: any DatasetCatalog) -> Endpoint {
        Endpoint(
            .post,
            base + "/create",
            "Make an empty data set",
            group: group,
            body: [
                Field("name", required: true), Field("experiment_ids", .list(.string)),
                Field("tags", .string, "An object as a text of JSON"), Field("source_type"), Field("source"),
            ],
            reply: reply
        ) { request in
            let tags = try request.object("tags") ?? [:]
            let made = try await store.createDataset(
                request.datasetName(),
                tags: tags,
                experimentIDs: request.experiments(),
                userID: tags[key: "mlflow.user"]?.string ?? ""
            )
            return .object([("dataset", MLflowDatasets.json(made, columns: [], withExperiments: true))])
        }
    }

    private static func get(_ store: any DatasetCatalog) -> Endpoint {
        Endpoint(.get, base + "/{dataset_id}", "Read a data set without its records", group: group, reply: reply) {
            request in
            let listing = try await store.datasetListing(request.datasetID())
            let columns = listing.dataset.records > 0 ? try await store.datasetColumns(listing.dataset.id) : []
            return .object([("dataset", MLflowDatasets.json(listing, columns: columns))])
        }
    }

    private static func delete(_ store: any DatasetCatalog) -> Endpoint {
        Endpoint(.delete, base + "/{dataset_id}", "Delete a data set with all its versions", group: group) { request in
            try await store.deleteDataset(request.datasetID())
            return .empty
        }
    }

    private static func search(_ store: any DatasetCatalog) -> Endpoint {
        Endpoint(
            .post,
            base + "/search",
            "Search data sets",
            group: group,
            scope: .read,
            body: [
                Field("experiment_ids", .list(.string)), Field("filter_string"), Field("max_results", .integer),
                Field("order_by", .list(.string)), Field("page_token"),
            ],
            reply: [Field("datasets", .list(.evaluationDataset)), Field("next_page_token")]
        ) { request in
            let window = SearchWindow(
                offset: try OffsetToken.offset(request.text("page_token")),
                limit: try request.pageSize(standard: 1000, most: 1000)
            )
            let experiments = try request.experiments()
            let result = try await store.searchDatasets(
                in: experiments.isEmpty ? nil : experiments,
                MLflowSearchGrammar.datasets.filter(request.text("filter_string")),
                order: MLflowSearchGrammar.datasets.order(request.texts("order_by")),
                window: window
            )
            return .object([
                (
                    "datasets",
                    result.found.isEmpty ? nil : .array(result.found.map { MLflowDatasets.json($0, columns: []) })
                ),
                ("next_page_token", OffsetToken.next(window, result.hasMore)),
            ])
        }
    }

    private static func experiments(_ store: any DatasetCatalog) -> Endpoint {
        Endpoint(
            .get,
            base + "/{dataset_id}/experiment-ids",
            "Read which experiments a data set belongs to",
            group: group,
            reply: [Field("experiment_ids", .list(.string))]
        ) { request in
            let listing = try await store.datasetListing(request.datasetID())
            return .object([("experiment_ids", MLflowDatasets.experiments(listing))])
        }
    }

    private static func changes(_ store: any DatasetCatalog) -> [Endpoint] {
        let tied = [true, false]
            .map { belongs in
                Endpoint(
                    .post,
                    base + "/{dataset_id}/\(belongs ? "add" : "remove")-experiments",
                    belongs ? "Tie a data set to experiments" : "Untie a data set from experiments",
                    group: group,
                    body: [Field("experiment_ids", .list(.string), required: true)],
                    reply: reply
                ) { request in
                    let changed = try await store.setDataset(
                        request.datasetID(),
                        belongs: belongs,
                        to: request.experiments()
                    )
                    return .object([("dataset", MLflowDatasets.json(changed, columns: []))])
                }
            }
        return tied + [
            Endpoint(
                .patch,
                base + "/{dataset_id}/tags",
                "Set tags of a data set; one that becomes null is taken away",
                group: group,
                body: [Field("tags", required: true, "An object as a text of JSON")]
            ) { request in
                try await store.setDatasetTags(request.datasetID(), request.object("tags") ?? [:])
                return .empty
            },
            Endpoint(
                .delete,
                base + "/{dataset_id}/tags/{key}",
                "Delete a tag of a data set",
                group: group
            ) { request in
                try await store.setDatasetTags(request.datasetID(), .object([(request.required("key"), .null)]))
                return .empty
            },
        ]
    }
}

extension Shape {
    static let evaluationDataset = Shape.named(
        "EvaluationDataset",
        [
            Field("dataset_id"), Field("name"), Field("tags", .string, "An object as a text of JSON"),
            Field("schema", .string, "A text of JSON"), Field("profile", .string, "A text of JSON"), Field("digest"),
            Field("created_time", .integer), Field("last_update_time", .integer), Field("created_by"),
            Field("last_updated_by"), Field("experiment_ids", .list(.string)),
        ]
    )
}

extension APIRequest {
    /// The data set that is meant: `d-` and 32 digits.
    func datasetID() throws(APIError) -> PublicID {
        let text = try required("dataset_id")
        guard text.hasPrefix("d-"), let id = PublicID(hexadecimal: String(text.dropFirst(2))) else {
            throw .missing("There is no data set with the id '\(text.prefix(100))'.")
        }
        return id
    }

    fileprivate func datasetName() throws(APIError) -> String {
        let name = try required("name")
        guard EvaluationDataset.isName(name) else {
            throw .invalid(
                "A data set's name has 1 to 500 bytes without `@` and `/`, and doesn't begin or end with a space."
            )
        }
        return name
    }

    fileprivate func experiments() throws(APIError) -> [Int64] {
        var ids: [Int64] = []
        for text in texts("experiment_ids") {
            guard let id = Int64(text) else {
                throw .missing("There is no experiment with the id '\(text.prefix(100))'.")
            }
            ids.append(id)
        }
        return ids
    }

    /// An object that travels as a text of JSON.
    func object(_ name: String) throws(APIError) -> JSON? {
        guard let text = text(name), !text.isEmpty else { return nil }
        guard let json = try? JSON(parsing: Array(text.utf8)), json.kind == .object else {
            throw .invalid("`\(name)` must be a text that holds a JSON object.")
        }
        return json
    }
}
