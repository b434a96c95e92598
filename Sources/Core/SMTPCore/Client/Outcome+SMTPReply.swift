package import MailCore

extension Outcome {
    /// What a reply that ends a stage means for a recipient (RFC 5321 §4.2.1).
    package init(_ reply: SMTPReply, stage: SMTPStage, remoteHost: String?) {
        let action: Action
        let presumed: EnhancedStatusCode
        switch reply.severity {
        case .positiveCompletion, .positiveIntermediate:
            (action, presumed) = (.delivered, EnhancedStatusCode(.success, 0, 0))
        case .permanentNegative where reply.meansTooManyRecipients(at: stage):
            (action, presumed) = (.deferred, EnhancedStatusCode(.persistentTransientFailure, 5, 3))
        case .permanentNegative: (action, presumed) = (.failed, reply.presumedStatus(.permanentFailure, at: stage))
        case .transientNegative:
            (action, presumed) = (.deferred, reply.presumedStatus(.persistentTransientFailure, at: stage))
        }
        let status = reply.status.flatMap { $0.class == presumed.class ? $0 : nil }
        self.init(action, status: status ?? presumed, diagnostic: reply.diagnostic, remoteHost: remoteHost)
    }
}

extension SMTPReply {
    /// The reply as an outcome keeps it: in one line, and no longer than a report can bear.
    fileprivate var diagnostic: String {
        var text = description
        if text.utf8.count > 1_000 { text = String(text.prefix(1_000)) }
        guard text.utf8.contains(where: \.isASCIIControl) else { return text }
        return String(utf8: text.utf8.map { $0.isASCIIControl ? UInt8(ascii: "?") : $0 })
    }

    /// Whether a 552 says that the transaction has enough recipients, as RFC 821 had it: the recipient is good for
    /// another transaction (RFC 5321 §4.5.3.1.10).
    fileprivate func meansTooManyRecipients(at stage: SMTPStage) -> Bool {
        guard stage == .rcpt, code == 552 else { return false }
        return status == nil || status == EnhancedStatusCode(.permanentFailure, 5, 3)
    }
}
