import MailCore
import MailReports
import QueueCore

extension DueReport {
    /// A failure for bob, told to ann, with what a test wants different.
    static func sample(
        action: ReportAction = .failed, mailbox: String = "ann@example.org", recipient: String = "bob@example.net",
        original: OriginalRecipient? = nil, options: EnvelopeOptions = .init(),
        status: EnhancedStatusCode = .init(.permanentFailure, 1, 1), diagnostic: String = "550 5.1.1 No such user",
        remoteHost: String? = "mx.example.net", content: MessageContent? = nil
    ) throws -> DueReport {
        DueReport(
            origin: ReportOrigin(message: QueueID(rawValue: 7), kind: action.kind, recipients: [0]),
            arrived: Timestamp(microseconds: 1_795_291_200_000_000), mailbox: try EmailAddress(mailbox),
            options: options,
            recipients: [
                ReportedRecipient(
                    EnvelopeRecipient(try EmailAddress(recipient), original: original), action: action, status: status,
                    diagnostic: diagnostic, remoteHost: remoteHost,
                    attempted: Timestamp(microseconds: 1_795_291_260_000_000))
            ],
            content: content)
    }
}

extension DeliveryReport {
    static let message = "Message-ID: <1@example.org>\r\nSubject: Hello\r\n\r\nHello, Bob.\r\n"

    static func sample(
        _ due: DueReport, host: String = "mx.example.org", original: String? = message
    ) throws -> DeliveryReport {
        DeliveryReport(
            due, host: try Domain(host), id: QueueID(rawValue: 99),
            date: Timestamp(microseconds: 1_795_291_300_000_000),
            retryUntil: Timestamp(microseconds: 1_795_723_200_000_000), original: original.map { Array($0.utf8) })
    }

    var text: String { String(decoding: bytes, as: UTF8.self) }
}
