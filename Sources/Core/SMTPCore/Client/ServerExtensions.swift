import MailCore

/// What a server says in its reply to EHLO or LHLO (RFC 5321 §4.1.1.1).
public struct ServerExtensions: Hashable, Sendable {
    /// Each keyword in capitals, with its parameters.
    public let keywords: [String: [String]]

    /// Of a server that knows only HELO.
    public init() {
        keywords = [:]
    }

    /// - Parameter reply: the server's reply; its first line is a greeting.
    public init(_ reply: SMTPReply) {
        var keywords: [String: [String]] = [:]
        for line in reply.lines.dropFirst() {
            let words = line.split(separator: " ").map(String.init)
            guard let keyword = words.first else { continue }
            keywords[keyword.uppercased()] = Array(words.dropFirst())
        }
        self.keywords = keywords
    }

    public func offers(_ keyword: String) -> Bool { keywords[keyword] != nil }

    public var pipelining: Bool { offers("PIPELINING") }
    public var eightBitMIME: Bool { offers("8BITMIME") }
    public var smtputf8: Bool { offers("SMTPUTF8") }
    public var chunking: Bool { offers("CHUNKING") }
    public var binaryMIME: Bool { offers("BINARYMIME") }
    public var dsn: Bool { offers("DSN") }
    public var enhancedStatusCodes: Bool { offers("ENHANCEDSTATUSCODES") }
    public var size: Bool { offers("SIZE") }

    /// The largest message the server takes, in octets; nil where it sets no limit (RFC 1870 §4).
    public var largestMessage: UInt64? {
        keywords["SIZE"]?.first.flatMap { UInt64($0) }.flatMap { $0 == 0 ? nil : $0 }
    }

    /// A limit the server declares (RFC 9422): `MAILMAX`, `RCPTMAX`, `RCPTDOMAINMAX`.
    public func limit(_ name: String) -> Int? {
        for parameter in keywords["LIMITS"] ?? [] {
            let parts = parameter.split(separator: "=", maxSplits: 1)
            if parts.count == 2, parts[0].uppercased() == name { return Int(parts[1]) }
        }
        return nil
    }
}
