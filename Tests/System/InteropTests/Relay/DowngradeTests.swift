import Foundation
import MailTesting
import Testing

/// Messages on their way to servers that carry less than they hold, and binary ones from end to end.
@Suite(.requires("curl", "python3")) struct DowngradeTests {
    private static let recipient = "someone@example.com"

    private func withRemote(
        _ extensions: [String], _ body: (MartletServer, ScriptedRemote) async throws -> Void
    ) async throws {
        let script = RemoteScript(extensions: extensions + ["ENHANCEDSTATUSCODES"])
        try await ScriptedRemote(script).whileRunning { remote in
            try await RelayingServer.with(route: "smtp://127.0.0.1:\(remote.port)") { server in
                try await body(server, remote)
            }
        }
    }

    /// Hands in a binary message with BDAT, in pieces.
    private func submitBinary(_ message: Data, to recipient: String, at server: MartletServer) async throws {
        let client = try RawConnection(port: server.port)
        #expect(try await client.reply().hasPrefix("220"))
        #expect(try await client.ask("EHLO client.example.net").contains("250-BINARYMIME"))
        #expect(try await client.ask("MAIL FROM:<ann@example.org> BODY=BINARYMIME").hasPrefix("250"))
        #expect(try await client.ask("RCPT TO:<\(recipient)>").hasPrefix("250"))
        #expect(try await client.ask("DATA").hasPrefix("503"))
        let half = message.count / 2
        client.send("BDAT \(half)\r\n")
        client.send(message.prefix(half))
        #expect(try await client.reply().hasPrefix("250"))
        client.send("BDAT \(message.count - half) LAST\r\n")
        client.send(message.dropFirst(half))
        #expect(try await client.reply().hasPrefix("250"))
    }

    private func message(at remote: ScriptedRemote) async throws -> RemoteMessage {
        try await eventually("the message", timeout: RelayingServer.patience) { remote.messages.first }
    }

    /// A picture of random octets in a multipart, unencoded. It holds what must not be taken for an end of anything.
    private func binaryMessage(octets: Int) -> (message: Data, picture: Data) {
        var picture = Data("\r\n.\r\nQUIT\r\n\0\r\r\n\n--cu\r\n".utf8)
        picture += Data((0..<octets).map { UInt8(truncatingIfNeeded: $0 &* $0 &* 31 &+ $0 >> 7) })
        let head = """
            From: ann@example.org
            Subject: A picture
            MIME-Version: 1.0
            Content-Type: multipart/mixed; boundary=cut
            Content-Transfer-Encoding: binary

            --cut
            Content-Type: text/plain; charset=utf-8
            Content-Transfer-Encoding: 8bit

            Viele Grüße an alle
            --cut
            Content-Type: image/png
            Content-Disposition: attachment; filename=picture.png
            Content-Transfer-Encoding: binary


            """.replacing("\n", with: "\r\n")
        return (Data(head.utf8) + picture + Data("\r\n--cut--\r\n".utf8), picture)
    }

    /// What Python finds in a message: text and picture, decoded.
    private func contents(_ message: Data) async throws -> (text: String, picture: Data) {
        let script = """
            import sys, email, email.policy, base64
            message = email.message_from_bytes(sys.stdin.buffer.read(), policy=email.policy.SMTP)
            parts = [base64.b64encode(part.get_payload(decode=True)).decode() for part in message.walk()
                     if not part.is_multipart()]
            print(*parts)
            """
        let result = try await run(Tool.require("python3"), ["-c", script], input: message)
        let parts = result.output.split(separator: " ").map {
            Data(base64Encoded: String($0).trimmingCharacters(in: .newlines)) ?? Data()
        }
        try #require(parts.count == 2, "\(result.errors)")
        return (String(decoding: parts[0], as: UTF8.self), parts[1])
    }

    @Test(arguments: [500, 400_000])
    func `a binary message reaches a server that takes such octet for octet`(octets: Int) async throws {
        let (message, _) = binaryMessage(octets: octets)
        try await withRemote(["CHUNKING", "BINARYMIME", "8BITMIME"]) { server, remote in
            try await submitBinary(message, to: Self.recipient, at: server)
            let relayed = try await self.message(at: remote)
            #expect(relayed.mail.contains("BODY=BINARYMIME"))
            #expect(relayed.content.suffix(message.count) == message)
            try await RelayingServer.expectEmptyQueue(server)
        }
    }

    @Test(arguments: [(500, ["8BITMIME"]), (400_000, ["8BITMIME", "CHUNKING", "PIPELINING"]), (400_000, [])])
    func `to one that does not it goes encoded, and means the same`(octets: Int, extensions: [String]) async throws {
        let (message, picture) = binaryMessage(octets: octets)
        try await withRemote(extensions) { server, remote in
            try await submitBinary(message, to: Self.recipient, at: server)
            let relayed = try await self.message(at: remote)
            let found = try await contents(relayed.content)
            #expect(found.text == "Viele Grüße an alle" && found.picture == picture)
            #expect(relayed.content.contains { $0 >= 0x80 } == extensions.contains("8BITMIME"))
            #expect(relayed.mail.contains("BODY=8BITMIME") == extensions.contains("8BITMIME"))
            #expect(!relayed.content.contains(0))
            try await RelayingServer.expectEmptyQueue(server)
            #expect(remote.messages.count == 1, "no end of it was found too early")
        }
    }

    @Test(arguments: [500, 400_000])
    func `in a mailbox a binary message is lines`(octets: Int) async throws {
        let (message, picture) = binaryMessage(octets: octets)
        try await MartletServer.with { server in
            try await submitBinary(message, to: "ann@example.org", at: server)
            let delivered = try await server.message(for: "ann")
            let found = try await contents(delivered)
            #expect(found.text == "Viele Grüße an alle" && found.picture == picture)
            #expect(!delivered.contains(0) && delivered.contains { $0 >= 0x80 })
            let names = try FileManager.default.contentsOfDirectory(atPath: server.maildir("ann") + "/new")
            #expect(names.count == 1 && names[0].hasSuffix(",S=\(delivered.count)"), "\(names)")
        }
    }

    @Test func `a line that no server has to take is encoded on its way`() async throws {
        let line = String(repeating: "word ", count: 300)
        let text = "MIME-Version: 1.0\r\nSubject: long\r\n\r\n\(line).\r\n"
        try await withRemote(["8BITMIME"]) { server, remote in
            try await RelayingServer.submit(Data(text.utf8), to: [Self.recipient], at: server)
            let relayed = String(decoding: try await message(at: remote).content, as: UTF8.self)
            #expect(relayed.contains("\r\nContent-Transfer-Encoding: quoted-printable\r\n"))
            #expect(relayed.replacing("=\r\n", with: "").hasSuffix("\r\n\r\n\(line).\r\n"))
        }
    }

    @Test func `one that is signed comes back, with a report that says why`() async throws {
        let line = String(repeating: "x", count: 1_500)
        let text = "Content-Type: multipart/signed; boundary=b\r\n\r\n--b\r\n\r\n\(line)\r\n--b--\r\n"
        try await withRemote(["8BITMIME"]) { server, remote in
            try await RelayingServer.submit(Data(text.utf8), to: [Self.recipient], at: server)
            let report = try await RelayingServer.report(to: "ann", at: server)
            #expect(report.recipients.first?["status"] == "5.6.0")
            let message = String(decoding: try await server.message(for: "ann"), as: UTF8.self)
            #expect(message.contains("a line of over 998 octets"), "\(message)")
            #expect(remote.messages.isEmpty)
        }
    }
}

