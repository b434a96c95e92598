extension MailMessage {
    /// The message as it travels: header and body in lines that end with CRLF. The same value gives the same octets.
    ///
    /// - Precondition: no attachment is a file; those are written with `MessageWriter`.
    public var bytes: [UInt8] {
        let segments = MessageSegment.segments(of: self)
        let size = Int(segments.reduce(0) { $0 + $1.size })
        return [UInt8](unsafeUninitializedCapacity: size) { output, count in
            for segment in segments {
                let room = UnsafeMutableRawBufferPointer(rebasing: UnsafeMutableRawBufferPointer(output)[count...])
                switch segment {
                case .octets(let bytes):
                    room.copyBytes(from: bytes)
                    count += bytes.count
                case .base64(let bytes): count += bytes.withUnsafeBytes { Base64.encodeLines($0, into: room) }
                case .file: preconditionFailure("a message with files is not in memory")
                }
            }
        }
    }

    /// Whether the body can be carried only with 8BITMIME (RFC 6152).
    public var needs8BitMIME: Bool { ComposedPart(self).texts.contains { $0.transferEncoding == "8bit" } }
}
