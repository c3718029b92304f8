// What differs between the origins of two runs, so that nobody takes another judge for another answer.

internal import EvalCore
internal import EvalJSON

/// Something that is not the same in two runs.
struct OriginDifference: Sendable, Equatable {
    /// What differs: `data SHA-256`, `configuration seed`, `scorer tone: version`.
    var what: String
    /// What it is in the first run; nil where it has none.
    var left: String?
    /// What it is in the second run; nil where it has none.
    var right: String?

    /// The most differences that are listed.
    static let most = 60

    /// Keys of a configuration that differ in any two runs or are listed by themselves.
    private static let ownKeys: Set = ["scorers", "run_name", "repeats"]

    /// Lists what differs; at most ``most`` of them.
    static func list(_ left: RunRecord, _ right: RunRecord) -> [OriginDifference] {
        var list: [OriginDifference] = []
        func compare(_ what: String, _ left: String?, _ right: String?) {
            if left != right, list.count < most { list.append(OriginDifference(what: what, left: left, right: right)) }
        }
        compare("evalhost", left.hostVersion, right.hostVersion)
        compare("data source", left.dataSource, right.dataSource)
        compare("data SHA-256", left.dataDigest?.description, right.dataDigest?.description)
        compare("commit", left.gitCommit, right.gitCommit)
        compare("uncommitted changes", left.gitDirty.map(words), right.gitDirty.map(words))
        compare("machine", left.machine, right.machine)
        compare("repeats", String(left.repeats), String(right.repeats))
        members("configuration", left.configuration, right.configuration, except: ownKeys, compare)
        for scorer in left.scorers {
            let what = "scorer \(scorer.name):"
            guard let other = right.scorers.first(where: { $0.name == scorer.name }) else {
                compare("scorer \(scorer.name)", "used", "not used")
                continue
            }
            members(what, scorer.provenance, other.provenance, except: ["name"], compare)
            compare("\(what) judge", scorer.source.id, other.source.id)
        }
        for scorer in right.scorers where !left.scorers.contains(where: { $0.name == scorer.name }) {
            compare("scorer \(scorer.name)", "not used", "used")
        }
        return list
    }

    private static func words(_ flag: Bool) -> String { flag ? "yes" : "no" }

    /// Objects are compared key by key, everything else as a whole.
    private static func members(
        _ what: String,
        _ left: JSON?,
        _ right: JSON?,
        except keys: Set<String> = [],
        depth: Int = 0,
        _ report: (String, String?, String?) -> Void
    ) {
        if left == right { return }
        let isObject = (left?.kind ?? .object) == .object && (right?.kind ?? .object) == .object
        guard isObject, depth < 6 else { return report(what, left.map(text), right.map(text)) }
        var names = (left?.members).map { $0.map { String($0.key) } } ?? []
        for name in (right?.members).map({ $0.map { String($0.key) } }) ?? [] where !names.contains(name) {
            names.append(name)
        }
        for name in names where !keys.contains(name) {
            members("\(what) \(name)", left?[name], right?[name], depth: depth + 1, report)
        }
    }

    private static func text(_ json: JSON) -> String { Excerpt(json.string ?? json.serialized, limit: 200).cell(200) }
}
