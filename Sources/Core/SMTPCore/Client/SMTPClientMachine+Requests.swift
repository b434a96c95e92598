/// ETRN, ATRN and TURN.
extension SMTPClientMachine {
    /// Asks for the mail that the server keeps. `.answered` tells what it says; if the roles change, nothing follows.
    ///
    /// - Precondition: `canAsk`.
    public mutating func ask(_ request: MailRequest) {
        precondition(canAsk)
        self.request = request
        send(.request, request.description)
    }

    /// Whether `ask` may be called: the session stands, and nothing else is under way.
    public var canAsk: Bool { canBegin && phase == .ready && awaiting.isEmpty }

    mutating func requestAnswered(_ reply: SMTPReply) {
        guard let request else { return }
        self.request = nil
        var hasTurned = false
        if case .turn = request, reply.severity == .positiveCompletion { hasTurned = true }
        if hasTurned { phase = .closed }
        act(.answered(reply, hasTurned: hasTurned))
        if !hasTurned, wantsQuit { sendQuit() }
    }
}
