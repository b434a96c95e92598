import SendmailCore
import Testing

struct MessageHeaderTests {
    /// The header of a text whose lines end in LF, and the body behind it.
    private func read(_ text: String) throws -> (header: MessageHeader, body: String) {
        let octets = Array(text.replacing("\n", with: "\r\n").utf8)
        let (header, start) = try #require(MessageHeader.read(octets, isWhole: true))
        return (header, String(decoding: octets[start...], as: UTF8.self))
    }

    private func text(_ header: MessageHeader) -> [String] {
        String(decoding: header.octets, as: UTF8.self).split(separator: "\r\n").map(String.init)
    }

    @Test func `the header ends at an empty line`() throws {
        let (header, body) = try read("Subject: a\n b\nTo: ann\n\nTo: bob\n")
        #expect(text(header) == ["Subject: a", " b", "To: ann"])
        #expect(body == "To: bob\r\n")
    }

    @Test(arguments: ["hello\nTo: x\n", "hello: world is no field but\n".replacing(":", with: "")])
    func `a text without a header is all body`(_ message: String) throws {
        let (header, body) = try read(message)
        #expect(header.fields.isEmpty)
        #expect(body == message.replacing("\n", with: "\r\n"))
    }

    @Test func `the first line of a mailbox file is no field`() throws {
        #expect(text(try read("From ann Sat Nov 21 20:00:00 2026\nSubject: a\n\nx\n").header) == ["Subject: a"])
    }

    @Test func `its end has not come before there is a body, or nothing follows`() {
        let octets = Array("Subject: a\r\n".utf8)
        #expect(MessageHeader.read(octets, isWhole: false) == nil)
        #expect(MessageHeader.read(octets, isWhole: true)?.bodyStart == octets.count)
    }

    @Test(arguments: [
        ("From: Ann <ann@x>, bob@x\nSender: sec@x\n\n", "sec@x"), ("From: Ann <ann@x>, bob@x\n\n", "ann@x"),
        ("From: ann@x\nResent-From: cid@x\n\n", "cid@x"), ("Subject: From nobody\nSender: (nobody)\n\n", nil),
    ]) func `the sender is the one who sent it last`(_ message: String, sender: String?) throws {
        #expect(try read(message).header.sender == sender)
    }

    @Test func `recipients are those of To, Cc and Bcc, and nobody sees Bcc`() throws {
        var (header, _) = try read("To: ann@x.example,\n Bob <bob@x.example>\nCC: c\nBcc: eve\nReturn-Path: <z>\n\n")
        #expect(header.recipients == ["ann@x.example", "bob@x.example", "c", "eve"])
        header.removePrivateFields()
        #expect(text(header) == ["To: ann@x.example,", " Bob <bob@x.example>", "CC: c"])
    }

    @Test func `a message sent again goes to those of the newest Resent block alone`() throws {
        let header = try read(
            """
            Resent-From: ann
            Resent-To: bob
            Resent-Bcc: eve
            Resent-From: older
            Resent-To: older
            To: first


            """
        ).header
        #expect(header.recipients == ["bob", "eve"])
    }

    @Test func `what every message has is added where it is missing`() throws {
        var (header, _) = try read("Subject: a\n\n")
        header.addMissingFields(author: "Ann <ann@x.example>", date: "today", messageID: "<1@x.example>")
        #expect(
            text(header) == [
                "Subject: a", "From: Ann <ann@x.example>", "To: undisclosed-recipients:;", "Date: today",
                "Message-ID: <1@x.example>",
            ])
        let before = header
        header.addMissingFields(author: "other", date: "other", messageID: "other")
        #expect(header == before)
    }
}
