import MailCore
import Testing

/// What of a message reaches a terminal.
struct TerminalMessageTests {
    private func lines(_ content: String) throws -> [String] {
        let sender = ReversePath.mailbox(try EmailAddress("you@example.net"))
        return TerminalMessage(from: sender, at: "mx.example.org", date: "12:00", content: Array(content.utf8)).lines
    }

    @Test func `the reader learns who sent it, and where it ends`() throws {
        #expect(
            try lines("Tea is\tready.\r\nCome.\r\n") == [
                "Message from <you@example.net> at mx.example.org, 12:00", "Tea is ready.", "Come.", "[end]",
            ])
    }

    @Test(arguments: [
        "\u{1B}]0;owned\u{07}", "\u{1B}[2J", "\u{9B}31m", "\u{08}\u{7F}", "a\rb", "\u{202E}txt", "\u{2028}x", "\0",
    ])
    func `nothing in it commands the terminal`(text: String) throws {
        let shown = try lines("before \(text) after\r\n")
        #expect(shown.count == 3)
        #expect(!shown[1].unicodeScalars.contains { $0.isUnsafeInLine })
        #expect(shown[1].hasPrefix("before ") && shown[1].contains("\\u{"))
    }

    @Test func `octets that are no text are shown as such`() throws {
        let message = TerminalMessage(from: .null, at: "mx", date: "", content: [0x41, 0xFF, 0xFE, 0x42, 0x9B])
        #expect(message.lines[1] == "A\u{FFFD}\u{FFFD}B\u{FFFD}")
    }

    @Test func `it is no longer than a screen or two`() throws {
        let many = try lines(String(repeating: "x\r\n", count: 500))
        #expect(many.count == 63 && many[61] == "[more was sent]")
        let long = try lines(String(repeating: "y", count: 10_000))
        #expect(long.map(\.count).max() == 200 && long.contains("[more was sent]"))
    }
}
