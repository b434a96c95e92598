import MailCore

/// Base64 (RFC 4648 §4), in one run or in lines as mail carries it (RFC 2045 §6.8).
public enum Base64 {
    /// How many octets fill a line of 76 characters.
    static let octetsPerLine = 57

    public static func encode(_ bytes: some Collection<UInt8>) -> [UInt8] {
        let bytes = Array(bytes)
        return [UInt8](unsafeUninitializedCapacity: (bytes.count + 2) / 3 * 4) { output, count in
            bytes.withUnsafeBufferPointer { count = encode($0[...], into: output, at: 0) }
        }
    }

    /// Lines of at most 76 characters, each ended by CRLF.
    public static func encodeLines(_ bytes: [UInt8]) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: Int(sizeOfLines(UInt64(bytes.count)))) { output, count in
            bytes.withUnsafeBufferPointer { bytes in
                for start in stride(from: 0, to: bytes.count, by: octetsPerLine) {
                    count = encode(bytes[start..<min(start + octetsPerLine, bytes.count)], into: output, at: count)
                    output[count] = ASCII.cr
                    output[count + 1] = ASCII.lf
                    count += 2
                }
            }
        }
    }

    /// How many octets `encodeLines` makes of so many.
    public static func sizeOfLines(_ count: UInt64) -> UInt64 {
        (count + 2) / 3 * 4 + (count + UInt64(octetsPerLine) - 1) / UInt64(octetsPerLine) * 2
    }

    /// Returns where the output ends.
    private static func encode(
        _ bytes: Slice<UnsafeBufferPointer<UInt8>>, into output: UnsafeMutableBufferPointer<UInt8>, at start: Int
    ) -> Int {
        let (input, target) = (bytes.base, UnsafeMutableRawBufferPointer(output))
        var (position, end) = (bytes.startIndex, start)
        pairs.withUnsafeBufferPointer { pairs in
            while position + 3 <= bytes.endIndex {
                let group = Int(input[position]) << 16 | Int(input[position + 1]) << 8 | Int(input[position + 2])
                target.storeBytes(of: pairs[group >> 12], toByteOffset: end, as: UInt16.self)
                target.storeBytes(of: pairs[group & 4_095], toByteOffset: end + 2, as: UInt16.self)
                position += 3
                end += 4
            }
        }
        guard position < bytes.endIndex else { return end }
        let hasTwo = position + 1 < bytes.endIndex
        let group = Int(input[position]) << 16 | (hasTwo ? Int(input[position + 1]) << 8 : 0)
        output[end] = character(group >> 18)
        output[end + 1] = character(group >> 12)
        output[end + 2] = hasTwo ? character(group >> 6) : equals
        output[end + 3] = equals
        return end + 4
    }

    /// The two characters for twelve bits, as they lie in memory.
    private static let pairs: [UInt16] = (0..<4_096).map { bits in
        (UInt16(character(bits >> 6)) << 8 | UInt16(character(bits))).bigEndian
    }

    /// The character for the lowest six bits.
    private static func character(_ bits: Int) -> UInt8 { alphabet.utf8Start[bits & 63] }

    private static let equals = UInt8(ascii: "=")
    private static let alphabet: StaticString = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
}
