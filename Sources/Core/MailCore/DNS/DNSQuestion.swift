/// What is asked of DNS: the records of one type at one name, in class IN (RFC 1035 §4.1.2).
public struct DNSQuestion: Hashable, Sendable, CustomStringConvertible {
    /// The complete name, with or without the dot at its end; ASCII.
    public let name: String
    public let type: DNSRecordType

    public init(_ name: String, _ type: DNSRecordType) {
        self.name = name
        self.type = type
    }

    public var description: String { "\(name) \(type)" }
}

/// The types of records that mail needs; the raw value is the number on the wire.
public enum DNSRecordType: UInt16, Hashable, Sendable, CustomStringConvertible {
    /// IPv4 addresses (RFC 1035 §3.4.1).
    case a = 1
    /// The name of an address (RFC 1035 §3.3.12).
    case ptr = 12
    /// Hosts that take mail (RFC 1035 §3.3.9).
    case mx = 15
    /// Text (RFC 1035 §3.3.14).
    case txt = 16
    /// IPv6 addresses (RFC 3596 §2.1).
    case aaaa = 28

    public var description: String {
        switch self {
        case .a: "A"
        case .ptr: "PTR"
        case .mx: "MX"
        case .txt: "TXT"
        case .aaaa: "AAAA"
        }
    }
}
