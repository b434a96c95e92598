import Foundation
import FuzzDriver
import MailCore
import MailMIME
import MailReports
import NIOCore
import QueueCore

/// Reports of deliveries, made of what other hosts and senders have said. Whatever that was, the report has its own fields
/// and parts and no others, passes everywhere, and says to a reader what it is to say.
///
/// The first octet chooses what kind of report it is; `separator` divides what others said.
@main
enum ReportFuzzer {
    private static let separator: UInt8 = 0xFF
    private static let time = Timestamp(microseconds: 1_795_291_200_000_000)
    private static let actions: [ReportAction] = [.failed, .delayed, .relayed, .delivered]

    /// What others said.
    private struct Words {
        var diagnostic, host, envelopeID, addressType, address: String
        var message: [UInt8]

        init(_ pieces: [[UInt8]]) {
            let texts = pieces.prefix(5).map { String(decoding: $0, as: UTF8.self) } + Array(repeating: "", count: 5)
            (diagnostic, host, envelopeID, addressType, address) = (texts[0], texts[1], texts[2], texts[3], texts[4])
            message = Array(pieces.dropFirst(5).joined(separator: [separator]))
        }
    }

    private static var seeds: [String: Data] {
        let message = "Message-ID: <1@example.org>\r\nSubject: Hello\r\n\r\nHello.\r\n"
        let texts = [
            "failed": "\u{0}550 5.1.1 No such user~mx.example.net~QQ314~rfc822~robert@example.com~\(message)",
            "whole":
                "\u{10}552 Full~192.0.2.1~~~~Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nä\r\n--b--\r\n",
            "delayed": "\u{1}Connection refused~mx.example.net~a b~utf-8~\u{301}x~",
            "international": "\u{28}x\r\nAction: delivered~ü~é~utf-8~дима@почта.рф~\(message)",
            "boundary": "\u{12}250 OK~mx~~rfc822~a~--=_0\r\n\r\n--=_0--\r\n",
        ]
        return texts.mapValues { Data($0.utf8.map { $0 == UInt8(ascii: "~") ? separator : $0 }) }
    }

    static func main() throws {
        let (host, mailbox) = (try Domain("mx.example.org"), try EmailAddress("ann@example.org"))
        let recipients = [try EmailAddress("bob@example.net"), try EmailAddress("дима@почта.рф")]
        try FuzzDriver.main(seeds: seeds) { input in
            guard let choice = input.first else { return false }
            let pieces = input.dropFirst().split(separator: separator, omittingEmptySubsequences: false).map(Array.init)
            let words = Words(pieces)
            let action = actions[Int(choice & 3)]
            let isInternational = choice & 8 != 0
            let recipient = recipients[choice & 32 != 0 ? 1 : 0]
            let due = due(words, action, recipient, to: mailbox, choice)
            let report = DeliveryReport(
                due, host: host, id: QueueID(rawValue: 99), date: time, retryUntil: time,
                original: pieces.count > 5 ? words.message : nil)
            check(report, recipient, isInternational: isInternational)
            return true
        }
    }

    private static func due(
        _ words: Words, _ action: ReportAction, _ recipient: EmailAddress, to mailbox: EmailAddress, _ choice: UInt8
    ) -> DueReport {
        let original = OriginalRecipient(addressType: words.addressType, address: words.address)
        let reported = ReportedRecipient(
            EnvelopeRecipient(recipient, original: choice & 4 == 0 ? original : nil), action: action,
            status: EnhancedStatusCode(.permanentFailure, 1, 1), diagnostic: words.diagnostic,
            remoteHost: words.host.isEmpty ? nil : words.host, attempted: time)
        return DueReport(
            origin: ReportOrigin(message: QueueID(rawValue: 7), kind: action.kind, recipients: [0]), arrived: time,
            mailbox: mailbox,
            options: EnvelopeOptions(
                smtputf8: choice & 8 != 0, return: choice & 16 != 0 ? .full : nil, envelopeID: words.envelopeID),
            recipients: [reported, reported],
            content: MessageContent(prefix: ByteBuffer(), body: .memory(ByteBuffer(bytes: words.message))))
    }

    // MARK: What must hold

    private static func check(_ report: DeliveryReport, _ recipient: EmailAddress, isInternational: Bool) {
        let bytes = report.bytes
        expect(bytes.allSatisfy { $0 < 0x80 && $0 != 0 }, "it is not in seven bits")
        for line in bytes.split(separator: 10, omittingEmptySubsequences: false).dropLast() {
            expect(line.last == 13 && line.count <= 999, "a line of \(line.count) octets, or without its end")
            expect(!line.dropLast().contains(13), "a CR alone")
        }
        let message = MessageParser.parse(bytes)
        let parts = message.root.parts
        let isWhole = report.returned?.isWhole ?? false
        expect(isWhole || message.defects.isEmpty, "\(message.defects)")
        expect(parts.count == (report.returned == nil ? 2 : 3), "\(parts.count) parts")
        expect(Set(message.root.fields.map(\.name)).count == message.root.fields.count, "a field is there twice")
        if let returned = report.returned, parts.count == 3 { check(parts[2], returned) }
        check(DeliveryReportReading(message), report, recipient, isInternational: isInternational)
    }

    /// What came back is what it was; a header alone is text, whose lines may end otherwise.
    private static func check(_ part: MessagePart, _ returned: ReturnedContent) {
        if returned.isWhole {
            expect(part.mediaType == "message/rfc822", "\(part.mediaType)")
        } else {
            let text = { (octets: [UInt8]) in octets.filter { $0 != 13 && $0 != 10 } }
            let isSame = text(part.decodedBody().bytes).starts(with: text(returned.bytes))
            expect(isSame, "another header comes back")
        }
    }

    private static func check(
        _ reading: DeliveryReportReading?, _ report: DeliveryReport, _ recipient: EmailAddress, isInternational: Bool
    ) {
        guard let reading else { return expect(false, "no reader finds a report") }
        expect(reading.reportingMTA == "\(report.host)", "it comes from \(reading.reportingMTA ?? "nobody")")
        expect(reading.recipients.count == report.due.recipients.count, "\(reading.recipients.count) recipients")
        for (read, meant) in zip(reading.recipients, report.due.recipients) {
            expect(read.action == meant.action.name, "\(read.action ?? "nothing") for \(meant.action.name)")
            let first = read.status?.utf8.first.map { Int($0) - 48 }
            expect(first == [.failed: 5, .delayed: 4][meant.action] ?? 2, "the status is \(read.status ?? "none")")
            if recipient.isASCII || isInternational {
                expect(read.finalRecipient == "\(recipient)", "it is about \(read.finalRecipient ?? "nobody")")
            }
        }
    }
}
