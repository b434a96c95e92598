import MailCore
import MailReports
import MailTesting
import NIOCore
import QueueCore
import Testing

/// What a report says, and what Python's email package reads out of it.
@Suite(.requires("python3")) struct DeliveryReportTests {
    private func read(_ report: DeliveryReport) async throws -> PythonReport {
        try #require(try await PythonReport.read(report).first)
    }

    @Test func `a failure is told to people and programs`() async throws {
        let report = try await read(
            .sample(
                .sample(
                    original: OriginalRecipient(addressType: "rfc822", address: "robert@example.com"),
                    options: EnvelopeOptions(envelopeID: "QQ314159"))))
        #expect(report.types == ["text/plain", "message/delivery-status", "text/rfc822-headers"])
        #expect(report["From"] == "Mail Delivery System <MAILER-DAEMON@mx.example.org>")
        #expect(report["To"] == "ann@example.org")
        #expect(report["Auto-Submitted"] == "auto-replied")
        #expect(report["In-Reply-To"] == "<1@example.org>")
        #expect(report["References"] == "<1@example.org>")
        #expect(report["Content-Type"]?.contains("report-type=\"delivery-status\"") == true)
        #expect(report.text.contains("could not be delivered to the following recipient"))
        #expect(report.text.contains("<bob@example.net>"))
        #expect(report.text.contains("The mail system mx.example.net said:\n    550 5.1.1 No such user"))
        #expect(report.text.contains("Please check the address"))
        #expect(report.returned == "Message-ID: <1@example.org>\r\nSubject: Hello\r\n")
        #expect(
            report.groups == [
                [
                    ["Reporting-MTA", "dns; mx.example.org"], ["Original-Envelope-Id", "QQ314159"],
                    ["Arrival-Date", "Sat, 21 Nov 2026 20:00:00 +0000"],
                ],
                [
                    ["Original-Recipient", "rfc822; robert@example.com"],
                    ["Final-Recipient", "rfc822; bob@example.net"], ["Action", "failed"], ["Status", "5.1.1"],
                    ["Remote-MTA", "dns; mx.example.net"], ["Diagnostic-Code", "smtp; 550 5.1.1 No such user"],
                    ["Last-Attempt-Date", "Sat, 21 Nov 2026 20:01:00 +0000"],
                ],
            ])
    }

    @Test func `what this side found out is not laid at the other's door`() async throws {
        for words in ["the server does not offer 8BITMIME", "127.0.0.1:25: connection refused", "4512 things"] {
            let report = try await read(
                .sample(.sample(status: .init(.permanentFailure, 6, 3), diagnostic: words)))
            #expect(report.field("Diagnostic-Code", of: 0) == "x-martlet; \(words)")
            #expect(report.text.contains("The reason:\n    \(words) (5.6.3)"))
            #expect(!report.text.contains("said:"))
        }
    }

    @Test func `what was given up after some time says so, and what was said last`() async throws {
        let report = try await read(
            .sample(.sample(status: .init(.permanentFailure, 4, 7), diagnostic: "451 4.2.1 try later")))
        #expect(report.field("Diagnostic-Code", of: 0) == "smtp; 451 4.2.1 try later")
        #expect(report.field("Remote-MTA", of: 0) == "dns; mx.example.net")
        #expect(
            report.text.contains(
                "Given up on Sat, 21 Nov 2026 20:01:00 +0000, after trying for so long.\n"
                    + "    The mail system mx.example.net said:\n    451 4.2.1 try later (5.4.7)"))
        #expect(try await !read(.sample(.sample())).text.contains("Given up"))
    }

    @Test(arguments: [
        ("127.0.0.1", "[127.0.0.1]"), ("2001:db8::1", "[IPv6:2001:db8::1]"), ("mx.example", "mx.example"),
    ])
    func `a host without a name is named by an address literal`(host: String, name: String) async throws {
        let report = try await read(.sample(.sample(remoteHost: host)))
        #expect(report.field("Remote-MTA", of: 0) == "dns; \(name)")
    }

    @Test func `news of success gives no reason of ours`() async throws {
        let report = try await read(
            .sample(.sample(action: .delivered, diagnostic: "Thrown away, as configured", remoteHost: nil)))
        #expect(report.field("Action", of: 0) == "delivered")
        #expect(report.field("Diagnostic-Code", of: 0) == nil)
    }

    @Test(arguments: ReportAction.allCases) func `a status is of the class of its action`(
        action: ReportAction
    ) async throws {
        let report = try await read(.sample(.sample(action: action, status: .init(.permanentFailure, 4, 7))))
        let digit = ["failed": 5, "delayed": 4][action.name] ?? 2
        #expect(report.field("Action", of: 0) == action.name)
        #expect(report.field("Status", of: 0) == "\(digit).4.7")
        #expect((report.field("Will-Retry-Until", of: 0) != nil) == (action == .delayed))
    }

    @Test(arguments: [nil, EnvelopeOptions.Return.headers, .full], ReportAction.allCases)
    func `RET says what comes back, and only of what did not arrive all`(
        returned: EnvelopeOptions.Return?, action: ReportAction
    ) async throws {
        let due = try DueReport.sample(
            action: action, options: EnvelopeOptions(return: returned), content: .sample(DeliveryReport.message))
        let report = try await read(.sample(due))
        if returned == .full, action == .failed {
            #expect(report.types.last == "message/rfc822")
            #expect(report.returned.contains("Hello, Bob."))
        } else {
            #expect(report.types.last == "text/rfc822-headers")
            #expect(!report.returned.contains("Hello, Bob."))
        }
    }

    @Test func `what does not pass everywhere comes back whole, encoded so that it does`() async throws {
        let head = "Subject: x\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n"
        let text = "Viele Grüße aus Berlin, wo es heute nicht geregnet hat\r\n"
        let message = head + "Content-Transfer-Encoding: 8bit\r\n\r\n" + text
        let due = try DueReport.sample(options: EnvelopeOptions(return: .full), content: .sample(message))
        let report = try DeliveryReport.sample(due, original: message)
        let encoded = text.replacing("ü", with: "=C3=BC").replacing("ß", with: "=C3=9F")
        #expect(report.returned?.isWhole == true)
        #expect(
            report.returned.map { String(decoding: $0.bytes, as: UTF8.self) }
                == head + "Content-Transfer-Encoding: quoted-printable\r\n\r\n" + encoded)
        #expect(report.bytes.allSatisfy { $0 < 0x80 })
        #expect(try await read(report).types.last == "message/rfc822")
    }

    @Test func `what cannot be changed or is too long comes back as its header`() throws {
        let long = "\r\n" + String(repeating: "0123456789abcde\r\n", count: 62_000)
        let signed = "Content-Type: multipart/signed; boundary=b\r\n\r\n--b\r\n\r\nGrüße\r\n--b--\r\n"
        for rest in [long, signed, "X-Name: Jürgen\r\n\r\nHello\r\n"] {
            let message = "MIME-Version: 1.0\r\n" + rest
            let due = try DueReport.sample(options: EnvelopeOptions(return: .full), content: .sample(message))
            let report = try DeliveryReport.sample(due, original: message)
            #expect(report.returned?.isWhole == false)
            let header = message.split(separator: "\r\n\r\n", maxSplits: 1)[0]
            #expect(report.returned?.bytes == Array((header + "\r\n").utf8))
        }
    }

    @Test func `a header that is too long is cut at the end of a line`() throws {
        let line = "X: \(String(repeating: "y", count: 95))\r\n"
        let report = try DeliveryReport.sample(.sample(), original: String(repeating: line, count: 1_000))
        let bytes = try #require(report.returned?.bytes)
        #expect(bytes.count == DeliveryReport.maximumHeaderLength / line.utf8.count * line.utf8.count)
    }

    @Test func `a message that cannot be read is reported without it`() async throws {
        let report = try await read(.sample(.sample(), original: nil))
        #expect(report.types == ["text/plain", "message/delivery-status"])
        #expect(report["References"] == nil)
    }

    @Test func `addresses beyond ASCII stay readable where they may, and are spelled out elsewhere`() async throws {
        let international = try await read(
            .sample(.sample(recipient: "дима@почта.рф", options: EnvelopeOptions(smtputf8: true))))
        #expect(
            international.types == ["text/plain", "message/global-delivery-status", "message/global-headers"])
        #expect(international.field("Final-Recipient", of: 0) == "utf-8; дима@почта.рф")
        let plain = try DeliveryReport.sample(.sample(recipient: "дима@почта.рф"))
        #expect(plain.bytes.allSatisfy { $0 < 0x80 })
        #expect(try await read(plain).field("Final-Recipient", of: 0)?.hasPrefix("utf-8; \\x{434}\\x{438}") == true)
    }

    @Test func `a report has the null reverse path, and asks for no report`() throws {
        let envelope = try DeliveryReport.sample(.sample()).envelope
        #expect(envelope.reversePath == .null)
        #expect(envelope.recipients == [EnvelopeRecipient(try EmailAddress("ann@example.org"), notify: .never)])
        #expect(!envelope.options.smtputf8)
        #expect(try DeliveryReport.sample(.sample(mailbox: "дима@почта.рф")).envelope.options.smtputf8)
    }

    @Test func `the same report is the same octets, in short lines`() throws {
        let report = try DeliveryReport.sample(.sample(diagnostic: String(repeating: "x", count: 5_000)))
        #expect(report.bytes == report.bytes)
        #expect(report.text.split(separator: "\r\n").allSatisfy { $0.utf8.count <= 998 })
    }
}

extension MessageContent {
    static func sample(_ text: String) -> MessageContent {
        MessageContent(prefix: ByteBuffer(), body: .memory(ByteBuffer(string: text)))
    }
}
