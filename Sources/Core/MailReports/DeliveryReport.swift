public import MailCore
public import QueueCore

/// A delivery status notification: what became of some recipients of a message, for people and for programs
/// (RFC 3464, RFC 6533).
public struct DeliveryReport: Sendable {
    /// The longest header that is brought back, in octets.
    public static let maximumHeaderLength = 50 * 1_024
    /// The longest message that is brought back whole, in octets.
    public static let maximumMessageLength = 1 << 20

    /// Our name, which the report is from.
    public let host: Domain
    /// What is reported, and to whom.
    public let due: DueReport
    /// The report's own queue ID.
    public let id: QueueID
    public let date: Timestamp
    /// For a delay: until when more attempts are made.
    public let retryUntil: Timestamp?
    /// What is brought back of the message.
    public let returned: ReturnedContent?

    /// - Parameter original: the message, or its front of at least `octetsWanted(by:)` octets; nil if it cannot be read.
    public init(
        _ due: DueReport, host: Domain, id: QueueID, date: Timestamp, retryUntil: Timestamp? = nil, original: [UInt8]?
    ) {
        self.due = due
        self.host = host
        self.id = id
        self.date = date
        self.retryUntil = due.origin.kind == .delay ? retryUntil : nil
        returned = original.map { ReturnedContent($0, isWhole: Self.bringsWhole(due)) }
    }

    /// How much of the message a report needs, in octets.
    public static func octetsWanted(by due: DueReport) -> Int {
        bringsWhole(due) ? maximumMessageLength : maximumHeaderLength
    }

    /// The whole message comes back where the sender asked for it and where it did not arrive (RFC 3461 §4.3).
    private static func bringsWhole(_ due: DueReport) -> Bool {
        due.options.return == .full && due.origin.kind == .failure
            && (due.content.map { $0.size <= maximumMessageLength } ?? false)
    }

    /// Whether addresses stand in the report's machine-readable part as they are, beyond ASCII.
    var isInternational: Bool { due.options.smtputf8 || !due.mailbox.isASCII }

    /// With the null reverse path, so that nobody reports about it (RFC 3464 §2), and without a wish for reports.
    public var envelope: Envelope {
        Envelope(
            reversePath: .null, recipients: [EnvelopeRecipient(due.mailbox, notify: .never)],
            options: EnvelopeOptions(
                body: due.mailbox.isASCII ? .sevenBit : .eightBit, smtputf8: !due.mailbox.isASCII))
    }
}
