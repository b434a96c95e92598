import MailCore

/// Where something is asked over HTTP: `http://host:port/path`, or `https://…` (RFC 9110 §4.2).
public struct WebAddress: Hashable, Sendable, CustomStringConvertible {
    public let isEncrypted: Bool
    /// A name, or an IP address without brackets.
    public let host: String
    public let port: Int
    /// Path and query, as the request names them.
    public let path: String

    /// - Returns: nil for anything else; an address with the name of a user, or with a fragment, is none.
    public init?(_ text: String) {
        guard text.utf8.count <= 2_000, text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "#") }),
            let schemeEnd = text.firstRange(of: "://")
        else { return nil }
        switch text[..<schemeEnd.lowerBound].lowercased() {
        case "http": isEncrypted = false
        case "https": isEncrypted = true
        default: return nil
        }
        let rest = text[schemeEnd.upperBound...]
        let place = rest.prefix { $0 != "/" && $0 != "?" }
        guard let (host, port) = Self.split(place) else { return nil }
        self.host = host
        self.port = port ?? (isEncrypted ? 443 : 80)
        let path = rest[place.endIndex...]
        self.path = path.hasPrefix("/") ? String(path) : "/" + path
    }

    private static func split(_ place: Substring) -> (host: String, port: Int?)? {
        var host = place
        var port: Int?
        if let colon = place.lastIndex(of: ":"), !place[colon...].contains("]") {
            guard let number = UInt16(place[place.index(after: colon)...]), number > 0 else { return nil }
            (host, port) = (place[..<colon], Int(number))
        }
        if host.hasPrefix("["), host.hasSuffix("]") {
            guard case .v6? = IPAddress(String(host.dropFirst().dropLast())) else { return nil }
            return (String(host.dropFirst().dropLast()), port)
        }
        guard !host.isEmpty, host.utf8.allSatisfy({ $0.isASCIILetterOrDigit || "-._".utf8.contains($0) }) else {
            return nil
        }
        return (String(host), port)
    }

    /// Whether it leads to no other machine.
    public var isLoopback: Bool { host.lowercased() == "localhost" || IPAddress(host)?.isLoopback == true }

    /// Host and port, as a request names them; without the port that is usual.
    public var authority: String {
        let name = host.contains(":") ? "[\(host)]" : host
        return port == (isEncrypted ? 443 : 80) ? name : "\(name):\(port)"
    }

    public var description: String { "\(isEncrypted ? "https" : "http")://\(authority)\(path)" }
}
