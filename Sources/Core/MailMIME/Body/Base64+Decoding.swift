import CBase64
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
        [UInt8](unsafeUninitializedCapacity: text.count / 4 * 3 + 6 + Base64Block.reach) { output, count in
            count = decode(text, output)
        }
    }

    /// - Returns: how many octets there are.
    private mutating func decode(
        _ text: UnsafeBufferPointer<UInt8>, _ output: UnsafeMutableBufferPointer<UInt8>
    ) -> Int {
        let values = Self.values
        var (position, count) = (0, 0)
        while position < text.count {
            if digits == 0 { (position, count) = Self.decodeGroups(text, from: position, output, at: count) }
            while position < text.count, values[Int(text[position])] == Self.blank { position += 1 }
            guard position < text.count else { break }
            take(values[Int(text[position])], output, &count)
            position += 1
        }
        return count
    }

    /// Decodes groups of four digits side by side.
    ///
    /// - Returns: where the groups and their octets end.
    private static func decodeGroups(
        _ text: UnsafeBufferPointer<UInt8>, from start: Int, _ output: UnsafeMutableBufferPointer<UInt8>,
        at outputStart: Int
    ) -> (position: Int, count: Int) {
        var (position, count) = (start, outputStart)
        guard let source = text.baseAddress, let target = output.baseAddress else { return (position, count) }
        let lines = CBase64DecodeLines(source + position, text.count - position, target + count)
        position += lines.characters
        count += lines.octets
        while position + 16 <= text.count {
            let digits = Base64Block.decode(source + position, to: target + count)
            // Lines of 76 digits end so: told apart here, they need not wait for what is counted in them.
            if digits == 12, text[position + 12] == ASCII.lf {
                position += 13
                count += 9
                continue
            }
            guard digits == 16 else { return (position + (digits & ~3), count + digits / 4 * 3) }
            position += 16
            count += 12
        }
        return (position, count)
    }

    /// The octets of a last group that lacks its padding.
    mutating func finish() -> [UInt8] {
        guard digits > 0 else { return [] }
        isClean = false
        return [UInt8](unsafeUninitializedCapacity: 3) { output, count in flush(output, &count) }
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

    private static let values: [UInt8] = {
        var values = [UInt8](repeating: foreign, count: 256)
        for (value, digit) in Base64.digits.enumerated() { values[Int(digit)] = UInt8(value) }
        for byte in [ASCII.cr, ASCII.lf, ASCII.space, ASCII.tab] { values[Int(byte)] = blank }
        values[Int(UInt8(ascii: "="))] = padding
        return values
    }()
}
