import Foundation
import MailTesting
import Testing

/// Postfix hands mail to Martlet, as it does on thousands of machines whose relayhost Martlet would be.
@Suite(.requiresPeers) struct FromPostfixTests {
    /// Runs Martlet, and Postfix with Martlet as its relayhost.
    private func withPostfix(
        configuration: String = "", settings: [String] = [],
        _ body: (MartletServer, PostfixPeer) async throws -> Void
    ) async throws {
        try await MartletServer.with(configuration: configuration) { server in
            try await PostfixPeer(relayingTo: server.port, settings: settings).whileRunning { postfix in
                try await body(server, postfix)
            }
        }
    }

    private func submit(
        _ sample: SampleMessage, with postfix: PostfixPeer, to recipients: [String], options: [String] = []
    ) async throws {
        let result = try await postfix.submit(
            sample.unixBytes, from: "you@example.net", to: recipients, options: ["-B", "8BITMIME"] + options)
        try #require(result.status == 0, "\(result.errors)")
    }

    /// Waits until Postfix says what became of the mail for a recipient, and returns that line of its log.
    private func verdict(_ postfix: PostfixPeer, on recipient: String) async throws -> Substring {
        try await eventually("Postfix's verdict on \(recipient)") {
            postfix.log.split(separator: "\n").first { $0.contains("to=<\(recipient)>") && $0.contains("status=") }
        }
    }

    @Test func `what is submitted to Postfix arrives byte for byte, at each of several users`() async throws {
        let sample = SampleMessage()
        try await withPostfix { server, postfix in
            try await submit(sample, with: postfix, to: ["ann@example.org", "bob@example.org"])
            expectIntact(try await server.message(for: "ann"), sample.bytes)
            expectIntact(try await server.message(for: "bob"), sample.bytes)
            for user in ["ann", "bob"] {
                let line = try await verdict(postfix, on: "\(user)@example.org")
                #expect(line.contains("dsn=2.0.0, status=sent (250 2.0.0 Queued as "))
            }
            #expect(server.log.split(separator: "\n").count { $0.contains("event=accepted") } == 1, "one transaction")
        }
    }

    @Test func `a body of many long lines arrives with each line as it was, or folded where Postfix must`()
        async throws
    {
        let lines = (1...200).map { String(repeating: "\($0 % 10)", count: 10 * $0) }
        let message = "From: you@example.net\nDate: Sat, 21 Nov 2026 20:00:00 +0000\n\n" + lines.joined(separator: "\n")
        try await withPostfix { server, postfix in
            let result = try await postfix.submit(
                Data((message + "\n").utf8), from: "you@example.net", to: ["ann@example.org"])
            try #require(result.status == 0, "\(result.errors)")
            let delivered = String(decoding: try await server.message(for: "ann"), as: UTF8.self)
            let body = try #require(delivered.range(of: "\r\n\r\n")).upperBound
            // Postfix cuts after 998 octets and goes on behind a space.
            #expect(delivered[body...].replacing("\r\n ", with: "") == lines.joined(separator: "\r\n") + "\r\n")
        }
    }

    @Test func `Postfix hears which of two recipients does not exist, and the other gets the message`() async throws {
        let sample = SampleMessage()
        try await withPostfix { server, postfix in
            try await submit(sample, with: postfix, to: ["nobody@example.org", "ann@example.org"])
            expectIntact(try await server.message(for: "ann"), sample.bytes)
            let line = try await verdict(postfix, on: "nobody@example.org")
            #expect(line.contains("dsn=5.1.1, status=bounced"), "\(line)")
            #expect(line.contains("in reply to RCPT TO command"), "\(line)")
        }
    }

    @Test func `what Postfix says about delivery status notifications is taken into the queue`() async throws {
        try await withPostfix(configuration: "[route.default]\nto = \"hold\"") { server, postfix in
            try await submit(
                SampleMessage(), with: postfix, to: ["someone@example.com"],
                options: ["-N", "success,delay", "-V", "QQ314159", "-R", "hdrs"])
            let line = try await verdict(postfix, on: "someone@example.com")
            #expect(line.contains("status=sent (250 2.0.0 Queued as "), "\(line)")
            let folder = URL(fileURLWithPath: "\(server.dataDirectory)/queue/log")
            let segments = try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
            let records = try segments.map { try Data(contentsOf: $0) }.reduce(Data(), +)
            #expect(records.range(of: Data("QQ314159".utf8)) != nil)
        }
    }

    @Test func `a queue that Postfix empties over several connections arrives whole and once`() async throws {
        let count = 60
        try await withPostfix(settings: ["smtp_destination_recipient_limit = 1"]) { server, postfix in
            let source = try await run(
                Tool.require("smtp-source"),
                [
                    "-s", "4", "-m", "\(count)", "-l", "4096", "-f", "you@example.net", "-t", "ann@example.org",
                    "127.0.0.1:\(postfix.port)",
                ])
            #expect(source.status == 0, "\(source.errors)")
            let messages = try await server.messages(for: "ann", count: count)
            let identifiers = messages.compactMap {
                String(decoding: $0, as: UTF8.self).firstMatch(of: /Message-Id: (<\S+>)/.ignoresCase())?.1
            }
            #expect(messages.count == count && identifiers.count == count)
            #expect(Set(identifiers).count == count, "each of them once")
        }
    }
}
