public import MailCore

/// What is told of a recipient: the Action field of RFC 3464 §2.3.3. The numbers are those of the index and never change.
public enum ReportAction: Int, Sendable, CaseIterable {
    case failed = 1
    case delayed = 2
    case delivered = 3
    /// Handed to a host that will not tell more.
    case relayed = 4
    /// Replaced by several recipients.
    case expanded = 5

    public var name: String {
        switch self {
        case .failed: "failed"
        case .delayed: "delayed"
        case .delivered: "delivered"
        case .relayed: "relayed"
        case .expanded: "expanded"
        }
    }

    public var kind: ReportKind {
        switch self {
        case .failed: .failure
        case .delayed: .delay
        case .delivered, .relayed, .expanded: .success
        }
    }
}

/// Which news a report brings. The numbers are those of the log and never change.
public enum ReportKind: Int, Sendable, CaseIterable {
    case failure = 1
    case delay = 2
    case success = 3
}

extension ReportAction {
    /// What NOTIFY means where the sender said nothing (RFC 3461 §4.1).
    public static let defaultConditions: NotifyConditions = [.failure, .delay]

    /// What is to be told of a recipient after an attempt; nil if nothing.
    ///
    /// Nobody is told about a message with the null reverse path, which every report has: there is no report about a
    /// report (RFC 5321 §6.1). Of a delay is told once.
    ///
    /// - Parameters:
    ///   - reversePath: that of the message.
    ///   - isDelayKnown: whether a delay was told before.
    public init?(
        after result: RecipientResult, notify: NotifyConditions?, reversePath: ReversePath, isDelayKnown: Bool
    ) {
        guard reversePath != .null else { return nil }
        let wanted = notify ?? Self.defaultConditions
        switch result.outcome.action {
        case .failed where wanted.contains(.failure): self = .failed
        case .deferred where wanted.contains(.delay) && result.isLate && !isDelayKnown: self = .delayed
        case .delivered where wanted.contains(.success) && !result.outcome.isReportedByNextHop:
            self = result.outcome.remoteHost == nil ? .delivered : .relayed
        case .expanded(let recipients) where wanted.contains(.success):
            self.init(expansionInto: recipients)
        case .failed, .deferred, .delivered, .expanded, .held: return nil
        }
    }

    /// A list is the end of the way as far as the sender is concerned, and one address instead of another is no news
    /// (RFC 3461 §5.2.7).
    private init?(expansionInto recipients: [ExpandedRecipient]) {
        if recipients.contains(where: { $0.reversePath != nil }) {
            self = .delivered
        } else if recipients.count == 1 {
            return nil
        } else {
            self = .expanded
        }
    }
}
