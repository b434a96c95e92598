/// Reads `Mailbox` of RFC 5321 §4.1.2 from octets.
package struct MailboxParser {
    package var cursor: ByteCursor

    package init(_ bytes: [UInt8]) {
        cursor = ByteCursor(bytes)
    }

    package init(_ cursor: ByteCursor) {
        self.cursor = cursor
    }

    /// `Local-part "@" ( Domain / address-literal )`
    package mutating func mailbox() throws(AddressError) -> EmailAddress {
        let localPart = try localPart()
        guard cursor.take(ASCII.at) else { throw AddressError("there is no @ behind the local part") }
        return EmailAddress(localPart: localPart, host: try host())
    }

    /// `Local-part = Dot-string / Quoted-string`
    package mutating func localPart() throws(AddressError) -> LocalPart {
        if cursor.peek == ASCII.quote { return try quotedLocalPart() }
        let bytes = cursor.take { $0.isAtext || $0 == ASCII.dot }
        guard bytes.first != ASCII.dot, bytes.last != ASCII.dot else {
            throw AddressError("the local part begins or ends with a dot")
        }
        guard !zip(bytes, bytes.dropFirst()).contains(where: { $0 == ASCII.dot && $1 == ASCII.dot }) else {
            throw AddressError("the local part has two dots in a row")
        }
        return try LocalPart(String(utf8: bytes))
    }

    private mutating func quotedLocalPart() throws(AddressError) -> LocalPart {
        _ = cursor.take()
        var bytes: [UInt8] = []
        while let byte = cursor.take() {
            switch byte {
            case ASCII.quote: return try LocalPart(String(utf8: bytes))
            case ASCII.backslash:
                guard let escaped = cursor.take(), !escaped.isASCIIControl, escaped < 0x80 else {
                    throw AddressError("a backslash in the quoted local part is followed by nothing printable")
                }
                bytes.append(escaped)
            default: bytes.append(byte)
            }
        }
        throw AddressError("the quoted local part has no closing quote")
    }

    /// `Domain / address-literal`
    package mutating func host() throws(AddressError) -> MailHost {
        if cursor.peek == UInt8(ascii: "[") { return try literal() }
        let bytes = cursor.take { $0.isASCIILetterOrDigit || $0 == UInt8(ascii: "-") || $0 == ASCII.dot || $0 >= 0x80 }
        return .domain(try Domain(bytes: Array(bytes)))
    }

    private mutating func literal() throws(AddressError) -> MailHost {
        _ = cursor.take()
        let content = cursor.take { $0 > ASCII.space && $0 < 0x7F && !"[\\]".utf8.contains($0) }
        guard cursor.take(UInt8(ascii: "]")) else { throw AddressError("the address literal has no closing bracket") }
        guard content.count + 2 <= Domain.maximumLength else {
            throw AddressError("the address literal is longer than \(Domain.maximumLength) octets")
        }
        let text = String(utf8: content)
        if let address = IPv4Address(text) { return .address(.v4(address)) }
        guard let colon = text.firstIndex(of: ":") else { throw AddressError("[\(text)] is no IPv4 address") }
        let tag = String(text[..<colon])
        let rest = String(text[text.index(after: colon)...])
        if tag.lowercased() == "ipv6" {
            guard let address = IPv6Address(rest) else { throw AddressError("[\(text)] is no IPv6 address") }
            return .address(.v6(address))
        }
        guard Self.isTag(tag), !rest.isEmpty else { throw AddressError("[\(text)] is no address literal") }
        return .general(tag: tag, content: rest)
    }

    private static func isTag(_ tag: String) -> Bool {
        guard let last = tag.utf8.last, last.isASCIILetterOrDigit else { return false }
        return tag.utf8.allSatisfy { $0.isASCIILetterOrDigit || $0 == UInt8(ascii: "-") }
    }
}
