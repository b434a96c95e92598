import MailCore
import MailMIME
import Testing

@Suite struct FlowedReadingTests {
    private func text(_ body: String, parameters: String = "; format=flowed") -> String? {
        MessageParser.parse(Array("Content-Type: text/plain; charset=utf-8\(parameters)\n\n\(body)".utf8)).text
    }

    @Test(arguments: [
        ("a long \nline\nand another\n", "a long line\nand another\n"),
        (" stuffed\n >no quote\n", "stuffed\n>no quote\n"),
        (">> twice \n>> quoted\n> once\n", ">> twice quoted\n> once\n"), ("> one \n>> two\n", "> one \n>> two\n"),
        ("goes on \n-- \nAnn\n", "goes on \n-- \nAnn\n"), ("last \n", "last \n"), ("a \r\nb\r\n", "a b\n"), ("", ""),
        (">\n> a\n", ">\n> a\n"),
    ])
    func `lines that go on are joined`(body: String, shown: String) {
        #expect(text(body)?.trimmingLastLineEnd == shown.trimmingLastLineEnd)
    }

    @Test func `with DelSp the space that says so is no part of the text`() {
        #expect(text("long\u{4E16} \nword", parameters: "; Format=Flowed; DelSp=yes") == "long\u{4E16}word")
    }

    @Test func `other text keeps its lines`() {
        #expect(text("a \nb", parameters: "") == "a \nb")
        #expect(text("a \nb", parameters: "; format=fixed") == "a \nb")
    }

    @Test func `what is written as flowed is read as it was`() throws {
        let original =
            "\(String(repeating: "many words ", count: 40))and an end\n> no quote\n space\nFrom here\n\n-- \nAnn"
        let message = try MailMessage(
            from: Mailbox(EmailAddress("ann@example.org")), to: [Mailbox(EmailAddress("bob@example.org"))],
            subject: "long lines", text: original, date: Timestamp(microseconds: 0), messageID: "1@example.org")
        let read = MessageParser.parse(message.bytes)
        #expect(read.root.contentType?["format"] == "flowed")
        #expect(read.text?.trimmingLastLineEnd == original)
    }
}

extension String {
    fileprivate var trimmingLastLineEnd: String { hasSuffix("\n") ? String(dropLast()) : self }
}
