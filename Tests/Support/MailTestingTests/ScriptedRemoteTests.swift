import Foundation
import MailTesting
import Testing

@Suite struct ScriptedRemoteTests {
    private let transaction = [
        "EHLO client.example.net", "MAIL FROM:<you@example.net>", "RCPT TO:<ann@example.com>", "DATA",
        "Subject: x\r\n\r\n..dot\r\n.", "QUIT",
    ]

    /// Says one command after the other until the remote hangs up, and returns everything it said.
    private func talk(to remote: ScriptedRemote, _ commands: [String]) async throws -> String {
        let client = try RawConnection(port: remote.port)
        for command in commands { client.send(command + "\r\n") }
        client.finishSending()
        return try await client.rest()
    }

    @Test func `without a script it is a server that takes everything`() async throws {
        try await ScriptedRemote().whileRunning { remote in
            let lines = try await talk(to: remote, transaction).split(separator: "\r\n")
            let replies = lines.map { $0.prefix(4) }.filter { $0.hasSuffix(" ") }
            #expect(replies == ["220 ", "250 ", "250 ", "250 ", "354 ", "250 ", "221 "])
            let message = try #require(remote.messages.first)
            #expect(message.content == Data("Subject: x\r\n\r\n.dot\r\n".utf8))
            #expect(message.mail == "MAIL FROM:<you@example.net>")
            #expect(message.recipients == ["RCPT TO:<ann@example.com>"])
            #expect(message.isTaken)
            #expect(remote.log.contains("C: DATA\nS: 354"))
        }
    }

    @Test(arguments: [
        (RemoteScript.Step.greeting, ""), (.hello, "220"), (.mail, "250"), (.recipient, "250"), (.data, "250"),
        (.endOfData, "354"), (.quit, "250"),
    ])
    func `at the step of its script it hangs up, and in later sessions it behaves`(
        _ step: RemoteScript.Step, _ last: String
    ) async throws {
        try await ScriptedRemote(RemoteScript([step: .hangUp]), sessions: 1).whileRunning { remote in
            let cut = try await talk(to: remote, transaction)
            let lastReply = cut.split(separator: "\r\n").last ?? ""
            #expect(lastReply.prefix(3) == last)
            #expect(remote.messages.count == (step == .endOfData || step == .quit ? 1 : 0))
            #expect(remote.messages.first?.isTaken == (remote.messages.isEmpty ? nil : step == .quit))
            let whole = try await talk(to: remote, transaction)
            #expect(whole.hasSuffix("221 2.0.0 Bye\r\n"))
            #expect(remote.messages.last?.isTaken == true)
        }
    }

    @Test func `a script for one session is for its first transaction`() async throws {
        let script = RemoteScript(recipientAnswers: ["ann@example.com": "450 4.2.1 Later"])
        try await ScriptedRemote(script, sessions: 1).whileRunning { remote in
            let commands = [transaction[0]] + transaction[1...2] + transaction[1...]
            let replies = try await talk(to: remote, commands)
            #expect(replies.contains("450 4.2.1 Later\r\n250 2.1.0 Ok\r\n250 2.1.5 Ok\r\n354 "))
        }
    }

    @Test func `in the middle of a long content it hangs up, and has no message`() async throws {
        let lines = String(repeating: String(repeating: "x", count: 70) + "\r\n", count: 2_000)
        try await ScriptedRemote(RemoteScript([.content: .hangUp])).whileRunning { remote in
            let cut = try await talk(to: remote, Array(transaction[..<4]) + [lines + "."])
            #expect(cut.hasSuffix("354 Go on\r\n"))
            #expect(remote.messages.isEmpty)
        }
    }

    @Test func `it says what its script says, and closes after 421`() async throws {
        try await ScriptedRemote(RemoteScript([.mail: .answer("421 4.3.2 Closing")])).whileRunning { remote in
            let replies = try await talk(to: remote, transaction)
            #expect(replies.hasSuffix("421 4.3.2 Closing\r\n"))
        }
        try await ScriptedRemote(RemoteScript([.endOfData: .hangUpAfter("250 2.0")])).whileRunning { remote in
            let replies = try await talk(to: remote, transaction)
            #expect(replies.hasSuffix("\r\n250 2.0"))
        }
        try await ScriptedRemote(RemoteScript([.hello: .flood(octets: 1 << 20)])).whileRunning { remote in
            let replies = try await talk(to: remote, transaction)
            #expect(replies.utf8.count > 1 << 20 && !replies.contains("\r\n250 "))
        }
    }

    @Test func `over LMTP each recipient has answers of its own`() async throws {
        let script = RemoteScript(
            recipientAnswers: ["nobody@example.com": "550 5.1.1 Nobody"],
            contentAnswers: ["bob@example.com": "452 4.2.2 Full"])
        let recipients = ["ann", "nobody", "bob"].map { "RCPT TO:<\($0)@example.com>" }
        try await ScriptedRemote(script, isLMTP: true).whileRunning { remote in
            let replies = try await talk(
                to: remote, ["LHLO here", transaction[1]] + recipients + Array(transaction[3...]))
            #expect(replies.contains("250 2.1.5 Ok\r\n550 5.1.1 Nobody\r\n250 2.1.5 Ok\r\n354 "))
            #expect(replies.contains("\r\n250 2.0.0 Taken for ann@example.com\r\n452 4.2.2 Full\r\n"))
        }
    }

    @Test func `chunks make a message as lines do`() async throws {
        try await ScriptedRemote(RemoteScript(extensions: ["CHUNKING"])).whileRunning { remote in
            let replies = try await talk(
                to: remote, Array(transaction[..<3]) + ["BDAT 6\r\n.dot\r\nBDAT 3 LAST\r\nx", "QUIT"])
            #expect(replies.hasSuffix("221 2.0.0 Bye\r\n"))
            #expect(remote.messages.first?.content == Data(".dot\r\nx\r\n".utf8))
        }
    }
}
