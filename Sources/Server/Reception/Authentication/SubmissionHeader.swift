import MailCore
import SendmailCore

import struct NIOCore.ByteBuffer

/// Completes the header of a message that a user submits: Date and Message-ID are added where they are missing, Bcc and
/// what is only true in a mailbox is taken away, and addresses get the domain that they lack (RFC 6409 §8).
struct SubmissionHeader {
    /// Octets beyond which a header is left as it is.
    private static let largest = 256 * 1_024

    private var octets: [UInt8] = []
    private var isDone = false
    let author: String
    let date: String
    let messageID: String
    /// nil where addresses stay as they are.
    let defaultDomain: Domain?

    init(author: String, date: String, messageID: String, defaultDomain: Domain?) {
        self.defaultDomain = defaultDomain
        self.author = author
        self.date = date
        self.messageID = messageID
    }

    /// What is to be stored for a piece; empty while the end of the header has not come.
    mutating func take(_ piece: ByteBuffer) -> ByteBuffer {
        if isDone { return piece }
        octets += piece.readableBytesView
        guard let (header, bodyStart) = MessageHeader.read(octets, isWhole: false) else {
            return octets.count > Self.largest ? release() : ByteBuffer()
        }
        return complete(header, bodyStart)
    }

    /// What is left at the end of a message without a body.
    mutating func finish() -> ByteBuffer {
        guard !isDone, let (header, bodyStart) = MessageHeader.read(octets, isWhole: true) else { return ByteBuffer() }
        return complete(header, bodyStart)
    }

    private mutating func complete(_ header: MessageHeader, _ bodyStart: Int) -> ByteBuffer {
        var header = header
        header.removePrivateFields()
        if let defaultDomain { header.completeAddresses(domain: defaultDomain) }
        header.addMissingFields(author: author, date: date, messageID: messageID)
        octets = header.octets + Array("\r\n".utf8) + octets[bodyStart...]
        return release()
    }

    private mutating func release() -> ByteBuffer {
        isDone = true
        defer { octets = [] }
        return ByteBuffer(bytes: octets)
    }
}
