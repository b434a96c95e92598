import MailCore

extension Base64 {
    /// Reads base64 as mail has it (RFC 2045 §6.8): characters outside of the alphabet are skipped, and padding ends a
    /// group wherever it stands.
    public static func decode(_ text: some Sequence<UInt8>) -> Decoding {
        let fast: Decoding?? = text.withContiguousStorageIfAvailable { decode($0) }
        if let decoded = fast ?? nil { return decoded }
        return Array(text).withUnsafeBufferPointer { decode($0) }
    }

    private static func decode(_ text: UnsafeBufferPointer<UInt8>) -> Decoding {
        var decoder = Base64Decoder()
        var bytes = decoder.decode(text)
        bytes += decoder.finish()
        return Decoding(bytes: bytes, isClean: decoder.isClean)
    }
}

/// Reads base64 that comes in pieces, cut anywhere.
struct Base64Decoder {
    /// Whether nothing had to be skipped or guessed.
    private(set) var isClean = true
    /// The digits of a group that is not complete.
    private var group: UInt32 = 0
    private var digits = 0

    mutating func decode(_ text: UnsafeBufferPointer<UInt8>) -> [UInt8] {
        // Room for what `finish` gives too, so that it can be appended in place.
        [UInt8](unsafeUninitializedCapacity: text.count / 4 * 3 + 6) { output, count in
            let (values, groups) = (Self.values, Self.groups)
            groups.withUnsafeBufferPointer { groups in
                var position = 0
                while position < text.count {
                    if digits == 0 { takeGroups(text, &position, groups, output, &count) }
                    guard position < text.count else { break }
                    take(values[Int(text[position])], output, &count)
                    position += 1
                }
            }
        }
    }

    /// The octets of a last group that lacks its padding.
    mutating func finish() -> [UInt8] {
        guard digits > 0 else { return [] }
        isClean = false
        return [UInt8](unsafeUninitializedCapacity: 3) { output, count in flush(output, &count) }
    }

    /// Takes groups of four digits side by side.
    private func takeGroups(
        _ text: UnsafeBufferPointer<UInt8>, _ position: inout Int, _ groups: UnsafeBufferPointer<UInt32>,
        _ output: UnsafeMutableBufferPointer<UInt8>, _ count: inout Int
    ) {
        let target = UnsafeMutableRawBufferPointer(output)
        while position + 4 <= text.count {
            let group =
                groups[Int(text[position])] | groups[256 + Int(text[position + 1])]
                | groups[512 + Int(text[position + 2])] | groups[768 + Int(text[position + 3])]
            guard group < Self.noGroup else { return }
            // The fourth octet is written over by the next group.
            target.storeBytes(of: (group << 8).bigEndian, toByteOffset: count, as: UInt32.self)
            count += 3
            position += 4
        }
    }

    private mutating func take(_ value: UInt8, _ output: UnsafeMutableBufferPointer<UInt8>, _ count: inout Int) {
        if value < Self.blank {
            group = group << 6 | UInt32(value)
            digits += 1
            if digits == 4 { flush(output, &count) }
        } else if value == Self.padding {
            if digits == 1 { isClean = false }
            if digits > 0 { flush(output, &count) }
        } else if value == Self.foreign {
            isClean = false
        }
    }

    /// Writes the octets of a group, which may be cut short; a single digit gives none.
    private mutating func flush(_ output: UnsafeMutableBufferPointer<UInt8>, _ count: inout Int) {
        let bits = group << (6 * UInt32(4 - digits))
        for index in 0..<digits - 1 {
            output[count] = UInt8(truncatingIfNeeded: bits >> (16 - 8 * UInt32(index)))
            count += 1
        }
        (group, digits) = (0, 0)
    }

    private static let blank: UInt8 = 0x80
    private static let padding: UInt8 = 0x81
    private static let foreign: UInt8 = 0x82

    private static let noGroup: UInt32 = 1 << 24

    /// The bits of a digit in each of the four places of a group.
    private static let groups: [UInt32] = [18, 12, 6, 0].flatMap { (shift: UInt32) in
        values.map { $0 < blank ? UInt32($0) << shift : noGroup }
    }

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
