import MailCore
import SMTPCore

extension SMTPError {
    /// Whether the server had the whole message and said nothing: it may deliver it, and sent again it may come twice.
    public var isUncertain: Bool { stage == .endOfData && reply == nil }

    /// Whether the same may be tried at once without the message's coming twice.
    var isRepeatable: Bool {
        guard isTransient else { return false }
        switch stage {
        case .connect, .greeting, .hello, .startTLS, .auth: return true
        case .mail, .rcpt, .data, .content, .endOfData: return reply != nil
        case .reset, .quit, .idle, .request: return false
        }
    }

    /// What the error means for a recipient.
    var outcome: Outcome {
        if let reply { return Outcome(reply, stage: stage, remoteHost: nil) }
        let (action, statusClass): (Outcome.Action, EnhancedStatusCode.Class) =
            isTransient ? (.deferred, .persistentTransientFailure) : (.failed, .permanentFailure)
        return Outcome(action, status: EnhancedStatusCode(statusClass, 4, 0), diagnostic: description)
    }

    /// The same, naming the server, for those who have only this to read.
    package func naming(_ endpoint: SMTPURL.Endpoint, hint: String? = nil) -> SMTPError {
        var error = self
        error.description = "\(endpoint): \(description)"
        error.hint = hint ?? self.hint
        return error
    }

    func with(_ recipients: [RecipientResult]) -> SMTPError {
        SMTPError(
            stage: stage, reply: reply, isTransient: isTransient, hint: hint, recipients: recipients,
            description: description)
    }

    /// The message does not come so far as to be sent.
    init(unsent description: String, isTransient: Bool = false, hint: String? = nil) {
        self.init(stage: .idle, isTransient: isTransient, hint: hint, description: description)
    }
}
