// MLflow's calls about the records of data sets.

internal import EvalCore
internal import EvalJSON
internal import EvalWire

enum DatasetRecordEndpoints {
    private static let path = DatasetEndpoints.base + "/{dataset_id}/records"
    private static let group = DatasetEndpoints.group

    static func all(_ store: any DatasetCatalog, check: @escaping RecordCheck) -> [Endpoint] {
        [list(store), merge(store, check), remove(store)]
    }

    private static func list(_ store: any DatasetCatalog) -> Endpoint {
        Endpoint(
            .get,
            path,
            "Read records of a data set",
            group: group,
            query: [Field("max_results", .integer), Field("page_token")],
            reply: [Field("records", .string, "A list as a text of JSON"), Field("next_page_token")]
        ) { request in
            let size = try request.pageSize(standard: 1000, most: 10_000)
            let dataset = try await store.datasetListing(request.datasetID()).dataset
            let place = Int64(try OffsetToken.offset(request.text("page_token")))
            let page = try await store.records(of: dataset, after: place, limit: size)
            let rest = try await store.records(of: dataset, after: page.place, limit: 1).records
            let hasMore = page.records.count == size && !rest.isEmpty
            let records = JSON.array(page.records.map { MLflowDatasets.json($0, of: dataset) })
            return .object([
                ("records", JSON(records.serialized)),
                ("next_page_token", hasMore ? JSON(OffsetToken.token(Int(page.place))) : nil),
            ])
        }
    }

    private static func merge(_ store: any DatasetCatalog, _ check: @escaping RecordCheck) -> Endpoint {
        Endpoint(
            .post,
            path,
            "Merge records into a data set by the content of their inputs",
            group: group,
            body: [Field("records", required: true, "A list as a text of JSON"), Field("updated_by")],
            reply: [Field("inserted_count", .integer), Field("updated_count", .integer)]
        ) { request in
            let contents = try MLflowDatasets.contents(request.required("records"))
            let listing = try await store.datasetListing(request.datasetID())
            let fault = try check(listing.dataset.schema)
            let merged = try await store.merge(contents, into: listing.dataset.id, check: fault)
            return .object([
                ("inserted_count", JSON(Int64(merged.added))),
                ("updated_count", JSON(Int64(merged.changed + merged.unchanged))),
            ])
        }
    }

    private static func remove(_ store: any DatasetCatalog) -> Endpoint {
        Endpoint(
            .delete,
            path,
            "Delete records of a data set",
            group: group,
            body: [Field("dataset_record_ids", .list(.string), required: true)],
            reply: [Field("deleted_count", .integer)]
        ) { request in
            let ids = request.texts("dataset_record_ids")
                .compactMap { text in text.hasPrefix("dr-") ? PublicID(hexadecimal: String(text.dropFirst(3))) : nil }
            let listing = try await store.datasetListing(request.datasetID())
            let count = try await store.removeRecords(ids, from: listing.dataset.id)
            return .object([("deleted_count", JSON(Int64(count)))])
        }
    }
}
