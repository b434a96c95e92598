import Foundation
import MailTesting
import Testing

/// Each peer by itself, before anybody else has to do with it.
@Suite(.requiresPeers, .requires("python3")) struct PeerTests {
    /// Hands a message to bob and ann with Python, over SMTP or LMTP, and returns what Python says of the recipients.
    private func send(_ message: String, to port: Int, with client: String = "SMTP") async throws -> String {
        let program = """
            import smtplib, sys
            client = smtplib.\(client)("127.0.0.1", \(port))
            print(client.sendmail("you@example.net", ["bob@example.com", "ann@example.com"], sys.stdin.buffer.read()))
            client.quit()
            """
        let result = try await run(Tool.require("python3"), ["-c", program], input: Data(message.utf8))
        #expect(result.status == 0, "\(result.errors)")
        return result.output
    }

    private func text(_ message: Data) -> String { String(decoding: message, as: UTF8.self) }

    @Test func `Postfix takes mail for everybody into Maildirs`() async throws {
        try await PostfixPeer().whileRunning { postfix in
            #expect(try await send("Subject: Hello\r\n\r\n.dot\r\n", to: postfix.port) == "{}\n")
            for user in ["ann", "bob"] {
                let message = try await eventually("a message") {
                    try postfix.messages(for: "\(user)@example.com").first
                }
                #expect(text(message).hasPrefix("Return-Path: <you@example.net>\n"))
                #expect(text(message).hasSuffix("\n\n.dot\n"))
            }
        }
    }

    @Test func `what is submitted to Postfix goes to the server it is given`() async throws {
        try await SinkPeer().whileRunning { sink in
            try await PostfixPeer(relayingTo: sink.port).whileRunning { postfix in
                let result = try await postfix.submit(
                    Data("Subject: Hello\n\nHello.\n".utf8), from: "you@example.net", to: ["ann@example.com"])
                #expect(result.status == 0, "\(result.errors)")
                let transaction = text(try await eventually("a transaction") { try sink.transactions().first })
                #expect(transaction.contains("ann@example.com"))
                #expect(transaction.contains("\nSubject: Hello\n"))
            }
        }
    }

    @Test func `Dovecot takes mail for everybody over LMTP, byte for byte`() async throws {
        try await DovecotPeer().whileRunning { dovecot in
            #expect(try await send("Subject: Hello\r\n\r\n.dot\r\n", to: dovecot.port, with: "LMTP") == "{}\n")
            for user in ["ann", "bob"] {
                let message = try await eventually("a message") {
                    try dovecot.messages(for: "\(user)@example.com").first
                }
                #expect(text(message).hasPrefix("Return-Path: <you@example.net>\r\n"))
                #expect(text(message).hasSuffix("\r\n\r\n.dot\r\n"))
            }
            var status = stat()
            #expect(stat(dovecot.socket, &status) == 0 && status.st_mode & S_IFMT == S_IFSOCK)
        }
    }

    @Test func `a peer that cannot start says why`() async throws {
        let sink = try SinkPeer(options: ["-Z"])
        await #expect(throws: PeerEnded.self) { try await sink.start() }
        #expect(sink.log.contains("-Z") || sink.log.contains("usage"), "\(sink.log)")
    }
}
