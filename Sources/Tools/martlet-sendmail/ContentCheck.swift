import SMTPCore
import SendmailCore

import struct NIOCore.ByteBuffer

/// Holds a message to the rules of the server, by the server's own code: what is taken here is taken there.
struct ContentCheck {
    private var reader: ContentReader

    init(_ settings: MaildropSettings) {
        reader = ContentReader(
            framing: .chunk(remaining: .max), limits: ContentLimits(settings), convertsBareLF: false,
            allowsBinary: false)
    }

    /// - Returns: why the message cannot be taken, as far as it is known.
    mutating func take(_ octets: [UInt8]) -> SMTPReply? {
        var input = ByteBuffer(bytes: octets)
        while reader.next(from: &input) != nil {}
        return reader.inspection.refusal
    }
}

extension ContentLimits {
    init(_ settings: MaildropSettings) {
        self.init(
            size: settings.messageSize, headerSize: settings.headerSize, headerFields: settings.headerFields,
            receivedHops: settings.receivedHops)
    }
}
