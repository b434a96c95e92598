/// What DNS said to one question.
public struct DNSAnswer: Hashable, Sendable {
    public enum Status: Hashable, Sendable {
        /// There are records.
        case found
        /// The name exists, but not with this type.
        case noRecords
        /// There is no such name (NXDOMAIN, RFC 1035 §4.1.1; RFC 2308 §2.1).
        case noName
        /// Nobody could tell for now; nothing may be concluded from it.
        case trouble(DNSTrouble)
    }

    public let status: Status
    /// What was asked for, at the end of any aliases; empty unless found.
    public let records: [DNSRecord]
    /// Whether the answer was validated by DNSSEC (RFC 4035 §4.3), be it that there is nothing.
    public let isSecure: Bool

    public init(_ status: Status, records: [DNSRecord] = [], isSecure: Bool = false) {
        self.status = status
        self.records = records
        self.isSecure = isSecure
    }

    public static func trouble(_ trouble: DNSTrouble) -> DNSAnswer { DNSAnswer(.trouble(trouble)) }
}

/// Why DNS could not tell.
public enum DNSTrouble: Hashable, Sendable, CustomStringConvertible {
    /// No answer in time.
    case timeout
    /// The servers answered with this code (RFC 1035 §4.1.1), such as 2 for SERVFAIL.
    case refused(code: Int)
    /// The answer's signatures are wrong or missing (RFC 4033 §5).
    case bogus(String)
    /// More aliases (CNAME) in a row than are followed.
    case aliases
    /// The answer cannot be read.
    case malformed
    /// The resolver itself failed.
    case resolver(String)

    public var description: String {
        switch self {
        case .timeout: "no answer in time"
        case .refused(2): "SERVFAIL"
        case .refused(5): "REFUSED"
        case .refused(let code): "response code \(code)"
        case .bogus(let why): "DNSSEC validation failed: \(why)"
        case .aliases: "too many aliases in a row"
        case .malformed: "malformed answer"
        case .resolver(let why): why
        }
    }
}
