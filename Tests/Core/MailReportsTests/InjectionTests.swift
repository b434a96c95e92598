import MailCore
import MailReports
import MailTesting
import QueueCore
import Testing

/// Whatever a value holds, the report has the fields and the parts that it has without it.
@Suite(.requires("python3")) struct InjectionTests {
    static let payloads = [
        "x\r\nBcc: victim@example.com", "x\nAction: delivered", "x\rStatus: 2.0.0", "x\r\n\r\nFinal-Recipient: y",
        "x\r\n--=_boundary\r\nContent-Type: text/html\r\n\r\n<b>", "x\u{0}y", "x\u{85}y\u{2028}z\u{2029}",
        "\r\n.\r\nMAIL FROM:<a@b.example>", "=?utf-8?q?=0D=0ABcc:_x?=", String(repeating: "x", count: 5_000),
        " \t ", "", "Ünïcode ✉", "\u{7F}\u{1B}[31m", "a;b,c:<d>\"(e", "x\r\n \r\n\r\n", "\u{FEFF}x\r\n",
    ]

    /// The values of a report that somebody else wrote, one of them replaced.
    private static let sources: [@Sendable (String) throws -> DeliveryReport] = [
        { try .sample(.sample(diagnostic: $0)) },
        { try .sample(.sample(diagnostic: $0, remoteHost: nil)) },
        { try .sample(.sample(remoteHost: $0)) },
        { try .sample(.sample(options: EnvelopeOptions(envelopeID: $0))) },
        { try .sample(.sample(original: OriginalRecipient(addressType: $0, address: "robert@example.com"))) },
        { try .sample(.sample(original: OriginalRecipient(addressType: "rfc822", address: $0))) },
        { try .sample(.sample(), original: "Message-ID: <\($0)>\r\nSubject: x\r\n\r\nx\r\n") },
        { try .sample(.sample(), original: "Message-ID: \($0)\r\n\r\nx\r\n") },
        { try .sample(.sample(), original: "Subject: \($0)\r\n\r\nx\r\n") },
        { try .sample(.sample(action: .delayed, diagnostic: $0)) },
        { try .sample(.sample(action: .relayed, remoteHost: $0)) },
        { try .sample(.sample(options: EnvelopeOptions(smtputf8: true), diagnostic: $0)) },
        { try .sample(.sample(options: EnvelopeOptions(smtputf8: true, envelopeID: $0))) },
        { try .sample(.sample(options: EnvelopeOptions(smtputf8: true), remoteHost: $0)) },
        { try .sample(.sample(original: .init(addressType: "utf-8", address: $0), options: .init(smtputf8: true))) },
        { try .sample(.sample(options: EnvelopeOptions(smtputf8: true)), original: "Subject: \($0)\r\n\r\nx\r\n") },
        { try .sample(.sample(action: .delivered, original: .init(addressType: "rfc822", address: $0))) },
    ]

    private static let messageFields: Set<String> = ["Reporting-MTA", "Original-Envelope-Id", "Arrival-Date"]
    private static let recipientFields: Set<String> = [
        "Original-Recipient", "Final-Recipient", "Action", "Status", "Remote-MTA", "Diagnostic-Code",
        "Last-Attempt-Date", "Will-Retry-Until",
    ]
    private static let headerFields: Set<String> = [
        "Date", "From", "To", "Subject", "Message-ID", "In-Reply-To", "References", "Auto-Submitted", "MIME-Version",
        "Content-Type",
    ]

    @Test func `no value adds a field, a group or a part`() async throws {
        let reports = try Self.sources.flatMap { source in try Self.payloads.map { try source($0) } }
        let read = try await PythonReport.read(reports)
        #expect(read.count == 17 * 17)
        for (report, seen) in zip(reports, read) {
            #expect(report.bytes.allSatisfy { $0 < 0x80 && $0 != 0 })
            #expect(seen.types.count == 3)
            #expect(seen.groups.count == 2)
            #expect(Set(seen.header.map { $0[0] }).isSubset(of: Self.headerFields))
            #expect(Set(seen.groups[0].map { $0[0] }).isSubset(of: Self.messageFields))
            #expect(Set(seen.groups[1].map { $0[0] }).isSubset(of: Self.recipientFields))
            for fields in [seen.header] + seen.groups { #expect(Set(fields.map { $0[0] }).count == fields.count) }
            #expect(seen.field("Action", of: 0) == report.due.recipients[0].action.name)
            #expect(seen.defects.isEmpty)
        }
    }
}
