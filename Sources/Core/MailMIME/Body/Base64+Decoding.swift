import MailCore

extension Base64 {
    /// Reads base64 as mail has it (RFC 2045 §6.8): characters outside of the alphabet are skipped, and padding ends a
    /// group wherever it stands.
    public static func decode(_ text: some Sequence<UInt8>) -> Decoding {
        let fast: Decoding?? = text.withContiguousStorageIfAvailable { decode(UnsafeBufferPointer(rebasing: $0[...])) }
        if let decoded = fast ?? nil { return decoded }
        return Array(text).withUnsafeBufferPointer { decode($0) }
    }

    private static func decode(_ text: UnsafeBufferPointer<UInt8>) -> Decoding {
        var isClean = true
        let bytes = [UInt8](unsafeUninitializedCapacity: text.count / 4 * 3 + 3) { output, count in
            var group: UInt32 = 0
            var digits = 0
            values.withUnsafeBufferPointer { values in
                for byte in text {
                    let value = values[Int(byte)]
                    if value < 64 {
                        group = group << 6 | UInt32(value)
                        digits += 1
                        if digits == 4 {
                            output[count] = UInt8(truncatingIfNeeded: group >> 16)
                            output[count + 1] = UInt8(truncatingIfNeeded: group >> 8)
                            output[count + 2] = UInt8(truncatingIfNeeded: group)
                            count += 3
                            digits = 0
                        }
                    } else if value == padding {
                        if digits > 0 { isClean = flush(group, digits, output, &count) && isClean }
                        digits = 0
                    } else if value == foreign {
                        isClean = false
                    }
                }
            }
            if digits > 0 {
                isClean = false
                _ = flush(group, digits, output, &count)
            }
        }
        return Decoding(bytes: bytes, isClean: isClean)
    }

    /// Writes the octets of a group that is cut short; a single digit gives none.
    private static func flush(
        _ group: UInt32, _ digits: Int, _ output: UnsafeMutableBufferPointer<UInt8>, _ count: inout Int
    ) -> Bool {
        let bits = group << (6 * UInt32(4 - digits))
        for index in 0..<digits - 1 {
            output[count] = UInt8(truncatingIfNeeded: bits >> (16 - 8 * UInt32(index)))
            count += 1
        }
        return digits > 1
    }

    private static let blank: UInt8 = 0x80
    private static let padding: UInt8 = 0x81
    private static let foreign: UInt8 = 0x82

    private static let values: [UInt8] = (0...255).map { (byte: UInt8) in
        switch byte {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): byte - 65
        case UInt8(ascii: "a")...UInt8(ascii: "z"): byte - 71
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte + 4
        case UInt8(ascii: "+"): 62
        case UInt8(ascii: "/"): 63
        case UInt8(ascii: "="): padding
        case ASCII.cr, ASCII.lf, ASCII.space, ASCII.tab: blank
        default: foreign
        }
    }
}
