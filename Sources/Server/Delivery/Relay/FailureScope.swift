import SMTPCore

/// How far a failure reaches, and so what may still be tried in the same attempt.
enum FailureScope: Hashable, Sendable {
    /// Others in the same transaction may have better luck.
    case recipient
    /// No host will say otherwise, or none may be asked: the message may be there already.
    case message
    /// The next host may take it.
    case host
    /// Nobody there takes mail now, from anybody.
    case site

    /// What went wrong.
    enum Cause: Hashable, Sendable {
        /// The server said no for now.
        case temporaryRefusal
        /// The server said no for good.
        case permanentRefusal
        /// The server said 421: it ends the session, whatever was asked.
        case closing
        /// The server said nothing, closed the connection, or does not speak the protocol.
        case silence
        /// This side stopped.
        case ourselves
    }

    /// - Parameters:
    ///   - stage: what the server was asked for.
    ///   - hasOtherHosts: whether there is a host that has not been tried.
    ///   - isLMTP: whether the message is answered for each recipient.
    init(_ cause: Cause, at stage: SMTPStage, hasOtherHosts: Bool, isLMTP: Bool) {
        let host: FailureScope = hasOtherHosts ? .host : .site
        switch (stage, cause) {
        case (_, .ourselves): self = .message
        // The server has the whole message: what it does with it is not known.
        case (.endOfData, .silence): self = .message
        case (_, .silence), (_, .closing): self = host
        case (.connect, _), (.greeting, _), (.hello, _), (.startTLS, _), (.auth, _), (.idle, _): self = host
        // A host may be short of something that another one has; a site that says so is alive.
        case (.mail, .temporaryRefusal): self = hasOtherHosts ? .host : .message
        case (.rcpt, _): self = .recipient
        case (.endOfData, _) where isLMTP: self = .recipient
        case (_, .temporaryRefusal), (_, .permanentRefusal): self = .message
        }
    }
}

extension FailureScope.Cause {
    init(_ reply: SMTPReply) {
        self =
            switch reply.severity {
            case .permanentNegative: .permanentRefusal
            case _ where reply.code == 421: .closing
            case .positiveCompletion, .positiveIntermediate, .transientNegative: .temporaryRefusal
            }
    }

    init(_ reason: SessionFailure.Reason) {
        switch reason {
        case .refused(let reply): self.init(reply)
        case .closedByServer, .timedOut, .violation, .tls, .authentication: self = .silence
        case .abandoned: self = .ourselves
        }
    }
}
