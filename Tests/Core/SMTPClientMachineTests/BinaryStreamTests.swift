import MailCore
import NIOCore
import SMTPCore
import Testing

/// A binary message that is not at hand as a whole: one BDAT, octet for octet, while it is read.
@Suite struct BinaryStreamTests {
    static let message = "A: b\r\n\r\n.\na\0\r"
    static let mail = "MAIL FROM:<ann@client.example> BODY=BINARYMIME\r\n"
    static let bob = "RCPT TO:<bob@mx.example>\r\n"

    private func open(
        _ keywords: [String], _ variant: SMTPClientMachine.Variant = .smtp, content: String = Self.message
    ) throws -> Dialogue {
        var dialogue = try Dialogue(variant, content: content)
        dialogue.server("220 mx\r\n")
        dialogue.server(
            ["mx"].map { "250-\($0)\r\n" }.joined() + keywords.map { "250-\($0)\r\n" }.joined() + "250 X\r\n")
        return dialogue
    }

    private func begin(_ dialogue: inout Dialogue, _ names: String..., size: UInt64? = 13) throws -> String {
        let envelope = try Envelope(
            reversePath: .mailbox(EmailAddress("ann@client.example")),
            recipients: names.map { EnvelopeRecipient(try EmailAddress("\($0)@mx.example")) },
            options: .init(body: .binary))
        return dialogue.perform { $0.begin(envelope, size: size) }
    }

    @Test(arguments: [true, false])
    func `the message follows when a recipient was taken`(pipelining: Bool) throws {
        var dialogue = try open(["CHUNKING", "BINARYMIME"] + (pipelining ? ["PIPELINING"] : []))
        if pipelining {
            #expect(try begin(&dialogue, "bob") == Self.mail + Self.bob)
            #expect(dialogue.server("250 ok\r\n") == "")
        } else {
            #expect(try begin(&dialogue, "bob") == Self.mail)
            #expect(dialogue.server("250 ok\r\n") == Self.bob)
        }
        #expect(dialogue.server("250 ok\r\n") == "BDAT 13 LAST\r\n" + Self.message)
        #expect(dialogue.machine.stage == .endOfData)
        dialogue.server("250 2.0.0 kept\r\n")
        #expect(dialogue.outcomes == [.delivered] && dialogue.machine.canBegin)
    }

    @Test func `lines go so too where the server offers CHUNKING, and with DATA elsewhere`() throws {
        let envelope = try Envelope(
            reversePath: .mailbox(EmailAddress("ann@client.example")),
            recipients: [EnvelopeRecipient(try EmailAddress("bob@mx.example"))])
        for (keywords, command) in [(["CHUNKING"], "BDAT 15 LAST\r\nA: b\r\n\r\n.a\r\nb\r\n"), (["X"], "DATA\r\n")] {
            var dialogue = try open(keywords, content: "A: b\r\n\r\n.a\r\nb\r\n")
            _ = dialogue.perform { $0.begin(envelope, size: 15, isText: true) }
            dialogue.server("250 ok\r\n")
            #expect(dialogue.server("250 ok\r\n") == command)
        }
        var dialogue = try open(["CHUNKING"])
        _ = dialogue.perform { $0.begin(envelope, size: 15) }
        dialogue.server("250 ok\r\n")
        #expect(dialogue.server("250 ok\r\n") == "DATA\r\n", "of others it is not known whether they are lines")
    }

    @Test func `where nobody is taken nothing of it is sent`() throws {
        var dialogue = try open(["PIPELINING", "CHUNKING", "BINARYMIME"])
        _ = try begin(&dialogue, "bob")
        #expect(dialogue.server("250 ok\r\n550 5.1.1 no\r\n") == "RSET\r\n")
        dialogue.server("250 ok\r\n")
        #expect(dialogue.statuses == ["5.1.1"] && dialogue.machine.canBegin)
    }

