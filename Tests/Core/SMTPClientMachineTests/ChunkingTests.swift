import MailCore
import NIOCore
import SMTPCore
import Testing

/// BDAT of RFC 3030, where the whole message is at hand.
@Suite struct ChunkingTests {
    static let message = "Subject: Hello\r\n\r\n.Hello\r\n"
    static let mail = "MAIL FROM:<ann@client.example>\r\n"
    static let bob = "RCPT TO:<bob@mx.example>\r\n"
    static let chunk = "BDAT 26 LAST\r\n" + message

    private func open(_ variant: SMTPClientMachine.Variant = .smtp, _ keywords: String...) throws -> Dialogue {
        var dialogue = try Dialogue(variant, content: Self.message)
        dialogue.server("220 mx\r\n")
        dialogue.server(
            (["mx"] + keywords.dropLast()).map { "250-\($0)\r\n" }.joined() + "250 \(keywords.last ?? "")\r\n")
        return dialogue
    }

    @Test func withPipeliningAllOfItGoesOutAtOnce() throws {
        var dialogue = try open(.smtp, "PIPELINING", "CHUNKING")
        #expect(try dialogue.begin("bob", message: Self.message) == Self.mail + Self.bob + Self.chunk)
        dialogue.server("250 ok\r\n250 ok\r\n250 2.0.0 kept\r\n")
        #expect(dialogue.outcomes == [.delivered] && dialogue.machine.canBegin)
    }

    @Test func withoutPipeliningTheMessageWaitsForARecipient() throws {
        var dialogue = try open(.smtp, "CHUNKING")
        #expect(try dialogue.begin("bob", message: Self.message) == Self.mail)
        #expect(dialogue.server("250 ok\r\n") == Self.bob)
        #expect(dialogue.server("250 ok\r\n") == Self.chunk)
        dialogue.server("250 kept\r\n")
        #expect(dialogue.outcomes == [.delivered])
    }

    @Test func whereNobodyIsAcceptedTheSessionGoesOn() throws {
        var dialogue = try open(.smtp, "PIPELINING", "CHUNKING")
        _ = try dialogue.begin("bob", message: Self.message)
        #expect(dialogue.server("250 ok\r\n550 5.1.1 no\r\n554 nobody\r\n") == "RSET\r\n")
        dialogue.server("250 ok\r\n")
        #expect(dialogue.statuses == ["5.1.1"] && dialogue.machine.canBegin)
        _ = try dialogue.begin("bob", message: Self.message)
        dialogue.server("550 5.7.1 not you\r\n503 what?\r\n503 what?\r\n")
        #expect(dialogue.statuses == ["5.7.1"] && dialogue.machine.canBegin)
    }

    @Test func aRefusedMessageIsFollowedByRSET() throws {
        var dialogue = try open(.smtp, "PIPELINING", "CHUNKING")
        _ = try dialogue.begin("bob", "cid", message: Self.message)
        #expect(dialogue.server("250 ok\r\n550 5.1.1 no\r\n250 ok\r\n552 5.3.4 too big\r\n") == "RSET\r\n")
        dialogue.server("250 ok\r\n")
        #expect(dialogue.statuses == ["5.1.1", "5.3.4"] && dialogue.machine.canBegin)
    }

    @Test func lmtpAnswersForEachAcceptedRecipient() throws {
        var dialogue = try open(.lmtp, "PIPELINING", "CHUNKING")
        _ = try dialogue.begin("bob", "cid", "dan", message: Self.message)
        dialogue.server("250 ok\r\n250 ok\r\n550 5.1.1 no\r\n250 ok\r\n250 2.1.5 bob\r\n")
        #expect(dialogue.results.isEmpty)
        dialogue.server("250 2.1.5 dan\r\n")
        #expect(dialogue.statuses == ["2.1.5", "5.1.1", "2.1.5"])
    }

    /// DATA mends such a message; BDAT would hand it on as it is.
    @Test(arguments: ["bare\nLF\r\n", "bare\rCR\r\n", "NUL\0\r\n", "no end", "CR at the end\r"])
    func aMessageThatIsNoTextGoesWithDATA(message: String) throws {
        var dialogue = try open(.smtp, "PIPELINING", "CHUNKING")
        #expect(try dialogue.begin("bob", message: message).hasSuffix("DATA\r\n"))
    }

    @Test func aBinaryMessageNeedsBINARYMIME() throws {
        var dialogue = try open(.smtp, "PIPELINING", "CHUNKING", "BINARYMIME")
        let sent = try dialogue.begin("bob", options: .init(body: .binary), message: "a\nb\0")
        #expect(sent == "MAIL FROM:<ann@client.example> BODY=BINARYMIME\r\n" + Self.bob + "BDAT 4 LAST\r\na\nb\0")
        dialogue = try open(.smtp, "PIPELINING", "CHUNKING")
        _ = try dialogue.begin("bob", options: .init(body: .binary), message: "a\nb\0")
        #expect(dialogue.outcomes == [.failed] && dialogue.statuses == ["5.6.3"])
    }

    /// Whole and octet by octet, the replies mean the same.
    @Test func theCutOfTheOctetsDoesNotMatter() throws {
        let replies = "250 ok\r\n250 ok\r\n452 4.2.2 no\r\n250-2.0.0 kept\r\n250 2.0.0 indeed\r\n"
        var (whole, cut) = (try open(.smtp, "PIPELINING", "CHUNKING"), try open(.smtp, "PIPELINING", "CHUNKING"))
        _ = try whole.begin("bob", "cid", message: Self.message)
        _ = try cut.begin("bob", "cid", message: Self.message)
        whole.server(replies)
        for byte in replies.utf8 { cut.perform { $0.receive(ByteBuffer(bytes: [byte])) } }
        #expect(whole.actions == cut.actions && whole.outcomes == [.delivered, .deferred])
    }
}
