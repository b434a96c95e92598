import MailCore

import struct NIOCore.ByteBuffer

/// A whole message as one BDAT carries it, octet for octet (RFC 3030 §2).
///
/// What DATA would have to mend stays out of it: a bare CR or LF, a NUL, a last line that is not ended. Only a message
/// that its sender declared binary may have them.
struct MessageChunk {
    /// More than this is better sent where the server can say no before it comes.
    static let longest = 1 << 20

    let content: ByteBuffer

    init?(_ content: ByteBuffer, body: EnvelopeOptions.Body) {
        guard content.readableBytes <= Self.longest else { return nil }
        guard body == .binary || content.withUnsafeReadableBytes(Self.isText) else { return nil }
        self.content = content
    }

    private static func isText(_ bytes: UnsafeRawBufferPointer) -> Bool {
        var index = 0
        var isLineStart = true
        while index < bytes.count {
            let byte = bytes[index]
            isLineStart = byte == ASCII.cr
            if isLineStart {
                guard index + 1 < bytes.count, bytes[index + 1] == ASCII.lf else { return false }
                index += 2
            } else if byte == ASCII.lf || byte == ASCII.nul {
                return false
            } else {
                index = bytes.endOfText(from: index + 1)
            }
        }
        return isLineStart
    }
}
