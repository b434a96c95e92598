import MailCore

/// What a server says in its reply to EHLO or LHLO (RFC 5321 §4.1.1.1).
public struct ServerExtensions: Hashable, Sendable {
    /// Each keyword in capitals, with its parameters.
    public let keywords: [String: [String]]
    // What is asked for each message is looked up once.
    public let pipelining: Bool
    public let eightBitMIME: Bool
    public let smtputf8: Bool
    public let chunking: Bool
    public let binaryMIME: Bool
    public let dsn: Bool
    public let enhancedStatusCodes: Bool
    public let size: Bool
    /// The largest message the server takes, in octets; nil where it sets no limit (RFC 1870 §4).
    public let largestMessage: UInt64?

    /// Of a server that knows only HELO.
    public init() {
        self.init(keywords: [:])
    }

    /// - Parameter reply: the server's reply; its first line is a greeting.
    public init(_ reply: SMTPReply) {
        var keywords: [String: [String]] = [:]
        for line in reply.lines.dropFirst() {
            let words = line.split(separator: " ").map(String.init)
            guard let keyword = words.first else { continue }
            keywords[keyword.uppercased()] = Array(words.dropFirst())
        }
        self.init(keywords: keywords)
    }

    private init(keywords: [String: [String]]) {
        self.keywords = keywords
        pipelining = keywords["PIPELINING"] != nil
        eightBitMIME = keywords["8BITMIME"] != nil
        smtputf8 = keywords["SMTPUTF8"] != nil
        chunking = keywords["CHUNKING"] != nil
        binaryMIME = keywords["BINARYMIME"] != nil
        dsn = keywords["DSN"] != nil
        enhancedStatusCodes = keywords["ENHANCEDSTATUSCODES"] != nil
        size = keywords["SIZE"] != nil
        largestMessage = keywords["SIZE"]?.first.flatMap { UInt64($0) }.flatMap { $0 == 0 ? nil : $0 }
    }

    public func offers(_ keyword: String) -> Bool { keywords[keyword] != nil }

    /// A limit the server declares (RFC 9422): `MAILMAX`, `RCPTMAX`, `RCPTDOMAINMAX`.
    public func limit(_ name: String) -> Int? {
        for parameter in keywords["LIMITS"] ?? [] {
            let parts = parameter.split(separator: "=", maxSplits: 1)
            if parts.count == 2, parts[0].uppercased() == name { return Int(parts[1]) }
        }
        return nil
    }
}
