/// Base64 (RFC 4648 §4), in one run or in lines as mail carries it (RFC 2045 §6.8).
public enum Base64 {
    /// How many octets fill a line of 76 characters.
    private static let octetsPerLine = 57

    public static func encode(_ bytes: some Collection<UInt8>) -> [UInt8] {
        var output: [UInt8] = []
        output.reserveCapacity((bytes.count + 2) / 3 * 4)
        append(bytes, to: &output)
        return output
    }

    /// Lines of at most 76 characters, each ended by CRLF.
    public static func encodeLines(_ bytes: [UInt8]) -> [UInt8] {
        var output: [UInt8] = []
        output.reserveCapacity((bytes.count / octetsPerLine + 1) * 78)
        for start in stride(from: 0, to: bytes.count, by: octetsPerLine) {
            append(bytes[start..<min(start + octetsPerLine, bytes.count)], to: &output)
            output += [0x0D, 0x0A]
        }
        return output
    }

    private static func append(_ bytes: some Collection<UInt8>, to output: inout [UInt8]) {
        var group: UInt32 = 0
        var count = 0
        for byte in bytes {
            group = group << 8 | UInt32(byte)
            count += 1
            if count == 3 {
                append(group, characters: 4, to: &output)
                (group, count) = (0, 0)
            }
        }
        guard count > 0 else { return }
        append(group << (8 * UInt32(3 - count)), characters: count + 1, to: &output)
        for _ in count..<3 { output.append(UInt8(ascii: "=")) }
    }

    private static func append(_ group: UInt32, characters: Int, to output: inout [UInt8]) {
        for index in 0..<characters {
            output.append(alphabet[Int(group >> (18 - 6 * UInt32(index)) & 63)])
        }
    }

    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
}
