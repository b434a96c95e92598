import MailCore

extension SMTPServerMachine {
    mutating func beginTransaction(_ command: MailCommand) {
        if let verb = command.verb.interactive, !session.privileges.contains(.terminals) || configuration.kind == .lmtp
        {
            return complain(.notOffered(verb))
        }
        if configuration.isOnDemandRelay { return complain(.takesNoMail) }
        if session.hello == nil { return complain(.greetFirst) }
        if transaction != nil { return complain(.transactionOpen) }
        if let refusal = refusal(of: command) { return complain(refusal) }
        ask(.mail(command))
    }

    /// Why MAIL's parameters don't fit this session.
    private func refusal(of command: MailCommand) -> SMTPReply? {
        let parameters = command.parameters
        if !session.isExtended, !parameters.isEmpty { return .needsEHLO }
        if parameters.requireTLS, !session.isEncrypted { return .requireTLSNeedsTLS }
        if parameters.body == .binary, !configuration.offersBinary { return .binaryNotOffered }
        let limit = configuration.limits.content.size
        if let size = parameters.size, size > limit { return .tooLarge(limit) }
        if command.reversePath.mailbox?.isASCII == false, !parameters.smtputf8 { return .senderNeedsUTF8 }
        return nil
    }

    mutating func addRecipient(_ command: RecipientCommand) {
        guard let transaction else { return complain(session.hello == nil ? .greetFirst : .mailFirst) }
        if transaction.stage != .recipients { return complain(transaction.stage == .spoiled ? .spoiled : .chunksBegun) }
        if transaction.accepted >= configuration.limits.recipients {
            return say(.tooManyRecipients(configuration.limits.recipients))
        }
        if !session.isExtended, command.notify != nil || command.original != nil { return complain(.needsEHLO) }
        if case .mailbox(let address) = command.forwardPath, !address.isASCII, !transaction.mail.parameters.smtputf8 {
            return complain(.senderNeedsUTF8)
        }
        ask(.recipient(command))
    }

    mutating func beginContent() {
        perform(.synchronize)
        if let refusal = refusalOfContent(byChunks: false) { return complain(refusal) }
        ask(.content)
    }

    /// Why content cannot come now.
    private func refusalOfContent(byChunks: Bool) -> SMTPReply? {
        guard let transaction else { return session.hello == nil ? .greetFirst : .mailFirst }
        switch transaction.stage {
        case .spoiled: return .spoiled
        case .chunks: return byChunks ? nil : .chunksBegun
        case .recipients: break
        }
        if !byChunks, transaction.mail.parameters.body == .binary { return .binaryNeedsChunks }
        if transaction.accepted > 0 { return nil }
        return transaction.refused > 0 && configuration.kind == .smtp ? .noRecipients : .recipientFirst
    }

    mutating func beginChunk(_ command: ChunkCommand) {
        let limit = configuration.limits.content.size
        if let refusal = refusalOfContent(byChunks: true) {
            return command.size > limit ? end(with: refusal) : skip(command, then: refusal)
        }
        if command.size > limit { return end(with: .noRoomForSize) }
        let taken = min(reader?.inspection.size ?? 0, limit)
        if command.size > limit - taken { return spoil(command, with: .noRoomForSize) }
        if reader != nil { return readChunk(command) }
        awaitedChunk = command
        ask(.content)
    }

    /// Takes the octets of a chunk off the wire without looking at them.
    private mutating func skip(_ command: ChunkCommand, then reply: SMTPReply) {
        // The last chunk over LMTP has a reply for each recipient, refused or not (RFC 2033 §4.3).
        let replies = command.isLast ? repliesForMessage(reply) : [reply]
        phase = .skippingChunk(remaining: command.size, replies)
    }

    /// Gives the message up; later chunks of it are refused too.
    mutating func spoil(_ command: ChunkCommand, with reply: SMTPReply) {
        spoilTransaction()
        skip(command, then: reply)
    }

    mutating func spoilTransaction() {
        giveUpContent()
        transaction?.stage = .spoiled
        reader = nil
        awaitedChunk = nil
    }

    mutating func readChunk(_ command: ChunkCommand) {
        transaction?.stage = .chunks
        reader?.framing = .chunk(remaining: command.size)
        phase = .chunk(command)
    }

    mutating func makeReader(_ framing: ContentReader.Framing) {
        reader = ContentReader(
            framing: framing, limits: configuration.limits.content,
            convertsBareLF: configuration.bareLineFeeds == .convert,
            allowsBinary: transaction?.mail.parameters.body == .binary)
    }
}

extension MailCommand.Verb {
    /// The verb, if it is one that writes to a terminal.
    var interactive: SMTPVerb? {
        switch self {
        case .mail: nil
        case .send: .send
        case .soml: .soml
        case .saml: .saml
        }
    }
}
