import MailCore

import struct NIOCore.ByteBuffer

/// The transaction: MAIL, RCPT, DATA and the message. With PIPELINING all three go out together (RFC 2920 §3.1); with
/// CHUNKING the message goes with BDAT, which with PIPELINING needs no answer before it either (RFC 3030 §4.2).
extension SMTPClientMachine {
    mutating func startTransaction() {
        guard let commands else { return }
        if let refusal = commands.refusal(remoteHost: remoteHost) {
            transaction?.resolveRest(refusal, stage: .mail)
            return finishTransaction()
        }
        var group = [Command(stage: .mail, text: commands.mail)]
        if extensions.pipelining {
            group += commands.envelope.recipients.map { Command(stage: .rcpt, text: commands.rcpt($0)) }
            if !streamsChunk { group.append(messageCommand) }
        }
        send(group)
        if extensions.pipelining { sendChunk() }
    }

    /// What announces the message.
    private var messageCommand: Command {
        guard let chunk else { return Command(stage: .data, text: "DATA") }
        return Command(stage: .endOfData, text: "BDAT \(chunk.content.readableBytes) LAST")
    }

    /// What follows BDAT. It is counted, and so needs no change and no end.
    private mutating func sendChunk() {
        if phase != .closed, let chunk { act(.sendContent(chunk.content)) }
    }

    private var chunk: MessageChunk? { extensions.chunking ? transaction?.chunk : nil }

    /// Whether the message goes with one BDAT, octet for octet, while it is read: one that is binary and not at hand. It
    /// waits for a recipient that is taken.
    var streamsChunk: Bool {
        guard let transaction, transaction.envelope.options.body == .binary, chunk == nil else { return false }
        return transaction.size != nil && extensions.chunking && extensions.binaryMIME
    }

    private mutating func beginStream() {
        guard let size = transaction?.size else { return }
        act(.send(ByteBuffer(string: "BDAT \(size) LAST\r\n")))
        if size == 0 { return awaitEndOfData() }
        transaction?.octetsToCome = size
        phase = .content
        act(.needContent)
    }

    /// The piece that completes the message is held until it is known that no other follows: with its last octet the
    /// server takes the message, whatever else there is.
    mutating func appendToStream(_ piece: ByteBuffer) {
        let (count, left) = (UInt64(piece.readableBytes), transaction?.octetsToCome ?? 0)
        guard count > 0 else { return }
        guard count <= left else { return abandon("the message is longer than was said") }
        transaction?.octetsToCome = left - count
        if count == left { transaction?.lastPiece = piece } else { act(.sendContent(piece)) }
    }

    mutating func endStream() {
        guard let last = transaction?.lastPiece else { return abandon("the message is shorter than was said") }
        act(.sendContent(last))
        transaction?.lastPiece = nil
        phase = .ready
        awaitEndOfData()
    }

    private var commands: EnvelopeCommands? {
        let isChunk = chunk != nil || streamsChunk
        return transaction.map {
            EnvelopeCommands(
                envelope: $0.envelope, size: $0.size, isChunk: isChunk, isEncrypted: isEncrypted, extensions: extensions
            )
        }
    }

    mutating func mailAnswered(_ reply: SMTPReply) {
        transaction?.mailAnswered(reply)
        guard awaiting.isEmpty else { return }
        if reply.isPositive { sendNextRecipient() } else { finishTransaction() }
    }

    mutating func recipientAnswered(_ reply: SMTPReply) {
        transaction?.recipientAnswered(reply)
        if awaiting.isEmpty { sendNextRecipient() }
    }

    /// Without PIPELINING: RCPT for the next recipient, or DATA where there is none, or RSET where none was accepted.
    private mutating func sendNextRecipient() {
        guard let transaction, let commands else { return }
        if transaction.answered < transaction.envelope.recipients.count {
            send(.rcpt, commands.rcpt(transaction.envelope.recipients[transaction.answered]))
        } else if transaction.accepted.isEmpty {
            send(.reset, "RSET")
        } else if streamsChunk {
            beginStream()
        } else {
            send([messageCommand])
            sendChunk()
        }
    }

    mutating func dataAnswered(_ reply: SMTPReply) {
        guard let transaction else { return }
        switch reply.severity {
        case .positiveIntermediate where transaction.accepted.isEmpty:
            // A server may say 354 though it took no recipient: it gets an empty message (RFC 2920 §3.1).
            act(.send(ByteBuffer(string: ".\r\n")))
            awaitEndOfData()
        case .positiveIntermediate:
            phase = .content
            act(.needContent)
        case .positiveCompletion:
            fail(.violation("the server answers DATA with \(reply)"), at: .data)
        case .transientNegative, .permanentNegative:
            let isOpen = transaction.isOpen
            if !transaction.accepted.isEmpty { self.transaction?.contentAnswered(reply, stage: .data) }
            if isOpen { send(.reset, "RSET") } else { finishTransaction() }
        }
    }

    mutating func contentAnswered(_ reply: SMTPReply) {
        guard let before = transaction else { return }
        if variant == .lmtp {
            transaction?.nextAcceptedAnswered(reply)
            if let rest = transaction?.accepted, !rest.isEmpty { return awaitEndOfData() }
        } else {
            transaction?.contentAnswered(reply)
        }
        // Only RSET tells what is left of a transaction whose BDAT was refused (RFC 3030 §2).
        if chunk != nil || streamsChunk, before.isOpen, !reply.isPositive {
            send(.reset, "RSET")
        } else {
            finishTransaction()
        }
    }

    /// The server refuses the message before it has all of it. What was sent cannot be taken back, so the session ends.
    mutating func contentInterrupted(_ reply: SMTPReply) {
        transaction?.contentAnswered(reply, stage: .content)
        fail(.refused(reply), at: .content)
    }

    mutating func finishTransaction() {
        guard let transaction else { return }
        self.transaction = nil
        act(.finished(transaction.result(extensions)))
        if wantsQuit { sendQuit() }
    }
}
