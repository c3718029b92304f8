// evalhost's own calls about the versions of data sets.

internal import EvalCore
internal import EvalJSON
internal import EvalReports

enum DatasetVersionEndpoints {
    private static let base = ShelfEndpoints.base + "/datasets/{name}"
    private static let group = "evalhost: data sets"

    static func all(_ store: any DatasetStore) -> [Endpoint] { [versions(store), differences(store)] }

    private static func versions(_ store: any DatasetStore) -> Endpoint {
        Endpoint(
            .get,
            base + "/versions",
            "List the versions of a data set, the newest first",
            group: group,
            reply: [Field("versions", .list(.datasetVersion), required: true)]
        ) { request in
            let dataset = try await dataset(request.required("name"), in: store)
            return .object([("versions", .array(try await store.versions(of: dataset.id).map(DatasetJSON.render)))])
        }
    }

    private static func differences(_ store: any DatasetStore) -> Endpoint {
        Endpoint(
            .get,
            base + "/diff",
            "Tell what changed from one version to a later one",
            group: group,
            query: [
                Field("from", .integer, "The older version; the one before the newer where it is absent"),
                Field("to", .integer, "The newer version; the newest where it is absent"),
            ],
            reply: [
                Field("from", .integer, required: true), Field("to", .integer, required: true),
                Field(
                    "differences",
                    .list(
                        .object([
                            Field("change", .choice(["added", "removed", "changed"]), required: true),
                            Field("from", .any), Field("to", .any),
                        ])
                    ),
                    required: true
                ),
            ]
        ) { request in
            let newest = try await dataset(request.required("name"), in: store)
            let newer = try await version(request.integer("to") ?? Int64(newest.version), of: newest, in: store)
            let before = Int64(max(1, newer.version - 1))
            let older = try await version(request.integer("from") ?? before, of: newest, in: store)
            guard older.version <= newer.version else {
                throw APIError.invalid(
                    "version \(older.version) is newer than \(newer.version): the older one is `from`"
                )
            }
            let differences = try await store.differences(of: newer, since: older.version)
            return .object([
                ("from", JSON(older.version)), ("to", JSON(newer.version)),
                ("differences", .array(differences.map(DatasetJSON.render))),
            ])
        }
    }

    private static func version(
        _ number: Int64,
        of dataset: EvaluationDataset,
        in store: any DatasetStore
    ) async throws -> EvaluationDataset {
        try await self.dataset("\(dataset.name)@\(number)", in: store)
    }

    private static func dataset(_ name: String, in store: any DatasetStore) async throws -> EvaluationDataset {
        do throws(Diagnostic) {
            return try await store.dataset(named: name)
        } catch {
            guard error.category == .usage else { throw error }
            throw APIError.missing(error.description)
        }
    }
}
