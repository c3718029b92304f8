// Scorers, judges and plugins for programs, the same on the command line and over HTTP.

public import EvalCore
public import EvalJSON

/// Scorers and where they come from, as JSON.
public enum ScorerJSON {
    /// What a scorer says of itself, with its configuration.
    public static func render(_ descriptor: ScorerDescriptor) -> JSON {
        var members: [(String, JSON)] = [
            ("name", JSON(descriptor.name)), ("qualified_name", JSON(descriptor.qualifiedName)),
            ("version", JSON(descriptor.version)),
            ("origin", JSON(descriptor.origin.word)), ("scope", JSON(descriptor.scope.rawValue)),
            ("help", JSON(descriptor.help)),
            ("reads", .array(descriptor.reads.map { JSON($0) })),
            ("value", JSON(descriptor.value.word)), ("unit", descriptor.unit.map { JSON($0) } ?? .null),
            ("range", descriptor.range.map { .array([JSON($0.lowerBound), JSON($0.upperBound)]) } ?? .null),
            ("lower_is_better", JSON(descriptor.lowerIsBetter)),
            ("pass", descriptor.pass.map { JSON($0.description) } ?? .null),
        ]
        if case .plugin(let library, _, let digest) = descriptor.origin {
            members += [("library", JSON(library)), ("sha256", JSON(digest.description))]
        }
        let feedbacks = descriptor.feedbacks.map { ["name": JSON($0.name), "value": JSON($0.value.word)] as JSON }
        members.append(("feedbacks", .array(feedbacks)))
        let settings = descriptor.settings.map { setting -> JSON in
            [
                "key": JSON(setting.key), "type": JSON(setting.kind.description), "required": JSON(setting.isRequired),
                "default": setting.defaultValue ?? .null, "help": JSON(setting.help),
            ]
        }
        members.append(("settings", .array(settings)))
        return .object(members)
    }

    /// A judge of people's own.
    public static func render(_ judge: RegisteredJudge) -> JSON {
        [
            "name": JSON(judge.name), "experiment": JSON(judge.experiment), "version": JSON(judge.version),
            "created": JSON(Times.rfc3339(judge.createdMilliseconds)), "definition": judge.definition,
        ]
    }

    /// A library of scorers.
    public static func render(_ library: LibraryListing) -> JSON {
        let bound: JSON =
            library.bound.map { bound in
                [
                    "function": JSON(bound.symbol), "library": JSON(bound.library),
                    "sha256": JSON(bound.digest.description),
                ]
            } ?? .null
        return [
            "name": JSON(library.name), "version": JSON(library.version), "file": JSON(library.file),
            "sha256": JSON(library.digest.description), "scorers": .array(library.scorers.map { JSON($0) }),
            "runs_in_process": JSON(library.runsInProcess), "trusted": JSON(library.isTrusted),
            "permissions": .array(library.permissions.map { JSON($0) }), "binds": bound,
        ]
    }
}
