import MailCore

/// Why a session with a server came to its end before its time.
public struct SessionFailure: Error, Hashable, Sendable, CustomStringConvertible {
    public enum Reason: Hashable, Sendable {
        /// The server will not go on, and said so.
        case refused(SMTPReply)
        case closedByServer
        case timedOut
        /// What the server sent is no SMTP.
        case violation(String)
        /// The session could not be encrypted as it should be.
        case tls(String)
        /// The server does not believe who this side is, or cannot be believed itself.
        case authentication(String, isPermanent: Bool)
        /// This side gave up.
        case abandoned(String)
    }

    /// What was waited for.
    public let stage: SMTPStage
    public let reason: Reason

    public init(stage: SMTPStage, reason: Reason) {
        self.stage = stage
        self.reason = reason
    }

    public var reply: SMTPReply? {
        if case .refused(let reply) = reason { reply } else { nil }
    }

    public var description: String {
        switch reason {
        case .refused(let reply): "\(stage.rawValue): \(reply)"
        case .closedByServer: "\(stage.rawValue): the server closed the connection"
        case .timedOut: "\(stage.rawValue): the server did not answer in time"
        case .violation(let text): "\(stage.rawValue): \(text)"
        case .authentication(let text, _): "authentication: \(text)"
        case .tls(let text): "TLS: \(text)"
        case .abandoned(let text): "\(stage.rawValue): \(text)"
        }
    }

    /// What the failure means for a recipient that has no outcome yet.
    func outcome(remoteHost: String?) -> Outcome {
        switch reason {
        case .refused(let reply): return Outcome(reply, stage: stage, remoteHost: remoteHost)
        case .tls: return deferred(subject: 7, detail: 5, remoteHost)
        // Whoever keeps the password puts it right; the message can wait for that.
        case .authentication: return deferred(subject: 7, detail: 8, remoteHost)
        case .violation: return deferred(subject: 5, detail: 0, remoteHost)
        case .closedByServer, .timedOut, .abandoned: return deferred(subject: 4, detail: 2, remoteHost)
        }
    }

    private func deferred(subject: Int, detail: Int, _ remoteHost: String?) -> Outcome {
        let status = EnhancedStatusCode(.persistentTransientFailure, subject, detail)
        let doubt = stage == .endOfData ? "; it had the whole message, and may deliver it" : ""
        return Outcome(.deferred, status: status, diagnostic: description + doubt, remoteHost: remoteHost)
    }
}
