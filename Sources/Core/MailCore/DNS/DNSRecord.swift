/// The data of one record.
///
/// Names come as they are, in lower case and without the dot at the end; the root is the empty text. They may hold any
/// character, so whoever takes them for the name of a host looks at them first.
public enum DNSRecord: Hashable, Sendable {
    /// Of A and AAAA.
    case address(IPAddress)
    case mx(preference: UInt16, host: String)
    /// Of TXT: its strings joined, as all that mail reads has them (RFC 7208 §3.3).
    case text([UInt8])
    /// Of PTR.
    case name(String)

    /// Reads the data of a record as it comes on the wire, names uncompressed; nil for what is malformed.
    public init?(type: DNSRecordType, data: some RandomAccessCollection<UInt8>) {
        let bytes = Array(data)
        let record: DNSRecord? =
            switch type {
            case .a where bytes.count == 4:
                .address(.v4(IPv4Address(bits: bytes.reduce(0) { $0 << 8 | UInt32($1) })))
            case .aaaa where bytes.count == 16:
                Self.address(IPv6Address(bits: bytes.reduce(0) { $0 << 8 | UInt128($1) }))
            case .mx where bytes.count > 2:
                Self.name(bytes[2...]).map { .mx(preference: UInt16(bytes[0]) << 8 | UInt16(bytes[1]), host: $0) }
            case .ptr: Self.name(bytes[...]).map(DNSRecord.name)
            case .txt: Self.text(bytes[...]).map(DNSRecord.text)
            case .a, .aaaa, .mx: nil
            }
        guard let record else { return nil }
        self = record
    }

    private static func address(_ address: IPv6Address) -> DNSRecord {
        .address(address.mapped.map(IPAddress.v4) ?? .v6(address))
    }

    /// Labels with their lengths, to the root (RFC 1035 §3.1).
    private static func name(_ bytes: ArraySlice<UInt8>) -> String? {
        guard bytes.count <= Domain.maximumLength else { return nil }
        var rest = bytes
        var labels: [String] = []
        while let length = rest.popFirst() {
            if length == 0 { return rest.isEmpty ? labels.joined(separator: ".") : nil }
            guard length <= Domain.maximumLabelLength, rest.count >= length else { return nil }
            let label = rest.prefix(Int(length))
            // A dot within a label would read like the end of one.
            guard !label.contains(ASCII.dot) else { return nil }
            labels.append(String(decoding: label.map(\.asciiLowercased), as: UTF8.self))
            rest = rest.dropFirst(Int(length))
        }
        return nil
    }

    /// Strings with their lengths (RFC 1035 §3.3.14).
    private static func text(_ bytes: ArraySlice<UInt8>) -> [UInt8]? {
        var rest = bytes
        var text: [UInt8] = []
        while let length = rest.popFirst() {
            guard rest.count >= length else { return nil }
            text += rest.prefix(Int(length))
            rest = rest.dropFirst(Int(length))
        }
        return text
    }
}