/// Postfix as a next hop that offers less than it could.
@Suite(.requiresPeers, .requires("curl", "python3")) struct DowngradeToPostfixTests {
    @Test func `Postfix without 8BITMIME gets seven bits, and the same message`() async throws {
        let settings = ["smtpd_discard_ehlo_keywords = 8bitmime, smtputf8, chunking"]
        let sample = SampleMessage()
        try await PostfixPeer(settings: settings).whileRunning { postfix in
            try await RelayingServer.with(route: "smtp://127.0.0.1:\(postfix.port)") { server in
                try await RelayingServer.submit(
                    sample.bytes, to: ["user@example.com"], from: "you@example.net", at: server)
                let message = try await eventually("the message", timeout: RelayingServer.patience) {
                    try postfix.messages(for: "user@example.com").first
                }
                #expect(message.allSatisfy { $0 < 0x80 })
                let lines = String(decoding: message, as: UTF8.self)
                #expect(lines.contains("\n\tGr=C3=BC=C3=9Fe, =E7=81=AB\n") && lines.contains("trailing blanks  =20\n"))
                let picture = sample.picture.base64EncodedString(options: [
                    .lineLength76Characters, .endLineWithLineFeed,
                ])
                #expect(lines.contains(picture))
            }
        }
    }
}
