import MailCore

/// Takes the addresses out of a list as people write it: display names, comments, groups and angle brackets fall away
/// (RFC 5322 §3.4). Whether they are addresses is not looked at.
package enum AddressList {
    package static func addresses(in value: some Sequence<UInt8>) -> [String] { read(value).map(\.text) }

    /// The list with `domain` behind each name that stands for an address alone.
    static func completed(_ value: some Sequence<UInt8>, domain: Domain) -> [UInt8] {
        var octets = Array(value)
        for (text, end) in read(octets).reversed() where !text.utf8.contains(ASCII.at) && LocalPart.canBe(text) {
            octets.insert(contentsOf: "@\(domain)".utf8, at: end)
        }
        return octets
    }

    /// Each address, and the position behind its last octet.
    private static func read(_ value: some Sequence<UInt8>) -> [(text: String, end: Int)] {
        var reader = Reader()
        for byte in value { reader.take(byte) }
        reader.endAddress()
        return reader.addresses
    }

    private struct Reader {
        var addresses: [(text: String, end: Int)] = []
        /// How many octets have been read, and how many of them when the last one was kept that is no blank.
        private var position = 0
        private var end = 0
        private var text: [UInt8] = []
        private var isQuoted = false
        private var isEscaped = false
        private var isLiteral = false
        private var comments = 0
        /// Whether the address stood, or stands, in angle brackets.
        private var hasAngle = false
        private var isInAngle = false

        mutating func take(_ byte: UInt8) {
            position += 1
            if isEscaped {
                isEscaped = false
                return keep(byte)
            }
            if byte == ASCII.backslash, isQuoted || comments > 0 {
                isEscaped = true
                return keep(byte)
            }
            if comments > 0 { return takeComment(byte) }
            if isQuoted {
                if byte == ASCII.quote { isQuoted = false }
                return keep(byte)
            }
            takePlain(byte)
        }

        private mutating func takeComment(_ byte: UInt8) {
            if byte == UInt8(ascii: "(") { comments += 1 }
            if byte == UInt8(ascii: ")") { comments -= 1 }
        }

        private mutating func takePlain(_ byte: UInt8) {
            switch byte {
            case UInt8(ascii: "("): comments += 1
            case ASCII.quote:
                isQuoted = true
                keep(byte)
            case ASCII.less:
                (text, hasAngle, isInAngle) = ([], true, true)
            case ASCII.greater: isInAngle = false
            case UInt8(ascii: "["), UInt8(ascii: "]"):
                isLiteral = byte == UInt8(ascii: "[")
                keep(byte)
            case ASCII.colon where !isLiteral: text = []
            case UInt8(ascii: ","), UInt8(ascii: ";"):
                // The comma of a source route ends nothing (RFC 5321 §4.1.2).
                if isInAngle { text = [] } else { endAddress() }
            case ASCII.cr, ASCII.lf: break
            default: keep(byte)
            }
        }

        private mutating func keep(_ byte: UInt8) {
            guard comments == 0, isInAngle || !hasAngle else { return }
            text.append(byte)
            if byte != ASCII.space, byte != ASCII.tab { end = position }
        }

        mutating func endAddress() {
            let isBlank = { (byte: UInt8) in byte == ASCII.space || byte == ASCII.tab }
            let start = text.firstIndex { !isBlank($0) } ?? text.endIndex
            let end = text.lastIndex { !isBlank($0) } ?? start
            if start < text.endIndex { addresses.append((String(utf8: text[start...end]), self.end)) }
            (text, hasAngle, isInAngle) = ([], false, false)
        }
    }
}

extension LocalPart {
    /// Whether a text is one as it stands; a name of two words is the name of somebody.
    fileprivate static func canBe(_ text: String) -> Bool {
        let isOneWord = text.hasPrefix("\"") || !text.utf8.contains { $0 == ASCII.space || $0 == ASCII.tab }
        return isOneWord && (try? LocalPart(text)) != nil
    }
}
