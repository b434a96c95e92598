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
        var (position, end) = (bytes.startIndex, start)
        while position + 3 <= bytes.endIndex {
            let group =
                Int(bytes.base[position]) << 16 | Int(bytes.base[position + 1]) << 8 | Int(bytes.base[position + 2])
            output[end] = character(group >> 18)
            output[end + 1] = character(group >> 12)
            output[end + 2] = character(group >> 6)
            output[end + 3] = character(group)
            position += 3
            end += 4
        }
        guard position < bytes.endIndex else { return end }
        let hasTwo = position + 1 < bytes.endIndex
        let group = Int(bytes.base[position]) << 16 | (hasTwo ? Int(bytes.base[position + 1]) << 8 : 0)
        output[end] = character(group >> 18)
        output[end + 1] = character(group >> 12)
        output[end + 2] = hasTwo ? character(group >> 6) : equals
        output[end + 3] = equals
        return end + 4
    }

    /// The character for the lowest six bits.
    @inline(__always)
    private static func character(_ bits: Int) -> UInt8 { alphabet.utf8Start[bits & 63] }

    private static let equals = UInt8(ascii: "=")
    private static let alphabet: StaticString = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
}
