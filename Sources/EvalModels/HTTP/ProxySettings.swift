// The proxy that the environment names for an address, as curl reads it. Loopback is never asked through a proxy.

internal import AsyncHTTPClient
internal import Foundation

/// Finds the proxy on the way to an address.
enum ProxySettings {
    /// The proxy for `url`: `http_proxy`, or `https_proxy` in lower or upper case, unless `no_proxy` has its host.
    ///
    /// `HTTP_PROXY` in upper case isn't read: in CGI programs it is a header that anybody can send.
    static func proxy(for url: URL, environment: [String: String]) -> HTTPClient.Configuration.Proxy? {
        guard let host = url.host(percentEncoded: false)?.lowercased(), !isLoopback(host) else { return nil }
        let names = url.scheme == "https" ? ["https_proxy", "HTTPS_PROXY"] : ["http_proxy"]
        guard let value = names.lazy.compactMap({ environment[$0] }).first(where: { !$0.isEmpty }),
            !isExcepted(host, by: environment["no_proxy"] ?? environment["NO_PROXY"] ?? ""),
            let proxy = URL(string: value.contains("://") ? value : "http://\(value)"), proxy.scheme == "http",
            let name = proxy.host(percentEncoded: false), !name.isEmpty
        else { return nil }
        let port = proxy.port ?? 1080
        guard let user = proxy.user(percentEncoded: false) else { return .server(host: name, port: port) }
        let password = proxy.password(percentEncoded: false) ?? ""
        return .server(host: name, port: port, authorization: .basic(username: user, password: password))
    }

    static func isLoopback(_ host: String) -> Bool {
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
