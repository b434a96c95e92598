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

    /// - Parameter resets: whether RSET goes in front.
    mutating func send(_ transaction: ClientTransaction, _ commands: EnvelopeCommands, resets: Bool = false) {
        var group: [Command] = []
        group.reserveCapacity(commands.envelope.recipients.count + 3)
        if resets { group.append(Command(stage: .reset, text: "RSET")) }
        group.append(Command(stage: .mail, text: commands.mail))
        if extensions.pipelining {
            for recipient in commands.envelope.recipients {
                group.append(Command(stage: .rcpt, text: commands.rcpt(recipient)))
            }
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

    func chunk(of transaction: ClientTransaction) -> MessageChunk? {
        extensions.chunking ? transaction.chunk : nil
    }

    /// Whether the message goes with one BDAT, octet for octet, while it is read: one that is not at hand, and binary or
    /// known to be text. It waits for a recipient that is taken.
    func streamsChunk(_ transaction: ClientTransaction) -> Bool {
        let isBinary = transaction.envelope.options.body == .binary
        guard extensions.chunking, isBinary ? extensions.binaryMIME : transaction.isText else { return false }
        return transaction.size != nil && chunk(of: transaction) == nil
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

    func commands(for transaction: ClientTransaction) -> EnvelopeCommands {
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
        guard let (isChunk, isOpen) = transaction.map({ (chunk(of: $0) != nil || streamsChunk($0), $0.isOpen) }) else {
            return
        }
        if variant == .lmtp {
            transaction?.nextAcceptedAnswered(reply)
            if let rest = transaction?.accepted, !rest.isEmpty { return awaitEndOfData() }
        } else {
            transaction?.contentAnswered(reply)
        }
        // Only RSET tells what is left of a transaction whose BDAT was refused (RFC 3030 §2).
        // Where another one has been sent, it has its RSET in front.
        if isChunk, isOpen, !reply.isPositive, sentFollowing == 0 {
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
        let isNextSent = sentFollowing > 0
        self.transaction = following.popFirst()
        if isNextSent {
            sentFollowing -= 1
            octetsBehind -= self.transaction.flatMap { chunk(of: $0) }?.content.readableBytes ?? 0
        }
        act(.finished(transaction.result(extensions)))
        if self.transaction == nil {
            if wantsQuit { sendQuit() }
        } else if !isNextSent {
            startTransaction()
        }
    }
}
