import MailCore
public import SMTPCore

/// Why a message was not taken, or no session came about.
public struct SMTPError: Error, Hashable, Sendable, CustomStringConvertible {
    /// How far the dialogue was.
    public let stage: SMTPStage
    /// What the server said, where it said no.
    public let reply: SMTPReply?
    /// Whether the same may succeed later.
    public let isTransient: Bool
    /// What can be done about it, where there is advice.
    public let hint: String?
    public let description: String
    /// Whether it was only the encryption that failed, so that a session in clear may do.
    private(set) var concernsTLS = false

    public init(stage: SMTPStage, reply: SMTPReply? = nil, isTransient: Bool, hint: String? = nil, description: String)
    {
        self.stage = stage
        self.reply = reply
        self.isTransient = isTransient
        self.hint = hint
        self.description = description
    }
}

extension SMTPError {
    /// No connection to `endpoint` came about.
    init(connecting endpoint: SMTPURL.Endpoint, to reason: String) {
        self.init(
            stage: .connect, isTransient: true, hint: "Is the server running, and does it listen there?",
            description: "\(endpoint): \(reason)")
    }

    /// The session ended with `failure`.
    public init(_ failure: SessionFailure) {
        let isPermanent = failure.reply?.severity == .permanentNegative
        self.init(
            stage: failure.stage, reply: failure.reply, isTransient: !isPermanent, hint: Self.hint(failure),
            description: failure.description)
        switch failure.reason {
        case .tls: concernsTLS = true
        case .timedOut: concernsTLS = failure.stage == .startTLS
        case .refused, .closedByServer, .violation, .abandoned: break
        }
    }

    /// None of the recipients was taken.
    init(_ result: TransactionResult, envelope: Envelope) {
        if let failure = result.failure {
            self.init(failure)
            return
        }
        let refusals = zip(envelope.recipients, result.outcomes).map { "\($0.address): \($1.diagnostic)" }
        self.init(
            stage: result.reply == nil ? .rcpt : .endOfData, reply: result.reply,
            isTransient: result.outcomes.contains { $0.action == .deferred },
            description: "no recipient was accepted: " + refusals.joined(separator: "; "))
    }

    private static func hint(_ failure: SessionFailure) -> String? {
        switch (failure.stage, failure.reason) {
        case (.greeting, .violation): "Is it a mail server that listens there?"
        case (.greeting, .timedOut): "The server took the connection and says nothing; it may want TLS from the start."
        case (.endOfData, .timedOut), (.endOfData, .closedByServer):
            "The server had the whole message; it may have been delivered."
        default: nil
        }
    }
}
