import CText
import MailCore

/// What a way that carries only text has to know of a message: octets beyond ASCII, and lines that are too long. Looks
/// at every octet once, and fast: each message that is relayed passes here.
public struct ContentSurvey: Hashable, Sendable {
    /// Octets of a line without its line end that every server has to take (RFC 5321 §4.5.3.1.6).
    public static let longestLine = 998

    public private(set) var has8Bit = false
    public private(set) var hasLongLine = false
    /// Octets of the line that is not ended yet, and whether its last is a CR.
    private var lineLength = 0
    private var endsInCR = false

    public init() {}

    /// Takes the next piece of the message.
    public mutating func take(_ piece: UnsafeRawBufferPointer) {
        guard let base = piece.baseAddress, !piece.isEmpty else { return }
        if !has8Bit { has8Bit = Self.has8Bit(piece) }
        guard !hasLongLine else { return }
        var start = 0
        while let found = memchr(base + start, Int32(ASCII.lf), piece.count - start) {
            let end = UnsafeRawPointer(found) - base
            // The CR of the line end counts here.
            if lineLength + end - start > Self.longestLine + 1 { hasLongLine = true }
            (lineLength, endsInCR) = (0, false)
            start = end + 1
            if start == piece.count { return }
        }
        lineLength += piece.count - start
        endsInCR = piece[piece.count - 1] == ASCII.cr
        if lineLength - (endsInCR ? 1 : 0) > Self.longestLine { hasLongLine = true }
    }

    private static func has8Bit(_ bytes: UnsafeRawBufferPointer) -> Bool {
        var all: UInt64 = 0
        let words = bytes.count / 8
        for word in 0..<words { all |= bytes.loadUnaligned(fromByteOffset: word * 8, as: UInt64.self) }
        var rest: UInt8 = 0
        for index in words * 8..<bytes.count { rest |= bytes[index] }
        return all & 0x8080_8080_8080_8080 != 0 || rest & 0x80 != 0
    }
}
