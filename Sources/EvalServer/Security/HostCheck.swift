// Who may call by which name: a page of another site that a browser leads here by a name of its own, or that posts
// from there, is refused.

/// Checks the headers `Host` and `Origin`.
struct HostCheck: Sendable {
    private let names: Set<String>
    private let origins: Set<String>
    private let takesAny: Bool

    init(_ configuration: ServerConfiguration) {
        var names: Set<String> = ["localhost", "127.0.0.1", "[::1]", "::1"]
        names.insert(configuration.host.lowercased())
        for name in configuration.allowedHosts { names.insert(name.lowercased()) }
        self.names = names
        takesAny = configuration.allowedHosts.contains("*")
        origins = Set(configuration.allowedOrigins.map { $0.lowercased() })
    }

    /// Refuses what doesn't call the server by one of its names, and what writes from a page elsewhere.
    ///
    /// - Parameters:
    ///   - host: The header `Host`.
    ///   - origin: The header `Origin`.
    ///   - writes: Whether the request may change something.
    /// - Throws: `PERMISSION_DENIED`, with the option that lets it in.
    func check(host: String?, origin: String?, writes: Bool) throws(APIError) {
        let name = host.map { Self.name(of: $0) }
        guard takesAny || name.map(names.contains) ?? false else {
            throw APIError(
                .permissionDenied,
                "The server isn't called `\(host ?? "")`. Start it with `--allowed-host \(name ?? "NAME")`, or use its address."
            )
        }
        guard writes, let origin, !origins.contains(origin.lowercased()) else { return }
        let lowered = origin.lowercased()
        guard let separator = lowered.firstRange(of: "://"),
            lowered[separator.upperBound...] == (host ?? "").lowercased()
        else {
            throw APIError(
                .permissionDenied,
                "A page of `\(origin)` may not write here. Start the server with `--allowed-origin \(origin)` if it should."
            )
        }
    }

    /// The name without the port, in lower case.
    private static func name(of host: String) -> String {
        let lowered = host.lowercased()
        if lowered.hasPrefix("["), let end = lowered.firstIndex(of: "]") { return String(lowered[...end]) }
        return lowered.split(separator: ":", maxSplits: 1).first.map(String.init) ?? lowered
    }
}
