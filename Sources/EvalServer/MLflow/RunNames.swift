// Names for runs that nobody named.

internal import EvalCore

enum RunNames {
    private static let how = [
        "brisk", "calm", "careful", "clever", "curious", "eager", "even", "fair", "gentle", "keen", "lively", "lucid",
        "mild", "patient", "plain", "quiet", "rapid", "steady", "swift", "thorough",
    ]
    private static let what = [
        "badger", "crane", "dolphin", "finch", "fox", "gecko", "heron", "ibex", "jay", "kestrel", "lark", "lynx",
        "marten",
        "otter", "owl", "plover", "raven", "seal", "sparrow", "wren",
    ]

    /// A name made of the run's identifier.
    static func name(for id: PublicID) -> String {
        let low = UInt64(truncatingIfNeeded: id.bits)
        return
            "\(how[Int(low % UInt64(how.count))])-\(what[Int((low >> 8) % UInt64(what.count))])-\((low >> 16) % 1000)"
    }
}