    @Test func `a message that is refused is followed by RSET`() throws {
        var dialogue = try open(["PIPELINING", "CHUNKING", "BINARYMIME"])
        _ = try begin(&dialogue, "bob")
        dialogue.server("250 ok\r\n250 ok\r\n")
        #expect(dialogue.server("554 5.6.0 no\r\n") == "RSET\r\n")
        dialogue.server("250 ok\r\n")
        #expect(dialogue.statuses == ["5.6.0"] && dialogue.machine.canBegin)
    }

    @Test func `LMTP answers for each recipient`() throws {
        var dialogue = try open(["PIPELINING", "CHUNKING", "BINARYMIME"], .lmtp)
        _ = try begin(&dialogue, "bob", "cid")
        dialogue.server("250 ok\r\n250 ok\r\n250 ok\r\n")
        dialogue.server("452 4.2.2 bob\r\n250 2.1.5 cid\r\n")
        #expect(dialogue.statuses == ["4.2.2", "2.1.5"] && dialogue.machine.canBegin)
    }

    @Test(arguments: [12, 14] as [UInt64])
    func `a message that has not the size that was said ends the session`(size: UInt64) throws {
        var dialogue = try open(["PIPELINING", "CHUNKING", "BINARYMIME"])
        _ = try begin(&dialogue, "bob", size: size)
        dialogue.server("250 ok\r\n250 ok\r\n")
        #expect(dialogue.isClosed && dialogue.outcomes == [.deferred])
    }

    @Test func `the end is sent only when nothing follows it`() throws {
        let envelope = try Envelope(
            reversePath: .null, recipients: [EnvelopeRecipient(EmailAddress("bob@mx.example"))],
            options: .init(body: .binary))
        for isLonger in [false, true] {
            var machine = SMTPClientMachine(localName: .domain(try Domain("client.example")))
            machine.receive(ByteBuffer(string: "220 mx\r\n250-mx\r\n250-CHUNKING\r\n250 BINARYMIME\r\n"))
            machine.begin(envelope, size: 4)
            machine.receive(ByteBuffer(string: "250 ok\r\n"))
            machine.receive(ByteBuffer(string: "250 ok\r\n"))
            machine.append(ByteBuffer(string: "ab"))
            machine.append(ByteBuffer(string: "cd"))
            var sent: [SMTPClientAction] = []
            while let action = machine.next() { if case .sendContent = action { sent.append(action) } }
            #expect(sent == [.sendContent(ByteBuffer(string: "ab"))])
            if isLonger { machine.append(ByteBuffer(string: "e")) } else { machine.endContent() }
            sent = []
            while let action = machine.next() { if case .sendContent = action { sent.append(action) } }
            #expect(sent == (isLonger ? [] : [.sendContent(ByteBuffer(string: "cd"))]))
        }
    }

    @Test func `an empty message is one, too`() throws {
        var dialogue = try open(["PIPELINING", "CHUNKING", "BINARYMIME"])
        _ = try begin(&dialogue, "bob", size: 0)
        #expect(dialogue.server("250 ok\r\n250 ok\r\n") == "BDAT 0 LAST\r\n")
        dialogue.server("250 ok\r\n")
        #expect(dialogue.outcomes == [.delivered])
    }

    @Test(arguments: [["CHUNKING"], ["BINARYMIME"], ["8BITMIME", "PIPELINING"]])
    func `a server without both extensions gets none of it`(keywords: [String]) throws {
        var dialogue = try open(keywords)
        #expect(try begin(&dialogue, "bob") == "")
        #expect(dialogue.statuses == ["5.6.3"])
    }

    @Test func `a message of unknown size cannot be sent so`() throws {
        var dialogue = try open(["CHUNKING", "BINARYMIME"])
        #expect(try begin(&dialogue, "bob", size: nil) == "")
        #expect(dialogue.statuses == ["5.6.3"])
    }
}
