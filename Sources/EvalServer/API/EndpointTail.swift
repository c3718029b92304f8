// The end of a path that stands for all parts that follow, as it was written: the router leaves out empty parts, and
// `//etc/passwd` must not become `etc/passwd`.

extension Endpoint {
    /// What stands in a request's path where the endpoint's has `{name...}`; nil where it has none.
    func tail(of path: String) -> Substring? {
        guard tail != nil, let start = self.path.lastIndex(of: "{") else { return nil }
        // Parts before it may be captures, whose lengths differ from their names'.
        var rest = path[...]
        for _ in 0..<self.path[..<start].count(where: { $0 == "/" }) {
            guard let stroke = rest.firstIndex(of: "/") else { return nil }
            rest = rest[rest.index(after: stroke)...]
        }
        return rest
    }
}
