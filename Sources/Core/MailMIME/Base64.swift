import CBase64
import MailCore

/// Base64 (RFC 4648 §4), in one run or in lines as mail carries it (RFC 2045 §6.8).
public enum Base64 {
    /// How many octets fill a line of 76 characters.
    static let octetsPerLine = 57
    /// With CRLF.
    private static let charactersPerLine = 78

    public static func encode(_ bytes: some Collection<UInt8>) -> [UInt8] {
        let fast = bytes.withContiguousStorageIfAvailable { encode(UnsafeRawBufferPointer($0)) }
        return fast ?? Array(bytes).withUnsafeBytes { encode($0) }
    }

    private static func encode(_ bytes: UnsafeRawBufferPointer) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: (bytes.count + 2) / 3 * 4) { output, count in
            count = encode(bytes, bytes.indices, into: UnsafeMutableRawBufferPointer(output), at: 0)
        }
    }

    /// Lines of at most 76 characters, each ended by CRLF.
    public static func encodeLines(_ bytes: [UInt8]) -> [UInt8] { encodeLines(bytes[...]) }

    static func encodeLines(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: Int(sizeOfLines(UInt64(bytes.count)))) { output, count in
            count = bytes.withUnsafeBytes { encodeLines($0, into: UnsafeMutableRawBufferPointer(output)) }
        }
    }

    /// Returns how many octets were written; there must be room for `sizeOfLines`.
    static func encodeLines(_ bytes: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer) -> Int {
        let lines = encodeWholeLines(bytes, into: output)
        var (start, end) = (lines * octetsPerLine, lines * charactersPerLine)
        while start < bytes.count {
            end = encode(bytes, start..<min(start + octetsPerLine, bytes.count), into: output, at: end)
            output.storeBytes(of: lineEnd.littleEndian, toByteOffset: end, as: UInt16.self)
            end += 2
            start += octetsPerLine
        }
        return end
    }

    /// Encodes lines where the processor does so by itself, but for the last, beyond which it would read. Returns how many.
    private static func encodeWholeLines(
        _ bytes: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer
    ) -> Int {
        guard bytes.count >= 4, let source = bytes.baseAddress, let target = output.baseAddress else { return 0 }
        return CBase64EncodeLines(source, (bytes.count - 4) / octetsPerLine, target)
    }

    /// How many octets `encodeLines` makes of so many.
    public static func sizeOfLines(_ count: UInt64) -> UInt64 {
        (count + 2) / 3 * 4 + (count + UInt64(octetsPerLine) - 1) / UInt64(octetsPerLine) * 2
    }

    /// Encodes a range whose length is a multiple of three, or that ends where the octets do. Returns where the output
    /// ends.
    private static func encode(
        _ bytes: UnsafeRawBufferPointer, _ range: Range<Int>, into output: UnsafeMutableRawBufferPointer, at start: Int
    ) -> Int {
        guard let source = bytes.baseAddress, let target = output.baseAddress else { return start }
        var (position, end) = (range.lowerBound, start)
        // What goes beyond the range is written over by what follows, of which there is enough.
        while position < range.upperBound, position + Base64Block.reach <= bytes.count {
            Base64Block.encode(source + position, to: target + end)
            position += 12
            end += 16
        }
        if position >= range.upperBound { return end - (position - range.upperBound) / 3 * 4 }
        while position < range.upperBound {
            encodeGroup(bytes[position..<min(position + 3, range.upperBound)], into: output, at: end)
            position += 3
            end += 4
        }
        return end
    }

    /// - Parameter octets: one to three.
    private static func encodeGroup(
        _ octets: Slice<UnsafeRawBufferPointer>, into output: UnsafeMutableRawBufferPointer, at start: Int
    ) {
        var group = 0
        for octet in octets { group = group << 8 | Int(octet) }
        group <<= 8 * (3 - octets.count)
        for index in 0..<4 {
            output[start + index] = index > octets.count ? equals : digits[group >> (18 - 6 * index) & 63]
        }
    }

    /// The digits by their values.
    static let digits = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

    private static let equals = UInt8(ascii: "=")

    /// CRLF, its first octet lowest.
    private static let lineEnd: UInt16 = 0x0A0D
}
