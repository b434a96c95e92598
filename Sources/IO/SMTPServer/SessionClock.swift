import NIOCore
import SMTPCore

/// Tells when a session has been waiting too long. It only computes; the handler keeps the one timer.
struct SessionClock {
    private let patience: SMTPListenerConfiguration.Patience
    private var waiting = SMTPServerWaiting.nothing
    private let begin: NIODeadline
    private var isInTransaction = false
    /// Since when the present command or content is waited for.
    private var since: NIODeadline
    private var lastInput: NIODeadline
    /// Since when the content of the present message comes, in however many chunks, and how much of it has come.
    private var contentSince: NIODeadline?
    private var contentOctets = 0
    /// Since when no content is taken, for reasons of our own.
    private var heldSince: NIODeadline?
    /// Since when the peer has not been reading what it is sent.
    private var blockedSince: NIODeadline?

    /// How long content may come slower than its rate before that counts.
    private static let rateGrace = TimeAmount.seconds(60)
    /// How long a TLS handshake may take.
    private static let handshakePatience = Duration.seconds(60)

    init(patience: SMTPListenerConfiguration.Patience, now: NIODeadline) {
        self.patience = patience
        begin = now
        since = now
        lastInput = now
    }

    mutating func received(_ octets: Int, at now: NIODeadline) {
        lastInput = now
        if contentSince != nil { contentOctets += octets }
    }

    /// What the machine waits for now.
    ///
    /// - Parameter progressed: whether it did something since it was asked last; octets alone are no progress.
    mutating func waits(
        for waiting: SMTPServerWaiting, isInTransaction: Bool, isReceivingContent: Bool, progressed: Bool,
        at now: NIODeadline
    ) {
        self.isInTransaction = isInTransaction
        if waiting != self.waiting || (progressed && waiting != .content) { since = now }
        if waiting != .content, !isReceivingContent {
            (contentSince, contentOctets) = (nil, 0)
        } else if contentSince == nil {
            contentSince = now
        }
        self.waiting = waiting
    }

    mutating func writability(_ isWritable: Bool, at now: NIODeadline) {
        blockedSince = isWritable ? nil : blockedSince ?? now
    }

    /// What time passes while content is held is not the peer's.
    mutating func contentIsHeld(_ isHeld: Bool, at now: NIODeadline) {
        if let heldSince, !isHeld {
            since = since + (now - heldSince)
            contentSince = contentSince.map { $0 + (now - heldSince) }
            lastInput = lastInput + (now - heldSince)
        }
        heldSince = isHeld ? heldSince ?? now : nil
    }

    var isWritable: Bool { blockedSince == nil }

    /// The time after which the session has been waiting too long; nil while nothing is waited for.
    var deadline: NIODeadline? {
        if let blockedSince { return blockedSince + TimeAmount(patience.replies) }
        if heldSince != nil { return nil }
        switch waiting {
        case .handshake: return since + TimeAmount(min(patience.command, Self.handshakePatience))
        case .command:
            let command = since + TimeAmount(patience.command)
            if let rateDeadline { return min(command, rateDeadline) }
            return isInTransaction ? command : min(command, begin + TimeAmount(patience.session))
        case .content:
            let byInput = lastInput + TimeAmount(patience.content)
            return rateDeadline.map { min(byInput, $0) } ?? byInput
        case .verdict, .nothing: return nil
        }
    }

    /// By when more content must have come. The pauses between chunks count too: who sends a chunk now and then holds
    /// the connection no longer than who sends an octet now and then.
    private var rateDeadline: NIODeadline? {
        guard let contentSince, patience.contentRate > 0 else { return nil }
        return contentSince + Self.rateGrace + .seconds(Int64(contentOctets / patience.contentRate))
    }
}
