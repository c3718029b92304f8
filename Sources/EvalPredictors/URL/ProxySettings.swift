// The proxy that the environment names for a URL, as curl reads it. Loopback is never asked through a proxy.

internal import Foundation

/// A proxy for HTTP.
struct ProxySettings: Equatable {
    var host: String
    var port: Int
    var user: String?
    var password: String?

    /// The proxy for `url`: `http_proxy`, or `https_proxy` in lower or upper case, unless `no_proxy` has its host.
    ///
    /// `HTTP_PROXY` in upper case isn't read: in CGI programs it is a header that anybody can send.
    init?(for url: URL, environment: [String: String]) {
        guard let host = url.host(percentEncoded: false)?.lowercased(), !Self.isLoopback(host) else { return nil }
        let names = url.scheme == "https" ? ["https_proxy", "HTTPS_PROXY"] : ["http_proxy"]
        guard let value = names.lazy.compactMap({ environment[$0] }).first(where: { !$0.isEmpty }),
            !Self.isExcepted(host, by: environment["no_proxy"] ?? environment["NO_PROXY"] ?? ""),
            let proxy = URL(string: value.contains("://") ? value : "http://\(value)"), proxy.scheme == "http",
            let name = proxy.host(percentEncoded: false), !name.isEmpty
        else { return nil }
        self.host = name
        port = proxy.port ?? 1080
        user = proxy.user(percentEncoded: false)
        password = proxy.password(percentEncoded: false)
    }

    private static func isLoopback(_ host: String) -> Bool {
        host == "localhost" || host.hasSuffix(".localhost") || host == "::1" || host == "[::1]"
            || (host.hasPrefix("127.") && host.split(separator: ".").allSatisfy { UInt8($0) != nil })
    }

    private static func isExcepted(_ host: String, by list: String) -> Bool {
        list.lowercased().split { $0 == "," || $0 == " " }
            .contains { entry in
                let name = entry.hasPrefix(".") ? entry.dropFirst() : entry
                return entry == "*" || host == name || host.hasSuffix("." + name)
            }
    }
}
