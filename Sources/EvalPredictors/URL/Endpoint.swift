// A URL and its headers, checked before the first request. What is secret in them is in no message.

internal import AsyncHTTPClient
internal import EvalCore
internal import Foundation
internal import NIOHTTP1

/// Where requests go.
struct Endpoint: Sendable {
    /// The URL without user and password.
    let url: String
    /// The headers of every request.
    let headers: HTTPHeaders
    /// Host and port, as messages name the endpoint.
    let name: String
    /// The proxy on the way.
    let proxy: HTTPClient.Configuration.Proxy?

    /// Checks a URL and headers.
    ///
    /// A user and a password in the URL become basic authentication, unless a header does that.
    init(url text: String, headers pairs: [(name: String, value: String)], environment: [String: String])
        throws(Diagnostic)
    {
        guard var parts = URLComponents(string: text), let scheme = parts.scheme?.lowercased(),
            scheme == "http" || scheme == "https", let host = parts.host, !host.isEmpty
        else {
            throw Diagnostic(
                "the predict URL is not one of http or https",
                help: "It is written https://HOST/PATH."
            )
        }
        var headers = HTTPHeaders()
        for (name, value) in pairs {
            guard Self.isToken(name) else { throw Diagnostic("'\(name)' can't be the name of a header") }
            guard value.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F || $0 == 0x09 }) else {
                throw Diagnostic("the value of the header '\(name)' has a character that no header can have")
            }
            headers.add(name: name, value: value)
        }
        if !headers.contains(name: "authorization"), let user = parts.user {
            let secret = Data("\(user):\(parts.password ?? "")".utf8).base64EncodedString()
            headers.add(name: "authorization", value: "Basic \(secret)")
        }
        for (name, value) in [("content-type", "application/json"), ("accept", "application/json")]
        where !headers.contains(name: name) {
            headers.add(name: name, value: value)
        }
        if !headers.contains(name: "user-agent") { headers.add(name: "user-agent", value: "evalhost") }
        self.headers = headers
        name = parts.port.map { "\(host):\($0)" } ?? host
        (parts.scheme, parts.user, parts.password, parts.fragment) = (scheme, nil, nil, nil)
        guard let url = parts.url else { throw Diagnostic("the predict URL is malformed") }
        self.url = url.absoluteString
        proxy = ProxySettings(for: url, environment: environment)
            .map { proxy in
                guard let user = proxy.user else { return .server(host: proxy.host, port: proxy.port) }
                return .server(
                    host: proxy.host,
                    port: proxy.port,
                    authorization: .basic(username: user, password: proxy.password ?? "")
                )
            }
    }

    /// RFC 9110, 5.6.2.
    private static func isToken(_ name: String) -> Bool {
        !name.isEmpty
            && name.utf8.allSatisfy { byte in
                UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte || UInt8(ascii: "a")...UInt8(ascii: "z") ~= byte | 0x20
                    || "!#$%&'*+-.^_`|~".utf8.contains(byte)
            }
    }
}
