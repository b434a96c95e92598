import MailCore

extension SMTPServerMachine {
    /// Verbs of other protocols, which somebody makes a browser or a proxy say to us.
    private static let foreignVerbs: Set<String> = [
        "get", "post", "put", "head", "options", "delete", "connect", "trace", "patch", "pri", "host:",
    ]

    mutating func take(_ event: CommandLineReader.Event) {
        switch event {
        case .line(let line): take(line)
        case .bareLineFeed:
            if phase == .authentication { phase = .command }
            complain(.bareLineFeed)
        case .endless: end(with: .notSMTP(configuration.hostname))
        case .tooLong:
            session.countLongLine()
            complain(phase == .authentication || Self.isAuthentication(lines.refused) ? .responseTooLong : .lineTooLong)
            if phase == .authentication { phase = .command }
            if session.longLines >= configuration.limits.longLines, phase != .closed {
                finish(with: .tooManyErrors(configuration.hostname))
            }
        }
    }

    private mutating func take(_ line: [UInt8]) {
        if phase == .authentication { return takeAuthenticationResponse(line) }
        do {
            carryOut(try CommandParser.parse(line, defaultDomain: configuration.defaultDomain))
        } catch {
            refuse(line, with: error.reply)
        }
    }

    private mutating func refuse(_ line: [UInt8], with reply: SMTPReply) {
        let word = String(utf8: line.prefix { $0 > ASCII.space }.prefix(10).map(\.asciiLowercased))
        if session.hello == nil, Self.foreignVerbs.contains(word) || word.hasPrefix("ssh-") {
            return end(with: .notSMTP(configuration.hostname))
        }
        // Whoever gets BDAT wrong sends octets next that must not be taken for commands.
        if word.hasPrefix("bdat") { return end(with: reply) }
        complain(reply)
    }

    private mutating func carryOut(_ command: SMTPCommand) {
        if session.isTurnedAway, command != .quit { return complain(.onlyQuit) }
        if countIdle(command) { return }
        switch command {
        case .hello(let command): greet(command)
        case .mail(let command): beginTransaction(command)
        case .recipient(let command): addRecipient(command)
        case .data: beginContent()
        case .chunk(let command): beginChunk(command)
        case .reset:
            abandonTransaction()
            say(.reset)
        case .noop:
            perform(.synchronize)
            say(.nothingDone)
        case .quit:
            abandonTransaction()
            say(.goodbye)
            close()
        case .help(let topic): help(topic)
        case .verify(let query): verify(query)
        case .expand(let query): expand(query)
        case .turn: turn(.turn)
        case .etrn(let request): startQueue(request)
        case .atrn(let domains): turn(.atrn(domains))
        case .clientAttributes(let attributes): replaceClient(attributes)
        case .authenticate(let command): authenticate(command)
        case .startTLS: startTLS()
        }
    }

    /// Counts a command that brings no message nearer; whether it was one too many.
    private mutating func countIdle(_ command: SMTPCommand) -> Bool {
        switch command {
        case .mail, .recipient, .data, .quit: return false
        case .chunk(let chunk) where chunk.size > 0: return false
        default: break
        }
        session.countIdleCommand()
        guard session.idleCommands > configuration.limits.idleCommands else { return false }
        end(with: .tooManyCommands(configuration.hostname))
        return true
    }

    private mutating func greet(_ command: HelloCommand) {
        switch (configuration.kind, command.verb) {
        case (.smtp, .lhlo): complain(.noLHLO)
        case (.lmtp, .helo), (.lmtp, .ehlo): complain(.useLHLO)
        default:
            perform(.synchronize)
            ask(.hello(command))
        }
    }

    private mutating func verify(_ query: AddressQuery) {
        perform(.synchronize)
        if !session.privileges.contains(.verify) { return say(.cannotVerify) }
        if query.hasUnknownParameter { return complain(.noSuchParameter(.vrfy)) }
        ask(.verify(query))
    }

    private mutating func expand(_ query: AddressQuery) {
        perform(.synchronize)
        if !session.privileges.contains(.expand) { return complain(.notOffered(.expn)) }
        if query.hasUnknownParameter { return complain(.noSuchParameter(.expn)) }
        ask(.expand(query))
    }

    private mutating func startTLS() {
        guard configuration.offersTLS, !session.isEncrypted else { return complain(.notOffered(.starttls)) }
        perform(.synchronize)
        abandonTransaction()
        say(.readyForTLS)
        beginHandshake()
    }
}
