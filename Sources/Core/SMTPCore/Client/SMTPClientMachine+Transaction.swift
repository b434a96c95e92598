import MailCore

import struct NIOCore.ByteBuffer

/// The transaction: MAIL, RCPT, DATA and the message. With PIPELINING all three go out together (RFC 2920 §3.1); with
/// CHUNKING the message goes with BDAT, which with PIPELINING needs no answer before it either (RFC 3030 §4.2).
extension SMTPClientMachine {
    mutating func startTransaction() {
        guard let transaction else { return }
        let commands = commands(for: transaction)
        if let refusal = commands.refusal(remoteHost: remoteHost) {
            self.transaction?.resolveRest(refusal, stage: .mail)
            return finishTransaction()
        }
        send(transaction, commands)
    }

    /// Sends the following transaction's commands once the message before it has left, and all but its reply has come.
    /// Not behind BDAT: if that is refused, only RSET may come next (RFC 3030 §2).
    mutating func sendFollowing() {
        guard let transaction, let following, !isFollowingSent, phase == .ready, chunk(of: transaction) == nil,
            !streamsChunk(transaction), !transaction.accepted.isEmpty, awaiting.count == 1,
            awaiting.first?.stage == .endOfData
        else { return }
        let commands = commands(for: following)
        guard commands.refusal(remoteHost: remoteHost) == nil else { return }
        isFollowingSent = true
        send(following, commands)
    }

    private mutating func send(_ transaction: ClientTransaction, _ commands: EnvelopeCommands) {
        var group = [Command(stage: .mail, text: commands.mail)]
        if extensions.pipelining {
            group += commands.envelope.recipients.map { Command(stage: .rcpt, text: commands.rcpt($0)) }
            if !streamsChunk(transaction) { group.append(messageCommand(for: transaction)) }
        }
        send(group)
        if extensions.pipelining { sendChunk(of: transaction) }
    }

    /// What announces the message.
    private func messageCommand(for transaction: ClientTransaction) -> Command {
        guard let chunk = chunk(of: transaction) else { return Command(stage: .data, text: "DATA") }
        return Command(stage: .endOfData, text: "BDAT \(chunk.content.readableBytes) LAST")
    }

    /// What follows BDAT. It is counted, and so needs no change and no end.
    private mutating func sendChunk(of transaction: ClientTransaction) {
        if phase != .closed, let chunk = chunk(of: transaction) { act(.sendContent(chunk.content)) }
    }

    private func chunk(of transaction: ClientTransaction) -> MessageChunk? {
        extensions.chunking ? transaction.chunk : nil
    }

    /// Whether the message goes with one BDAT, octet for octet, while it is read: one that is binary and not at hand. It
    /// waits for a recipient that is taken.
    private func streamsChunk(_ transaction: ClientTransaction) -> Bool {
        guard transaction.envelope.options.body == .binary, chunk(of: transaction) == nil else { return false }
        return transaction.size != nil && extensions.chunking && extensions.binaryMIME
    }

    /// Whether what is appended goes out as it is, behind a BDAT.
    var isStreamingChunk: Bool { transaction.map(streamsChunk) ?? false }

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

    private func commands(for transaction: ClientTransaction) -> EnvelopeCommands {
        EnvelopeCommands(
            envelope: transaction.envelope, size: transaction.size,
            isChunk: chunk(of: transaction) != nil || streamsChunk(transaction), isEncrypted: isEncrypted,
            extensions: extensions)
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
        guard let transaction else { return }
        if transaction.answered < transaction.envelope.recipients.count {
            let commands = commands(for: transaction)
            send(.rcpt, commands.rcpt(transaction.envelope.recipients[transaction.answered]))
        } else if transaction.accepted.isEmpty {
            send(.reset, "RSET")
        } else if streamsChunk(transaction) {
            beginStream()
        } else {
            send([messageCommand(for: transaction)])
            sendChunk(of: transaction)
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
        if chunk(of: before) != nil || streamsChunk(before), before.isOpen, !reply.isPositive {
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
        let isNextSent = isFollowingSent
        (self.transaction, following, isFollowingSent) = (following, nil, false)
        act(.finished(transaction.result(extensions)))
        if self.transaction == nil {
            if wantsQuit { sendQuit() }
        } else if !isNextSent {
            startTransaction()
        }
    }
}
