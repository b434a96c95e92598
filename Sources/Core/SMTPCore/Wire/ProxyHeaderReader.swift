public import MailCore

public import struct NIOCore.ByteBuffer

/// Reads what a proxy says before anything else of the client that it speaks for: the PROXY protocol of HAProxy, versions
/// 1 and 2 (proxy-protocol.txt §2.1, §2.2).
public struct ProxyHeaderReader: Sendable {
    /// Who is behind the connection.
    public enum Result: Hashable, Sendable {
        case client(IPAddress, port: UInt16)
        /// The proxy speaks for itself, or for a client that has no address.
        case proxy
        /// What came is no PROXY header, or one that is too long.
        case malformed
    }

    /// The longest line of version 1 in octets, with its CRLF.
    static let lineLimit = 107
    /// The longest header of version 2 in octets, with all that a proxy may add behind the addresses.
    static let binaryLimit = 4_096

    private static let signature: [UInt8] = [
        0x0D, 0x0A, 0x0D, 0x0A, 0x00, 0x0D, 0x0A, 0x51, 0x55, 0x49, 0x54, 0x0A,
    ]

    public init() {}

    /// Takes the header off the front of `input`, and nothing behind it; nil while more of it must come. What is
    /// malformed stays there.
    public func next(from input: inout ByteBuffer) -> Result? {
        let octets = input.readableBytesView.prefix(Self.binaryLimit)
        guard let first = octets.first else { return nil }
        return first == Self.signature[0] ? binary(&input, Array(octets)) : line(&input, Array(octets))
    }

    // MARK: Version 1

    private func line(_ input: inout ByteBuffer, _ octets: [UInt8]) -> Result? {
        let begin = Array("PROXY ".utf8)
        guard octets.starts(with: begin.prefix(octets.count)) else { return .malformed }
        guard let end = octets.prefix(Self.lineLimit).firstIndex(of: ASCII.lf) else {
            return octets.count < Self.lineLimit ? nil : .malformed
        }
        guard end > 0, octets[end - 1] == ASCII.cr, let result = result(ofLine: octets[begin.count..<(end - 1)]) else {
            return .malformed
        }
        input.moveReaderIndex(forwardBy: end + 1)
        return result
    }

    private func result(ofLine line: ArraySlice<UInt8>) -> Result? {
        let words = line.split(separator: ASCII.space, omittingEmptySubsequences: false).map { String(utf8: $0) }
        if words.first == "UNKNOWN" { return .proxy }
        guard words.count == 5, let source = IPAddress(words[1]), let destination = IPAddress(words[2]),
            let port = Self.port(words[3]), Self.port(words[4]) != nil
        else { return nil }
        switch (words[0], source, destination) {
        case ("TCP4", .v4, .v4), ("TCP6", .v6, .v6), ("TCP6", .v4, .v4): return .client(source, port: port)
        default: return nil
        }
    }

    private static func port(_ text: String) -> UInt16? {
        text.utf8.allSatisfy(\.isASCIIDigit) ? UInt16(text) : nil
    }

    // MARK: Version 2

    private static let fixedLength = 16

    private func binary(_ input: inout ByteBuffer, _ octets: [UInt8]) -> Result? {
        guard octets.starts(with: Self.signature.prefix(octets.count)) else { return .malformed }
        guard octets.count >= Self.fixedLength else { return nil }
        let length = Int(octets[14]) << 8 | Int(octets[15])
        guard octets[12] >> 4 == 2, Self.fixedLength + length <= Self.binaryLimit else { return .malformed }
        guard octets.count >= Self.fixedLength + length else { return nil }
        let content = octets[Self.fixedLength..<(Self.fixedLength + length)]
        guard let result = result(command: octets[12] & 15, family: octets[13], content) else { return .malformed }
        input.moveReaderIndex(forwardBy: Self.fixedLength + length)
        return result
    }

    private func result(command: UInt8, family: UInt8, _ content: ArraySlice<UInt8>) -> Result? {
        switch (command, family) {
        case (0, _): return .proxy
        case (1, 0x11) where content.count >= 12:
            let address = IPv4Address(bits: UInt32(Self.number(content.prefix(4))))
            return .client(.v4(address), port: UInt16(Self.number(content.dropFirst(8).prefix(2))))
        case (1, 0x21) where content.count >= 36:
            let address = IPv6Address(bits: Self.number(content.prefix(16)))
            let port = UInt16(Self.number(content.dropFirst(32).prefix(2)))
            return .client(address.mapped.map(IPAddress.v4) ?? .v6(address), port: port)
        case (1, 0x00), (1, 0x31): return .proxy
        default: return nil
        }
    }

    private static func number(_ octets: ArraySlice<UInt8>) -> UInt128 {
        octets.reduce(0) { $0 << 8 | UInt128($1) }
    }
}
