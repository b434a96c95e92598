import MailCore

public import struct NIOCore.ByteBuffer

/// Makes content fit for DATA (RFC 5321 §4.5.2): a dot before each line that begins with one, and no line end but CRLF.
///
/// A bare CR or LF becomes CRLF and a NUL is left out, so that no server can find an end of the message that is not
/// there. Content that needs no change passes uncopied.
public struct DotStuffer: Sendable {
    private var isLineStart = true
    /// A CR ended the last piece; whether an LF follows it is not known yet.
    private var heldCR = false

    public init() {}

    /// The next piece as it goes on the wire.
    public mutating func encode(_ piece: ByteBuffer) -> ByteBuffer {
        guard piece.readableBytes > 0 else { return piece }
        return piece.withUnsafeReadableBytes { bytes -> ByteBuffer? in
            guard heldCR || !passes(bytes) else { return nil }
            return rewrite(bytes)
        } ?? piece
    }

    /// The end of the last line, if the content left it open. The line with the final dot is the caller's.
    public mutating func finish() -> ByteBuffer {
        let end = isLineStart && !heldCR ? "" : "\r\n"
        self = DotStuffer()
        return ByteBuffer(string: end)
    }

    /// Whether the piece may be sent as it is; if so, it is taken into account.
    private mutating func passes(_ bytes: UnsafeRawBufferPointer) -> Bool {
        var isLineStart = isLineStart
        var index = 0
        while index < bytes.count {
            if isLineStart, bytes[index] == ASCII.dot { return false }
            let byte = bytes[index]
            if byte == ASCII.cr {
                guard index + 1 < bytes.count, bytes[index + 1] == ASCII.lf else { return false }
                index += 2
                isLineStart = true
            } else if byte == ASCII.lf || byte == ASCII.nul {
                return false
            } else {
                index = bytes.endOfText(from: index + 1)
                isLineStart = false
            }
        }
        self.isLineStart = isLineStart
        return true
    }

    private mutating func rewrite(_ bytes: UnsafeRawBufferPointer) -> ByteBuffer {
        var output = ByteBuffer()
        // No octet becomes more than two, and a held CR brings two.
        output.writeWithUnsafeMutableBytes(minimumWritableBytes: bytes.count * 2 + 2) { room in
            var count = 0
            func put(_ byte: UInt8) {
                room[count] = byte
                count += 1
            }
            for byte in bytes {
                let followsCR = heldCR
                heldCR = byte == ASCII.cr
                if followsCR || byte == ASCII.lf {
                    put(ASCII.cr)
                    put(ASCII.lf)
                    isLineStart = true
                }
                if byte == ASCII.cr || byte == ASCII.lf || byte == ASCII.nul { continue }
                if byte == ASCII.dot, isLineStart { put(ASCII.dot) }
                put(byte)
                isLineStart = false
            }
            return count
        }
        return output
    }
}
