import MailCore

extension SMTPServerMachine {
    /// What AUTH offers now: what is bound to TLS only over TLS, EXTERNAL to whom TLS has made known.
    var mechanisms: [String] {
        configuration.mechanisms.filter { mechanism in
            if mechanism == "EXTERNAL" { return session.clientIsKnown }
            return session.isEncrypted || !mechanism.hasSuffix("-PLUS")
        }
    }

    /// Those that are known and not offered because they protect a password too little (RFC 4954 §6, 534).
    private static let weakMechanisms: Set<String> = ["PLAIN", "LOGIN", "CRAM-MD5"]

    /// Whether AUTH can be used now: nobody has logged in, there are mechanisms, and no password would travel in clear.
    var offersAuthentication: Bool {
        session.identity == nil && !configuration.mechanisms.isEmpty
            && (session.isEncrypted || configuration.authenticatesInClear)
    }

    mutating func authenticate(_ command: AuthenticateCommand) {
        if configuration.mechanisms.isEmpty { return complain(.notOffered(.auth)) }
        if !session.isExtended { return complain(.greetFirst) }
        if session.identity != nil { return complain(.alreadyAuthenticated) }
        if transaction != nil { return complain(.notInTransaction) }
        if !offersAuthentication { return complain(.encryptionFirst) }
        guard mechanisms.contains(command.mechanism) else {
            return complain(Self.weakMechanisms.contains(command.mechanism) ? .mechanismTooWeak : .noSuchMechanism)
        }
        perform(.synchronize)
        ask(.authenticate(command))
    }

    mutating func takeAuthenticationResponse(_ line: [UInt8]) {
        phase = .command
        if line == [UInt8(ascii: "*")] { return complain(.cancelled) }
        guard line.allSatisfy({ $0.isASCIILetterOrDigit || "+/=".utf8.contains($0) }) else {
            return complain(.notBase64)
        }
        ask(.authenticationResponse(String(utf8: line)))
    }

    /// What the decision about a step of AUTH brings about.
    mutating func authenticationDecided(_ verdict: SMTPServerVerdict) {
        switch verdict {
        case .challenge(let challenge):
            say(SMTPReply(334, challenge))
            phase = .authentication
        case .authenticated(let identity, let privileges):
            session.authenticate(as: identity, privileges)
            secretsMayFollow = false
            say(.authenticated)
        case .refuse(let reply): complain(reply)
        case .accept, .welcome, .eachRecipient, .refuseAndClose: preconditionFailure("no answer to AUTH: \(verdict)")
        }
    }
}
