import MailCore
public import SMTPCore

/// Has the queue tried at the request of a peer (ETRN, RFC 1985).
public protocol QueueStarter: Sendable {
    func start(_ request: QueueRequest) async -> QueueStart
}

/// What came of such a request.
public enum QueueStart: Hashable, Sendable {
    /// Nothing waits (251).
    case nothingWaits
    /// So many messages are tried now (253).
    case started(messages: Int)
    /// What waits is tried; how much that is takes long to tell (252).
    case startedMany
    /// It cannot be done now, or nothing waits that may be tried (458).
    case unable(String)
    /// Mail for this is nobody's to ask for (459).
    case notAllowed(String)
}

extension QueueStart {
    /// As RFC 1985 §5.3 writes the replies.
    func verdict(for request: QueueRequest) -> SMTPServerVerdict {
        let node = request.description
        switch self {
        case .nothingWaits: return .accept(.success(251, "No messages waiting for node \(node)"))
        case .started(let messages):
            return .accept(.success(253, "\(messages) pending messages for node \(node) started"))
        case .startedMany: return .accept(.success(252, "Pending messages for node \(node) started"))
        case .unable(let reason):
            let status = EnhancedStatusCode(.persistentTransientFailure, 3, 0)
            return .refuse(SMTPReply(458, status, "Unable to queue messages for node \(node): \(reason)"))
        case .notAllowed(let reason):
            let status = EnhancedStatusCode(.persistentTransientFailure, 7, 1)
            return .refuse(SMTPReply(459, status, "Node \(node) not allowed: \(reason)"))
        }
    }
}

extension SMTPReply {
    fileprivate static func success(_ code: Int, _ text: String) -> SMTPReply {
        SMTPReply(code, .init(.success, 0, 0), text)
    }
}
