public import MailCore
public import SMTPCore
import Synchronization

/// Puts strangers off who come for the first time (450 4.7.1, RFC 6647): who comes again after a pause is a mail server.
public final class Greylisting: RecipientScreen {
    private let table = Mutex(GreylistTable())
    private let pause: @Sendable () -> Duration?
    private let now: @Sendable () -> Timestamp

    /// - Parameter pause: how long a client must wait before it comes again; nil where nobody is put off.
    public init(pause: @escaping @Sendable () -> Duration?, now: @escaping @Sendable () -> Timestamp) {
        self.pause = pause
        self.now = now
    }

    public var isOn: Bool { pause() != nil }

    public func objection(to recipient: ScreenedRecipient) async -> SMTPReply? {
        guard let pause = pause() else { return nil }
        let (key, now) = (Self.key(recipient), now())
        let isAdmitted = table.withLock { $0.admits(key, at: now, pause: pause) }
        return isAdmitted ? nil : .greylisted
    }

    /// Servers of one site take turns, so it is the network that counts: /24 or /64.
    private static func key(_ recipient: ScreenedRecipient) -> Int {
        var hasher = Hasher()
        let isIPv4 = if case .v4 = recipient.client { true } else { false }
        hasher.combine(IPNetwork(containing: recipient.client, prefixLength: isIPv4 ? 24 : 64))
        hasher.combine(recipient.reversePath)
        hasher.combine(recipient.recipient)
        return hasher.finalize()
    }
}

extension SMTPReply {
    fileprivate static let greylisted = SMTPReply(
        450, EnhancedStatusCode(.persistentTransientFailure, 7, 1), "I do not know you yet; try again in some minutes")
}
