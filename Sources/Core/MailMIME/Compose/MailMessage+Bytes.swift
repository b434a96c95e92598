extension MailMessage {
    /// The message as it travels: header and body in lines that end with CRLF. The same value gives the same octets.
    ///
    /// - Precondition: no attachment is a file; those are written with `MessageWriter`.
    public var bytes: [UInt8] {
        var writer = MessageWriter(self)
        var output: [UInt8] = []
        output.reserveCapacity(Int(writer.size))
        while let step = writer.next() {
            guard case .write(let bytes) = step else { preconditionFailure("a message with files is not in memory") }
            output += bytes
        }
        return output
    }

    /// Whether the body can be carried only with 8BITMIME (RFC 6152).
    public var needs8BitMIME: Bool { MessagePart(self).texts.contains { $0.transferEncoding == "8bit" } }
}
