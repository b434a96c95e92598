import Glibc
package import MailCore
import SendmailCore

/// Writes one message into a maildrop. It is there when `commit` has returned, and leaves nothing behind otherwise.
package final class DropWriter {
    /// Octets that are gathered before they are written.
    private static let gathered = 64 * 1_024

    private let folder: MaildropFolder
    private let name: String
    private let descriptor: Int32
    private var head: DropHead
    private let envelopeLength: Int
    private var buffer: [UInt8]
    private var isCommitted = false
    /// Octets of the message so far.
    package private(set) var length: UInt64 = 0

    private var draft: String { "\(folder.tmp)/\(name)" }

    package init(_ folder: MaildropFolder, _ envelope: Envelope) throws(MaildropError) {
        self.folder = folder
        head = DropHead(envelope)
        let lines = head.lines
        envelopeLength = lines.count
        guard lines.count <= DropHead.envelopeLimit else {
            throw MaildropError(operation: "open", path: folder.tmp, code: E2BIG)
        }
        buffer = DropHead.line(envelopeLength: lines.count, messageLength: 0) + lines
        name = DropName.make()
        let path = "\(folder.tmp)/\(name)"
        descriptor = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o640)
        guard descriptor >= 0 else { throw .last("open", path) }
        // Whatever the umask: the server's group must be able to read it, and nobody else.
        fchmod(descriptor, 0o640)
    }

    deinit {
        close(descriptor)
        if !isCommitted { unlink(draft) }
    }

    /// Appends octets of the message.
    package func append(_ octets: [UInt8]) throws(MaildropError) {
        length += UInt64(octets.count)
        buffer += octets
        if buffer.count >= Self.gathered { try flush() }
    }

    /// Makes the message durable, and gives it to the server.
    ///
    /// - Parameter body: what the body turned out to be.
    package func commit(body: EnvelopeOptions.Body) throws(MaildropError) {
        try flush()
        head.envelope.options.body = body
        let start = DropHead.line(envelopeLength: envelopeLength, messageLength: length) + head.lines
        guard lseek(descriptor, 0, SEEK_SET) == 0 else { throw .last("lseek", draft) }
        try FileOctets.write(start, to: descriptor, draft)
        guard fsync(descriptor) == 0 else { throw .last("fsync", draft) }
        let complete = "\(folder.new)/\(name)"
        guard rename(draft, complete) == 0 else { throw .last("rename", draft) }
        isCommitted = true
        try folder.synchronize(folder.new, file: descriptor)
    }

    private func flush() throws(MaildropError) {
        try FileOctets.write(buffer, to: descriptor, draft)
        buffer.removeAll(keepingCapacity: true)
    }
}
