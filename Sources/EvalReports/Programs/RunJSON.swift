// Runs for programs, the same on the command line and over HTTP.

public import EvalCore
public import EvalJSON

/// Runs as JSON; what is not known is null.
public enum RunJSON {
    /// A run of a list.
    public static func render(_ run: RunListing) -> JSON {
        [
            "run_id": JSON(run.id.hexadecimal),
            "name": JSON(run.name),
            "experiment_id": JSON(run.experimentID),
            "experiment": JSON(run.experiment),
            "status": JSON(run.status.rawValue),
            "rows": JSON(run.rows),
            "errors": JSON(run.errors),
            "metrics": JSONReport.metrics(run.metrics),
            "started": JSON(Times.rfc3339(run.startedMilliseconds)),
            "ended": run.endedMilliseconds.map { JSON(Times.rfc3339($0)) } ?? .null,
            "duration_s": run.durationMilliseconds.map { JSON(Double($0) / 1000) } ?? .null,
        ]
    }

    /// A whole run.
    public static func render(_ record: RunRecord) -> JSON {
        var members = render(record.listing).members.map { (String($0.key), $0.value) }
        members += [
            ("tags", .object(record.tags.sorted { $0.key < $1.key }.map { ($0.key, JSON($0.value)) })),
            ("notes", .array(record.notes.map { JSON($0) })),
            ("evalhost_version", JSON(record.hostVersion)),
            ("data_source", JSON(record.dataSource)),
            ("data_sha256", record.dataDigest.map { JSON($0.description) } ?? .null),
            ("git_commit", record.gitCommit.map { JSON($0) } ?? .null),
            ("git_dirty", record.gitDirty.map { JSON($0) } ?? .null),
            ("machine", JSON(record.machine)),
            ("configuration", record.configuration),
            ("configuration_sha256", JSON(record.configurationDigest.description)),
            ("scorers", .array(record.scorers.map(\.provenance))),
            ("intervals", JSONReport.intervals(record.listing.metrics)),
            ("judges", JSONReport.judges(record.judges)),
            ("tokens", JSONReport.tokens(record.tokens)),
            ("cost", JSONReport.cost(record.costUSD)),
            ("repeats", JSON(record.repeats)),
            ("flaky_records", JSON(record.flakyRecords)),
            ("accounts", JSONReport.accounts(record.scorers.map { ($0.name, $0.account ?? Account(of: $0.scope)) })),
        ]
        return .object(members)
    }
}
