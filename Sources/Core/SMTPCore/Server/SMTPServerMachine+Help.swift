import MailCore

extension SMTPServerMachine {
    mutating func help(_ topic: String?) {
        guard let topic = topic?.uppercased() else {
            let verbs = offeredVerbs.map(\.rawValue).joined(separator: " ")
            return say(
                SMTPReply(
                    214, Self.helpStatus,
                    lines: ["The commands here are", verbs, "HELP and a command tells how it is written"]))
        }
        if topic == "STATUS", session.privileges.contains(.status) { return ask(.status) }
        guard let verb = SMTPVerb(rawValue: topic) else { return complain(.noSuchTopic) }
        say(SMTPReply(214, Self.helpStatus, verb.syntax))
    }

    private static let helpStatus = EnhancedStatusCode(.success, 0, 0)

    /// The commands that work in this session.
    private var offeredVerbs: [SMTPVerb] {
        SMTPVerb.allCases.filter { verb in
            switch verb {
            case .helo, .ehlo: configuration.kind == .smtp
            case .lhlo: configuration.kind == .lmtp
            case .expn: session.privileges.contains(.expand)
            case .auth: offersAuthentication
            case .starttls: configuration.offersTLS && !session.isEncrypted
            case .send, .soml, .saml: offersTerminals
            case .turn: mayTurn
            case .etrn: session.privileges.contains(.startQueue)
            case .atrn: configuration.isOnDemandRelay
            case .xclient: session.privileges.contains(.clientAttributes)
            case .mail, .rcpt, .data, .bdat: !configuration.isOnDemandRelay
            case .rset, .noop, .quit, .help, .vrfy: true
            }
        }
    }

    private var offersTerminals: Bool {
        session.privileges.contains(.terminals) && takesMail && configuration.kind == .smtp
    }
    private var takesMail: Bool { !configuration.isOnDemandRelay }

    /// The answer to EHLO and LHLO: one line each for what works in this session (RFC 5321 §4.1.1.1).
    func extensionReply(greeting name: String) -> SMTPReply {
        var lines = ["\(configuration.hostname) greets \(name)", "PIPELINING", "ENHANCEDSTATUSCODES"]
        if takesMail { lines += mailExtensions }
        if configuration.offersTLS, !session.isEncrypted { lines.append("STARTTLS") }
        if offersAuthentication { lines.append("AUTH " + mechanisms.joined(separator: " ")) }
        if session.privileges.contains(.expand) { lines.append("EXPN") }
        if offersTerminals { lines += ["SEND", "SOML", "SAML"] }
        if session.privileges.contains(.startQueue) { lines.append("ETRN") }
        if configuration.isOnDemandRelay { lines.append("ATRN") }
        if mayTurn { lines.append("TURN") }
        if session.privileges.contains(.clientAttributes) {
            lines.append("XCLIENT " + ClientAttributes.names.joined(separator: " "))
        }
        return SMTPReply(250, lines: lines + ["HELP"])
    }

    /// What concerns messages that the client hands in.
    private var mailExtensions: [String] {
        ["SIZE \(configuration.limits.content.size)", "8BITMIME", "SMTPUTF8", "CHUNKING"]
            + (configuration.offersBinary ? ["BINARYMIME"] : [])
            + ["DSN", "LIMITS RCPTMAX=\(configuration.limits.recipients)"]
            + (session.isEncrypted ? ["REQUIRETLS"] : [])
    }
}
