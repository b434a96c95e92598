import MailCore

extension SMTPServerMachine {
    /// Takes the decision that the last `.ask` wanted.
    ///
    /// - Precondition: a question is open, and `verdict` is one that it can have.
    public mutating func answer(_ verdict: SMTPServerVerdict) {
        if phase == .closed { return }
        guard case .deciding(let question) = phase else { preconditionFailure("no question is open") }
        phase = .command
        if case .refuseAndClose(let reply) = verdict { return finish(with: reply) }
        switch question {
        case .greeting: greetingDecided(verdict)
        case .hello(let command): helloDecided(command, verdict)
        case .mail(let command): mailDecided(command, verdict)
        case .recipient: recipientDecided(verdict)
        case .content: contentDecided(verdict)
        case .message: messageDecided(verdict)
        case .verify, .expand, .status: queryDecided(verdict)
        case .startQueue: queueStartDecided(verdict)
        case .turn: turnDecided(verdict)
        case .clientAttributes(let attributes): attributesDecided(attributes, verdict)
        case .authenticate, .authenticationResponse: authenticationDecided(verdict)
        }
    }

    private mutating func greetingDecided(_ verdict: SMTPServerVerdict) {
        session.welcome()
        switch verdict {
        case .welcome(let privileges):
            session.privileges = privileges
            say(.greeting(configuration))
        case .accept(let reply): say(reply ?? .greeting(configuration))
        case .refuse(let reply):
            session.isTurnedAway = true
            say(reply)
        default: preconditionFailure("no answer to a connection: \(verdict)")
        }
    }

    private mutating func helloDecided(_ command: HelloCommand, _ verdict: SMTPServerVerdict) {
        guard case .accept(let reply) = verdict else { return refuse(verdict) }
        abandonTransaction()
        session.greet(command)
        let usual =
            command.verb == .helo
            ? SMTPReply(250, "\(configuration.hostname) greets \(command.name)")
            : extensionReply(greeting: command.name)
        say(reply ?? usual)
    }

    private mutating func mailDecided(_ command: MailCommand, _ verdict: SMTPServerVerdict) {
        guard case .accept(let reply) = verdict else { return refuse(verdict) }
        transaction = SMTPServerTransaction(mail: command)
        say(reply ?? .senderAccepted)
    }

    private mutating func recipientDecided(_ verdict: SMTPServerVerdict) {
        switch verdict {
        case .accept(let reply):
            transaction?.acceptRecipient()
            say(reply ?? .recipientAccepted)
        case .refuse(let reply):
            refuseRecipient(reply)
        default: preconditionFailure("no answer to a recipient: \(verdict)")
        }
    }

    /// A refused recipient is no error of the peer's; ten times as many as a message can have are no list either.
    private mutating func refuseRecipient(_ reply: SMTPReply) {
        transaction?.refuseRecipient()
        say(reply)
        guard let refused = transaction?.refused, refused >= 10 * configuration.limits.recipients else { return }
        finish(with: .tooManyErrors(configuration.hostname))
    }

    private mutating func contentDecided(_ verdict: SMTPServerVerdict) {
        let chunk = awaitedChunk
        awaitedChunk = nil
        switch (verdict, chunk) {
        case (.accept, nil):
            makeReader(.dotStuffed)
            phase = .content
            say(.sendContent)
        case (.accept, let chunk?):
            makeReader(.chunk(remaining: chunk.size))
            readChunk(chunk)
        case (.refuse(let reply), nil): complain(reply)
        case (.refuse(let reply), let chunk?): spoil(chunk, with: reply)
        default: preconditionFailure("no answer to content: \(verdict)")
        }
    }

    private mutating func messageDecided(_ verdict: SMTPServerVerdict) {
        switch verdict {
        case .accept(let reply): sayForMessage(reply ?? .messageAccepted)
        case .refuse(let reply): sayForMessage(reply)
        case .eachRecipient(let replies):
            precondition(replies.count == transaction?.accepted, "one reply for each accepted recipient")
            for reply in replies { say(reply) }
        default: preconditionFailure("no answer to a message: \(verdict)")
        }
        endTransaction()
        session.countMessage()
    }

    private mutating func queryDecided(_ verdict: SMTPServerVerdict) {
        switch verdict {
        case .accept(let reply?): say(reply)
        case .accept(nil): say(.cannotVerify)
        default: refuse(verdict)
        }
    }

    mutating func refuse(_ verdict: SMTPServerVerdict) {
        guard case .refuse(let reply) = verdict else { preconditionFailure("no answer to the question: \(verdict)") }
        complain(reply)
    }
}
