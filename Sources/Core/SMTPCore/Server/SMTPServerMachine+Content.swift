import MailCore

extension SMTPServerMachine {
    mutating func take(_ event: ContentReader.Event) {
        switch event {
        case .piece(let piece):
            if reader?.inspection.defect == nil { perform(.body(piece)) } else { giveUpContent() }
        case .end:
            if case .chunk(let command) = phase, !command.isLast { endChunk(command) } else { endContent() }
        }
    }

    /// Tells once that what came of the message is of no use; the rest is read to its end all the same.
    mutating func giveUpContent() {
        guard transaction?.isAbandoned == false else { return }
        transaction?.isAbandoned = true
        perform(.abandonTransaction)
    }

    private mutating func endChunk(_ command: ChunkCommand) {
        phase = .command
        if let refusal = reader?.inspection.refusal {
            spoilTransaction()
            return complain(refusal)
        }
        say(.chunkTaken(command.size))
    }

    private mutating func endContent() {
        reader?.finish()
        guard let refusal = reader?.inspection.refusal else { return ask(.message) }
        phase = .command
        giveUpContent()
        sayForMessage(refusal)
        endTransaction()
    }

    /// The reply to a message: one over SMTP, one for each accepted recipient over LMTP (RFC 2033 §4.2).
    func repliesForMessage(_ reply: SMTPReply) -> [SMTPReply] {
        Array(repeating: reply, count: configuration.kind == .lmtp ? max(transaction?.accepted ?? 1, 1) : 1)
    }

    mutating func sayForMessage(_ reply: SMTPReply) {
        for reply in repliesForMessage(reply) { say(reply) }
    }

    /// The message is done, one way or the other; nothing is left to be abandoned.
    mutating func endTransaction() {
        transaction = nil
        reader = nil
        awaitedChunk = nil
    }
}
