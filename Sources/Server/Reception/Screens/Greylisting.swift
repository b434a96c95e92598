import Crypto
public import MailCore
public import SMTPCore
import Synchronization

/// Puts strangers off who come for the first time (450 4.7.1, RFC 6647): who comes again after a pause is a mail server.
public final class Greylisting: RecipientScreen {
    /// The most octets that `memory()` gives.
    public static let mostMemory = GreylistMemory.maximumLength

    private let table: Mutex<GreylistTable>
    /// The changes of the table that the last memory had in it.
    private let saved = Mutex(0)
    private let pause: @Sendable () -> Duration?
    private let now: @Sendable () -> Timestamp

    /// - Parameters:
    ///   - pause: how long a client must wait before it comes again; nil where nobody is put off.
    ///   - memory: what `memory()` gave an earlier process; what is nothing of the kind counts for nothing.
    public init(
        pause: @escaping @Sendable () -> Duration?, now: @escaping @Sendable () -> Timestamp, memory: [UInt8] = []
    ) {
        self.pause = pause
        self.now = now
        table = Mutex(GreylistTable(GreylistMemory(memory)?.visits ?? []))
    }

    /// Who has been here, for a later process; nil if nobody was since the last time that was asked.
    public func memory() -> [UInt8]? {
        let table = table.withLock(\.self)
        let isNew = saved.withLock { saved in
            defer { saved = table.changes }
            return saved != table.changes
        }
        return isNew ? GreylistMemory(visits: table.visits(at: now())).octets : nil
    }

    public var isOn: Bool { pause() != nil }

    public func objection(to recipient: ScreenedRecipient) async -> SMTPReply? {
        guard let pause = pause() else { return nil }
        let (key, now) = (Self.key(recipient), now())
        let isAdmitted = table.withLock { $0.admits(key, at: now, pause: pause) }
        return isAdmitted ? nil : .greylisted
    }

    /// Servers of one site take turns, so it is the network that counts: /24 or /64.
    private static func key(_ recipient: ScreenedRecipient) -> UInt64 {
        let isIPv4 = if case .v4 = recipient.client { true } else { false }
        let network = IPNetwork(containing: recipient.client, prefixLength: isIPv4 ? 24 : 64)
        // Another process must come to the same one, and nobody find two triplets with the same.
        let digest = SHA256.hash(data: Array("\(network)\n\(recipient.reversePath)\n\(recipient.recipient)".utf8))
        return digest.prefix(8).reduce(0) { $0 << 8 | UInt64($1) }
    }
}

extension SMTPReply {
    fileprivate static let greylisted = SMTPReply(
        450, EnhancedStatusCode(.persistentTransientFailure, 7, 1), "I do not know you yet; try again in some minutes")
}
