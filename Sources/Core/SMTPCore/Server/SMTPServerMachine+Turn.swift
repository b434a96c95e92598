import MailCore

/// Commands that reach beyond the session: what waits in the queue, whose connection this is, and who speaks.
extension SMTPServerMachine {
    /// ETRN (RFC 1985 §5.1).
    mutating func startQueue(_ request: QueueRequest) {
        perform(.synchronize)
        if !session.privileges.contains(.startQueue) { return complain(.notOffered(.etrn)) }
        if session.hello == nil { return complain(.greetFirst) }
        if transaction != nil { return complain(.notInTransaction) }
        ask(.startQueue(request))
    }

    mutating func queueStartDecided(_ verdict: SMTPServerVerdict) {
        guard case .accept(let reply) = verdict else { return refuse(verdict) }
        say(reply ?? .queueStarted)
    }

    /// TURN is for those only who have proved who they are over TLS; to all others it does not exist. ATRN has a listener
    /// of its own, which asks for proof (RFC 2645 §5.2.1).
    mutating func turn(_ request: TurnRequest) {
        perform(.synchronize)
        switch request {
        case .turn where !mayTurn: return complain(.notOffered(.turn))
        case .atrn where !configuration.isOnDemandRelay: return complain(.notOffered(.atrn))
        case .turn, .atrn: break
        }
        if session.hello == nil { return complain(.greetFirst) }
        if transaction != nil { return complain(.notInTransaction) }
        if session.identity == nil { return complain(.authenticateFirst) }
        ask(.turn(request))
    }

    /// Whether TURN works in this session.
    var mayTurn: Bool {
        session.privileges.contains(.turn) && session.isEncrypted && session.identity != nil
    }

    mutating func turnDecided(_ verdict: SMTPServerVerdict) {
        guard case .accept(let reply) = verdict else { return refuse(verdict) }
        say(reply ?? .turned)
        handOver()
    }

    /// XCLIENT. It comes between the greeting and the first transaction.
    mutating func replaceClient(_ attributes: ClientAttributes) {
        perform(.synchronize)
        guard session.privileges.contains(.clientAttributes) else { return complain(.mayNotSpeakForOthers) }
        if transaction != nil { return complain(.notInTransaction) }
        ask(.clientAttributes(attributes))
    }

    mutating func attributesDecided(_ attributes: ClientAttributes, _ verdict: SMTPServerVerdict) {
        guard case .accept = verdict else { return refuse(verdict) }
        session.beginAnew(as: attributes.login)
        ask(.greeting)
    }
}
