import MailCore

import struct NIOCore.ByteBuffer

/// The transaction: MAIL, RCPT, DATA and the message. With PIPELINING all three go out together (RFC 2920 §3.1).
extension SMTPClientMachine {
    mutating func startTransaction() {
        guard let commands else { return }
        if let refusal = commands.refusal(remoteHost: remoteHost) {
            transaction?.resolveRest(refusal)
            return finishTransaction()
        }
        var group = [Command(stage: .mail, text: commands.mail)]
        if extensions.pipelining {
            group += commands.envelope.recipients.map { Command(stage: .rcpt, text: commands.rcpt($0)) }
            group.append(Command(stage: .data, text: "DATA"))
        }
        send(group)
    }

    private var commands: EnvelopeCommands? {
        transaction.map { EnvelopeCommands(envelope: $0.envelope, size: $0.size, extensions: extensions) }
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
        } else {
            send(.data, "DATA")
        }
    }

    mutating func dataAnswered(_ reply: SMTPReply) {
        guard let transaction else { return }
        switch reply.severity {
        case .positiveIntermediate where transaction.accepted.isEmpty:
            // A server may say 354 though it took no recipient: it gets an empty message (RFC 2920 §3.1).
            act(.send(ByteBuffer(string: ".\r\n")))
            awaiting.append(Command(stage: .endOfData, text: "."))
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
        guard variant == .lmtp else {
            transaction?.contentAnswered(reply)
            return finishTransaction()
        }
        transaction?.nextAcceptedAnswered(reply)
        if awaiting.isEmpty { finishTransaction() }
    }

    /// The server refuses the message before it has all of it. What was sent cannot be taken back, so the session ends.
    mutating func contentInterrupted(_ reply: SMTPReply) {
        transaction?.contentAnswered(reply, stage: .content)
        fail(.refused(reply), at: .content)
    }

    mutating func finishTransaction() {
        guard let transaction else { return }
        self.transaction = nil
        act(.finished(transaction.result()))
        if wantsQuit { sendQuit() }
    }
}
