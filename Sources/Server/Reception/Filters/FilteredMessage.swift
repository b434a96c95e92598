import MailCore
import MilterCore
import NIOCore
import QueueCore
import SMTPCore

/// A complete message between a session and the queue, as far as filters have come with it.
struct FilteredMessage: Sendable {
    private static let emptyLine: [UInt8] = [ASCII.cr, ASCII.lf]

    var envelope: Envelope
    private(set) var header: MilterHeader
    /// What stands between header and body.
    private var separator: [UInt8]
    /// Where the body is: behind so many octets of this.
    private var content: any IncomingMessage
    private var start: UInt64

    /// Reads the header of what has come.
    init(_ envelope: Envelope, in content: any IncomingMessage) async throws(SinkError) {
        var octets: [UInt8] = []
        while true {
            let piece = try await content.read(MilterEvent.longestPiece, from: UInt64(octets.count))
            octets += piece.readableBytesView
            guard let (header, end) = MilterHeader.read(octets, isWhole: piece.readableBytes == 0) else { continue }
            self.envelope = envelope
            self.header = header
            self.content = content
            (separator, start) = (Array(octets[end.fields..<end.header]), UInt64(end.header))
            return
        }
    }

    /// A piece of the body, from `offset` on; empty at its end.
    func piece(at offset: UInt64) async throws(SinkError) -> ByteBuffer {
        try await content.read(MilterEvent.longestPiece, from: start + offset)
    }

    /// Makes a change to header or envelope.
    mutating func apply(_ change: MilterChange) {
        if header.apply(change) { return }
        switch change {
        case .sender(let path): envelope.reversePath = path
        case .addRecipient(let command): add(command)
        case .deleteRecipient(let address): envelope.recipients.removeAll { $0.address == address }
        case .quarantine(let reason): envelope.quarantine = envelope.quarantine ?? reason
        case .addField, .insertField, .changeField, .body: break
        }
    }

    private mutating func add(_ command: RecipientCommand) {
        guard case .mailbox(let address) = command.forwardPath,
            !envelope.recipients.contains(where: { $0.address == address })
        else { return }
        envelope.recipients.append(EnvelopeRecipient(address, notify: command.notify, original: command.original))
    }

    /// Puts another body in place of the one that came.
    mutating func replaceBody(with body: any IncomingMessage) {
        (content, start, separator) = (body, 0, Self.emptyLine)
    }

    /// Writes the message as it is now.
    func write(to message: any IncomingMessage) async throws(SinkError) {
        await message.append(ByteBuffer(bytes: header.octets + separator))
        var offset: UInt64 = 0
        while true {
            let piece = try await piece(at: offset)
            if piece.readableBytes == 0 { return }
            await message.append(piece)
            offset += UInt64(piece.readableBytes)
        }
    }
}
