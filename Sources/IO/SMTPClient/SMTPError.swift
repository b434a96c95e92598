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
    public internal(set) var hint: String?
    /// What became of each recipient, where it came to that.
    public let recipients: [RecipientResult]
    /// What happened, in one line without the hint.
    public internal(set) var description: String
    /// Whether it was only the encryption that failed, so that a session in clear may do.
    package private(set) var concernsTLS = false
    /// Whether the server's certificate leads to none of the roots.
    private(set) var isUntrusted = false

    /// An error as a transport reports it: how far the dialogue was, and what was said.
    public init(
        stage: SMTPStage, reply: SMTPReply? = nil, isTransient: Bool, hint: String? = nil,
        recipients: [RecipientResult] = [], description: String
    ) {
        self.stage = stage
        self.reply = reply
        self.isTransient = isTransient
        self.hint = hint
        self.recipients = recipients
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
        var isPermanent = failure.reply?.severity == .permanentNegative
        if case .authentication(_, let isFinal) = failure.reason { isPermanent = isFinal }
        self.init(
            stage: failure.stage, reply: failure.reply, isTransient: !isPermanent, hint: Self.hint(failure),
            description: failure.description)
        switch failure.reason {
        case .tls(let text): (concernsTLS, isUntrusted) = (true, text == Self.untrusted)
        case .timedOut: concernsTLS = failure.stage == .startTLS
        case .refused, .closedByServer, .violation, .abandoned, .authentication: break
        }
    }

    /// None of the recipients was taken.
    init(_ result: TransactionResult, envelope: Envelope) {
        let recipients = [RecipientResult](envelope, result.outcomes)
        // Where every recipient was decided before, it does not matter how the session ended.
        if let failure = result.failure, result.stages.contains(nil) {
            self = SMTPError(failure).with(recipients)
            return
        }
        self.init(
            stage: result.stages.last.flatMap(\.self) ?? .rcpt, reply: result.reply ?? result.refusal,
            isTransient: recipients.contains(where: \.isTransient), recipients: recipients,
            description: "no recipient was accepted: " + Self.list(recipients))
    }

    /// The recipients with what was said of each; of many, the first ones.
    private static func list(_ recipients: [RecipientResult]) -> String {
        let more = recipients.count > 10 ? "; and \(recipients.count - 10) more" : ""
        return recipients.prefix(10).map(\.description).joined(separator: "; ") + more
    }

    private static let untrusted = "certificate verify failed"

    private static func hint(_ failure: SessionFailure) -> String? {
        switch (failure.stage, failure.reason) {
        case (_, .tls(Self.untrusted)):
            """
            its certificate leads to no root that is trusted here: name the root in [tls] roots, or the certificate by its \
            fingerprint, tls = "sha256:..."; martlet probe shows both
            """
        case (_, .tls("wrong version number")):
            "this port does not begin with TLS: try smtp://, which encrypts with STARTTLS"
        case (.greeting, .violation): "Is it a mail server that listens there?"
        case (.greeting, .timedOut): "The server took the connection and says nothing; it may want TLS from the start."
        case (.endOfData, .timedOut), (.endOfData, .closedByServer):
            "The server had the whole message; it may have been delivered."
        default: nil
        }
    }
}
