import Foundation
import MailTesting
import Testing

/// Martlet relays to a server that refuses: what is refused for good is reported to the sender, what is refused for now
/// is tried again, and nobody else's copy suffers.
@Suite(.requires("curl", "python3")) struct RefusingRemoteTests {
    private func relay(
        _ script: RemoteScript, sessions: Int? = nil, isLMTP: Bool = false, to recipients: [String],
        _ body: (MartletServer, ScriptedRemote) async throws -> Void
    ) async throws {
        let remote = try ScriptedRemote(script, sessions: sessions, isLMTP: isLMTP)
        try await remote.whileRunning { remote in
            let route = "\(isLMTP ? "lmtp" : "smtp")://127.0.0.1:\(remote.port)"
            try await RelayingServer.with(route: route) { server in
                try await RelayingServer.submit(SampleMessage().bytes, to: recipients, at: server)
                try await body(server, remote)
                try await RelayingServer.expectEmptyQueue(server)
            }
        }
    }

    /// The addresses in the RCPT commands of messages that the remote took.
    private func taken(by remote: ScriptedRemote) -> [String] {
        remote.messages.filter(\.isTaken).flatMap(\.recipients)
            .compactMap { $0.firstMatch(of: /<([^>]*)>/).map { String($0.1) } }
    }

    @Test(arguments: [RemoteScript.Step.mail, .recipient, .data, .endOfData])
    func `a message refused for good is reported to its sender in the remote's words`(
        at step: RemoteScript.Step
    ) async throws {
        let script = RemoteScript([step: .answer("554 5.7.1 Not from the likes of you")])
        try await relay(script, to: ["someone@example.com"]) { server, remote in
            let report = try await RelayingServer.report(to: "ann", at: server)
            let recipient = try #require(report.recipients.first)
            #expect(report.to.contains("ann@example.org"))
            #expect(recipient["final-recipient"] == "rfc822; someone@example.com")
            #expect(recipient["action"] == "failed" && recipient["status"] == "5.7.1")
            #expect(recipient["diagnostic-code"]?.hasPrefix("smtp; 554") == true, "\(recipient)")
            #expect(recipient["diagnostic-code"]?.contains("Not from the likes of you") == true, "\(recipient)")
            #expect(report.text.contains("someone@example.com"))
            #expect(remote.messages.allSatisfy { !$0.isTaken })
        }
    }

    @Test func `of three recipients one gets the message at once, one later, and one is reported`() async throws {
        let script = RemoteScript(recipientAnswers: [
            "later@example.com": "450 4.2.1 Come again", "nobody@example.com": "550 5.1.1 Nobody of that name",
        ])
        let recipients = ["now@example.com", "later@example.com", "nobody@example.com"]
        try await relay(script, sessions: 1, to: recipients) { server, remote in
            let report = try await RelayingServer.report(to: "ann", at: server)
            #expect(report.recipients.map { $0["final-recipient"] } == ["rfc822; nobody@example.com"])
            try await RelayingServer.expectEmptyQueue(server)
            #expect(taken(by: remote) == ["now@example.com", "later@example.com"], "each of them once")
        }
    }

    @Test func `over LMTP only the recipient that was refused for now is tried again`() async throws {
        let script = RemoteScript(
            contentAnswers: ["later@example.com": "452 4.2.2 Full", "nobody@example.com": "550 5.2.1 Closed"])
        let recipients = ["now@example.com", "later@example.com", "nobody@example.com"]
        try await relay(script, sessions: 1, isLMTP: true, to: recipients) { server, remote in
            let report = try await RelayingServer.report(to: "ann", at: server)
            #expect(report.recipients.map { $0["status"] } == ["5.2.1"])
            try await RelayingServer.expectEmptyQueue(server)
            let transactions = remote.messages.map { $0.recipients.map { $0.prefix { $0 != " " && $0 != "@" } } }
            #expect(transactions.count == 2 && transactions[0].count == 3 && transactions[1].count == 1)
            #expect(remote.messages.last?.recipients.first?.contains("<later@example.com>") == true)
        }
    }

    @Test func `what the sender asks of reports goes to a remote that knows of it`() async throws {
        try await ScriptedRemote().whileRunning { remote in
            try await RelayingServer.with(route: "smtp://127.0.0.1:\(remote.port)") { server in
                let client = try RawConnection(port: server.port)
                _ = try await client.reply()
                for command in [
                    "EHLO client.example.net", "MAIL FROM:<ann@example.org> RET=HDRS ENVID=QQ314159",
                    "RCPT TO:<someone@example.com> NOTIFY=DELAY,FAILURE ORCPT=rfc822;first@example.com",
                ] {
                    #expect(try await client.ask(command).hasPrefix("250"))
                }
                _ = try await client.ask("DATA")
                #expect(try await client.ask("Subject: Hello\r\n\r\nHello.\r\n.").hasPrefix("250"))
                try await RelayingServer.expectEmptyQueue(server)
            }
            let message = try #require(remote.messages.first)
            #expect(message.mail.contains(" RET=HDRS") && message.mail.contains(" ENVID=QQ314159"))
            let recipient = try #require(message.recipients.first)
            #expect(recipient.contains(" ORCPT=rfc822;first@example.com"))
            let notify = try #require(recipient.firstMatch(of: /\bNOTIFY=(\S+)/)?.1)
            #expect(Set(notify.split(separator: ",")) == ["DELAY", "FAILURE"])
        }
    }

    @Test func `signed 8-bit text is not sent to a remote that takes none, and its sender hears why`() async throws {
        let script = RemoteScript(extensions: ["PIPELINING", "ENHANCEDSTATUSCODES"])
        try await ScriptedRemote(script).whileRunning { remote in
            try await RelayingServer.with(route: "smtp://127.0.0.1:\(remote.port)") { server in
                let client = try RawConnection(port: server.port)
                _ = try await client.reply()
                for command in [
                    "EHLO client.example.net", "MAIL FROM:<ann@example.org> BODY=8BITMIME",
                    "RCPT TO:<someone@example.com>",
                ] {
                    #expect(try await client.ask(command).hasPrefix("250"))
                }
                _ = try await client.ask("DATA")
                let signed = "Content-Type: multipart/signed; boundary=b\r\n\r\n--b\r\n\r\nGrüße\r\n--b--\r\n."
                #expect(try await client.ask(signed).hasPrefix("250"))
                let report = try await RelayingServer.report(to: "ann", at: server)
                #expect(report.recipients.first?["status"] == "5.6.3")
                let message = String(decoding: try await server.message(for: "ann"), as: UTF8.self)
                #expect(message.contains("signed or encrypted part") && message.contains("no 8BITMIME"), "\(message)")
                try await RelayingServer.expectEmptyQueue(server)
            }
            #expect(remote.messages.isEmpty)
        }
    }
}
