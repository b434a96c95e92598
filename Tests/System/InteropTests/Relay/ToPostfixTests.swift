import Foundation
import MailTesting
import Testing

/// Martlet hands mail to Postfix as its next hop.
@Suite(.requiresPeers, .requires("curl", "python3")) struct ToPostfixTests {
    private func withPostfix(
        settings: [String] = [], _ body: (MartletServer, PostfixPeer) async throws -> Void
    ) async throws {
        try await PostfixPeer(settings: settings).whileRunning { postfix in
            try await RelayingServer.with(route: "smtp://127.0.0.1:\(postfix.port)") { server in
                try await body(server, postfix)
            }
        }
    }

    private func message(_ postfix: PostfixPeer, for address: String) async throws -> Data {
        try await eventually("the message for \(address)", timeout: RelayingServer.patience) {
            try postfix.messages(for: address).first
        }
    }

    @Test func `a message for several recipients reaches Postfix byte for byte, and once`() async throws {
        let sample = SampleMessage()
        let recipients = (1...5).map { "user\($0)@example.com" }
        try await withPostfix { server, postfix in
            try await RelayingServer.submit(sample.bytes, to: recipients, from: "you@example.net", at: server)
            for recipient in recipients {
                let message = try await message(postfix, for: recipient)
                #expect(message.suffix(sample.unixBytes.count) == sample.unixBytes)
                let added = String(decoding: message.dropLast(sample.unixBytes.count), as: UTF8.self)
                #expect(added.hasPrefix("Return-Path: <you@example.net>\n"), "\(added)")
                #expect(added.contains("by mail.example.org") && added.contains("by postfix.example.net"), "\(added)")
            }
            try await RelayingServer.expectEmptyQueue(server)
            let taken = postfix.log.split(separator: "\n").filter { $0.contains("queue active") }
            #expect(taken.count == 1 && taken[0].contains("nrcpt=5"), "\(taken)")
        }
    }

    @Test func `Postfix answers for what was asked of it: a report of success comes with the sender's ENVID`()
        async throws
    {
        try await withPostfix { server, postfix in
            let client = try RawConnection(port: server.port)
            _ = try await client.reply()
            for command in [
                "EHLO client.example.net", "MAIL FROM:<you@example.net> RET=HDRS ENVID=QQ314159",
                "RCPT TO:<someone@example.com> NOTIFY=SUCCESS ORCPT=rfc822;first@example.com",
            ] {
                #expect(try await client.ask(command).hasPrefix("250"))
            }
            _ = try await client.ask("DATA")
            #expect(try await client.ask("Subject: Hello\r\n\r\nHello.\r\n.").hasPrefix("250"))
            let report = try await PythonReport.read(try await message(postfix, for: "you@example.net"))
            #expect(report.message["original-envelope-id"] == "QQ314159")
            #expect(report.recipients.first?["original-recipient"] == "rfc822;first@example.com")
            #expect(report.recipients.first?["action"] == "delivered")
        }
    }

    @Test func `the recipient that Postfix refuses is reported in its words, and the others get the message`()
        async throws
    {
        let access = "inline:{{nobody@example.com = 550 5.1.1 Nobody of that name}}"
        let settings = ["smtpd_recipient_restrictions = check_recipient_access \(access), permit"]
        try await withPostfix(settings: settings) { server, postfix in
            try await RelayingServer.submit(
                SampleMessage().bytes, to: ["nobody@example.com", "someone@example.com"], at: server)
            _ = try await message(postfix, for: "someone@example.com")
            let report = try await RelayingServer.report(to: "ann", at: server)
            let recipient = try #require(report.recipients.first)
            #expect(report.recipients.count == 1)
            #expect(recipient["final-recipient"] == "rfc822; nobody@example.com")
            #expect(recipient["action"] == "failed" && recipient["status"] == "5.1.1")
            #expect(recipient["diagnostic-code"]?.contains("Nobody of that name") == true, "\(recipient)")
            try await RelayingServer.expectEmptyQueue(server)
        }
    }

    @Test func `mail for a Postfix that is away waits until it is there`() async throws {
        let postfix = try PostfixPeer()
        try await RelayingServer.with(route: "smtp://127.0.0.1:\(postfix.port)") { server in
            try await RelayingServer.submit(SampleMessage().bytes, to: ["someone@example.com"], at: server)
            _ = try await eventually("the deferral") { server.log.contains("event=deferred") ? true : nil }
            try await postfix.whileRunning { postfix in
                _ = try await message(postfix, for: "someone@example.com")
                try await RelayingServer.expectEmptyQueue(server)
            }
        }
    }
}
