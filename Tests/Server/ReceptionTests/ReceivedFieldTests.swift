import MailCore
import SMTPCore
import Testing

@testable import Reception

/// The trace field (RFC 5321 §4.4).
struct ReceivedFieldTests {
    private func field(
        hello: String? = "client.example.net", verb: HelloCommand.Verb = .ehlo, peer: String? = "192.0.2.1",
        recipient: String? = nil
    ) throws -> String {
        ReceivedField(
            hello: hello.map { HelloCommand(verb: verb, name: $0) }, peer: peer.flatMap { IPAddress($0) },
            hostname: "mx.example.org", transmission: "ESMTP", id: QueueID(rawValue: 33),
            recipient: try recipient.map { try EmailAddress($0) }, date: "Sat, 21 Nov 2026 20:00:00 +0000"
        ).text
    }

    @Test func `it says who gave the message to whom, how, under which name and when`() throws {
        #expect(
            try field(recipient: "ann@example.org") == """
                Received: from client.example.net ([192.0.2.1])\r
                \tby mx.example.org with ESMTP id 11\r
                \tfor <ann@example.org>;\r
                \tSat, 21 Nov 2026 20:00:00 +0000\r

                """)
    }

    @Test func `recipients are named only where there is one`() throws {
        #expect(try !field().contains("for"))
    }

    @Test func `addresses of IPv6 are literals`() throws {
        #expect(try field(peer: "2001:db8::1").hasPrefix("Received: from client.example.net ([IPv6:2001:db8::1])\r\n"))
        #expect(try field(hello: "[IPv6:2001:db8::2]").contains("from [IPv6:2001:db8::2] ([192.0.2.1])"))
    }

    @Test func `a peer of a UNIX socket has no address`() throws {
        #expect(try field(peer: nil).hasPrefix("Received: from client.example.net\r\n"))
        #expect(try field(hello: nil, peer: nil).hasPrefix("Received: from localhost\r\n"))
    }

    @Test(arguments: [
        "a b", "x\r\nBcc: y", "(comment", "a;b", "<a@b>", "\"quoted\"", "under_score", "", "-", "a..b", "[", "[1.2.3.4",
        "[1.2.3.4] by me", "b\u{fc}ro.example", "x\u{0}y", String(repeating: "a", count: 300), "a\tb", "[x:\r\ny]",
    ]) func `what is no name and no address does not get into the header`(hello: String) throws {
        #expect(try field(hello: hello).hasPrefix("Received: from [192.0.2.1] ([192.0.2.1])\r\n"))
    }
}
