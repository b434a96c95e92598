import MailCore

/// Takes the addresses out of a list as people write it: display names, comments, groups and angle brackets fall away
/// (RFC 5322 §3.4). Whether they are addresses is not looked at.
package enum AddressList {
    package static func addresses(in value: some Sequence<UInt8>) -> [String] {
        var reader = Reader()
        for byte in value { reader.take(byte) }
        reader.endAddress()
        return reader.addresses
    }

    private struct Reader {
        var addresses: [String] = []
        private var text: [UInt8] = []
        private var isQuoted = false
        private var isEscaped = false
        private var isLiteral = false
        private var comments = 0
        /// Whether the address stood, or stands, in angle brackets.
        private var hasAngle = false
        private var isInAngle = false

        mutating func take(_ byte: UInt8) {
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
            if comments == 0, isInAngle || !hasAngle { text.append(byte) }
        }

        mutating func endAddress() {
            let isBlank = { (byte: UInt8) in byte == ASCII.space || byte == ASCII.tab }
            let start = text.firstIndex { !isBlank($0) } ?? text.endIndex
            let end = text.lastIndex { !isBlank($0) } ?? start
            if start < text.endIndex { addresses.append(String(utf8: text[start...end])) }
            (text, hasAngle, isInAngle) = ([], false, false)
        }
    }
}
