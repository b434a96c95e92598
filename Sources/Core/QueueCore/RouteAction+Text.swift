import MailCore

/// A route as it is written.
extension RouteAction: CustomStringConvertible {
    /// Why a text is no route: the rest of a sentence that begins with what the text is, such as "the route".
    public struct Refusal: Error, Hashable, Sendable {
        public let text: String
    }

    /// Reads a route: `mx`, `mx:PORT`, `smtp://host:port`, `smtps://host:port`, `lmtp://host:port`, `lmtp:/path`,
    /// `pipe:/program`, `hold`, `discard` or `error:5.1.1 text`.
    public init(_ text: String) throws(Refusal) {
        guard text.utf8.allSatisfy({ !$0.isASCIIControl }) else {
            throw Refusal(text: "has a control character in its text")
        }
        guard let action = RouteText(text: text).action() else {
            if RouteText(text: text).mayHoldPassword {
                throw Refusal(
                    text: """
                        has a password in it, which is not shown here: name the host alone, and who logs in there with \
                        "user" and "password_file"
                        """)
            }
            throw Refusal(
                text: """
                    must be "mx", "mx:PORT", "smtp://host:port", "smtps://host:port", "lmtp://host:port", "lmtp:/path", \
                    "pipe:/program", "hold", "discard" or "error:5.1.1 text", not "\(text)"
                    """)
        }
        self = action
    }

    public var description: String {
        switch self {
        case .hold: "hold"
        case .discard: "discard"
        case .error(let status, let text): "error:\(status) \(text)"
        case .mx(port: Self.smtpPort): "mx"
        case .mx(let port): "mx:\(port)"
        case .next(.program(let path, let arguments)): "pipe:" + ([path] + arguments).joined(separator: " ")
        case .next(let destination): destination.description
        }
    }

    /// The ports of RFC 5321 §4.5.4.2 and, for want of a standard one, that of private mail systems.
    fileprivate static let (smtpPort, smtpsPort, lmtpPort) = (25, 465, 24)
}

private struct RouteText {
    let text: String

    /// Whether there is something before an @ that looks like `user:password`.
    var mayHoldPassword: Bool {
        guard let at = text.lastIndex(of: "@") else { return false }
        let before = text[..<at]
        let user = before.firstRange(of: "://").map { before[$0.upperBound...] } ?? before
        return user.contains(":")
    }

    /// - Returns: nil for what is no route.
    func action() -> RouteAction? {
        switch text {
        case "hold": return .hold
        case "discard": return .discard
        case "mx": return .mx(port: RouteAction.smtpPort)
        default: break
        }
        if let port = rest(behind: "mx:") { return Self.port(port).map(RouteAction.mx) }
        if let host = rest(behind: "smtp://") { return Self.host(host, .smtp, RouteAction.smtpPort) }
        if let host = rest(behind: "smtps://") { return Self.host(host, .smtps, RouteAction.smtpsPort) }
        if let host = rest(behind: "lmtp://") { return Self.host(host, .lmtp, RouteAction.lmtpPort) }
        if let path = rest(behind: "lmtp:"), path.hasPrefix("/") {
            return .next(.socket(path: String(path), .lmtp))
        }
        if let program = rest(behind: "pipe:"), program.hasPrefix("/") { return Self.program(program) }
        return rest(behind: "error:").flatMap(Self.error)
    }

    private func rest(behind prefix: String) -> Substring? {
        text.hasPrefix(prefix) ? text.dropFirst(prefix.count) : nil
    }

    private static func port(_ text: some StringProtocol) -> Int? {
        UInt16(text).flatMap { $0 == 0 ? nil : Int($0) }
    }

    /// `name`, `192.0.2.1` or `[2001:db8::1]`, with or without a port.
    private static func host(_ text: Substring, _ transfer: Destination.Transfer, _ standardPort: Int) -> RouteAction? {
        let nameEnd = text.lastIndex(of: "]") ?? text.startIndex
        let colon = text[nameEnd...].firstIndex(of: ":")
        let port = colon.map { Self.port(text[text.index(after: $0)...]) } ?? standardPort
        guard let port, let name = hostName(text[..<(colon ?? text.endIndex)]) else { return nil }
        return .next(.host(name, port: port, transfer))
    }

    private static func hostName(_ text: Substring) -> String? {
        if text.hasPrefix("["), text.hasSuffix("]") {
            return IPv6Address(String(text.dropFirst().dropLast()))?.description
        }
        return (try? Domain(String(text)))?.description
    }

    /// Arguments stand between spaces; nothing is quoted and no shell reads them.
    private static func program(_ text: Substring) -> RouteAction? {
        let words = text.split(separator: " ").map(String.init)
        return words.first.map { .next(.program(path: $0, arguments: Array(words.dropFirst()))) }
    }

    private static func error(_ text: Substring) -> RouteAction? {
        let parts = text.split(separator: " ", maxSplits: 1)
        guard parts.count == 2, let status = EnhancedStatusCode(parts[0]), status.class == .permanentFailure else {
            return nil
        }
        return .error(status, text: String(parts[1]))
    }
}
