import MailCore

/// Where a server is: `smtp://host:port`, `smtps://host:port` (TLS from the first octet on), `lmtp://host:port`, or
/// `smtp:///path` and `lmtp:///path` for a socket of this machine. An IPv6 address stands in brackets; `unix:///path` is
/// the same as `smtp:///path`. Who logs in may stand before the host, `smtp://user@host`, with `%40` for an `@`; a password
/// may not.
public struct SMTPURL: Hashable, Sendable, CustomStringConvertible {
    /// What is connected to.
    public enum Endpoint: Hashable, Sendable, CustomStringConvertible {
        /// A host name or address, and a port from 1 to 65535.
        case host(String, port: Int)
        /// The path of a Unix domain socket.
        case unix(String)

        public var description: String {
            switch self {
            case .host(let host, let port): "\(host.utf8.contains(ASCII.colon) ? "[\(host)]" : host):\(port)"
            case .unix(let path): path
            }
        }
    }

    /// Whether the server speaks LMTP (RFC 2033).
    public let isLMTP: Bool
    /// Whether the handshake comes before the greeting (RFC 8314 §3).
    public let isImplicitTLS: Bool
    /// What is connected to.
    public let endpoint: Endpoint
    /// Who logs in, where the URL says so.
    public let user: String?

    /// - Parameters:
    ///   - endpoint: what is connected to.
    ///   - isLMTP: whether the server speaks LMTP (RFC 2033).
    ///   - isImplicitTLS: whether the handshake comes before the greeting (RFC 8314 §3).
    public init(_ endpoint: Endpoint, isLMTP: Bool = false, isImplicitTLS: Bool = false) {
        self.endpoint = endpoint
        user = nil
        self.isImplicitTLS = isImplicitTLS
        self.isLMTP = isLMTP
    }

    /// Reads a URL. Without a port it is 25 for SMTP, 465 for SMTP with implicit TLS and 24 for LMTP.
    ///
    /// - Throws: `SMTPURLError` naming what is wrong with `text`.
    public init(_ text: String) throws(SMTPURLError) {
        guard let separator = text.firstRange(of: "://") else {
            throw SMTPURLError("'\(text)' is no URL; write it as smtp://host:port")
        }
        let scheme = text[..<separator.lowerBound].lowercased()
        guard let port = Self.ports[scheme] else {
            throw SMTPURLError("'\(scheme)' is no scheme of mail; smtp, smtps, lmtp and unix are")
        }
        (isLMTP, isImplicitTLS) = (scheme == "lmtp", port == 465)
        let rest = text[separator.upperBound...]
        if text.lowercased().hasPrefix("unix:"), !rest.hasPrefix("/") {
            throw SMTPURLError("'\(text)' names no socket; write it as unix:///path")
        }
        if rest.hasPrefix("/") {
            guard rest.count > 1, !rest.utf8.contains(0) else { throw SMTPURLError("'\(text)' names no socket") }
            (endpoint, user) = (.unix(String(rest)), nil)
        } else {
            var authority = rest.hasSuffix("/") ? rest.dropLast() : rest
            user = try Self.takeUser(from: &authority)
            endpoint = try Self.endpoint(authority, defaultPort: port)
        }
    }

    public var description: String {
        let scheme = isLMTP ? "lmtp" : isImplicitTLS ? "smtps" : "smtp"
        return "\(scheme)://\(user.map { PercentEncoding.encode($0) + "@" } ?? "")\(endpoint)"
    }

    private static let ports = ["smtp": 25, "smtps": 465, "submissions": 465, "lmtp": 24, "unix": 25]

    private static func takeUser(from authority: inout Substring) throws(SMTPURLError) -> String? {
        guard let at = authority.lastIndex(of: "@") else { return nil }
        let text = authority[..<at]
        authority = authority[authority.index(after: at)...]
        guard !text.contains(":") else {
            throw SMTPURLError(
                "the URL has a password, which others can read there; only the user name may stand in it")
        }
        guard let user = PercentEncoding.decode(text), !user.isEmpty, !user.utf8.contains(where: \.isASCIIControl)
        else {
            throw SMTPURLError("'\(text)' is no user name")
        }
        return user
    }

    private static func endpoint(_ text: Substring, defaultPort: Int) throws(SMTPURLError) -> Endpoint {
        guard !text.contains(where: { "/?#".contains($0) }) else {
            throw SMTPURLError("'\(text)' has more than host and port")
        }
        let hostEnd = text.hasPrefix("[") ? text.firstIndex(of: "]").map(text.index(after:)) : text.firstIndex(of: ":")
        let end = hostEnd ?? text.endIndex
        let host = try host(text[..<end])
        guard end < text.endIndex else { return .host(host, port: defaultPort) }
        guard text[end] == ":", let port = UInt16(text[text.index(after: end)...]), port > 0 else {
            throw SMTPURLError("'\(text[end...].dropFirst())' is no port; ports are from 1 to 65535")
        }
        return .host(host, port: Int(port))
    }

    private static func host(_ text: Substring) throws(SMTPURLError) -> String {
        if text.hasPrefix("[") {
            let address = String(text.dropFirst().dropLast())
            guard text.hasSuffix("]"), IPv6Address(address) != nil else {
                throw SMTPURLError("\(text) is no IPv6 address")
            }
            return address
        }
        guard (try? Domain(String(text))) != nil else { throw SMTPURLError("'\(text)' is no host name") }
        return String(text)
    }
}

/// Why a text is no URL of a mail server.
public struct SMTPURLError: Error, Equatable, Sendable, CustomStringConvertible {
    public let description: String

    init(_ description: String) {
        self.description = description
    }
}
