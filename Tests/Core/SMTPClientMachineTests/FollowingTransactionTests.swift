import MailCore
import NIOCore
import SMTPCore
import Testing

/// A transaction that is begun while another is in progress (RFC 2920 §3.1).
@Suite struct FollowingTransactionTests {
    private static let message = "Subject: Hello\r\n\r\n..Hello\r\n.\r\n"
    private static let toCid = "MAIL FROM:<ann@client.example>\r\nRCPT TO:<cid@mx.example>\r\nDATA\r\n"

    /// Two transactions, of which the first waits for 354.
    private func two(_ keywords: String...) throws -> Dialogue {
        var dialogue = try Dialogue()
        dialogue.open((["PIPELINING"] + keywords).joined(separator: "\r\n250-"))
        _ = try dialogue.begin("bob")
        #expect(dialogue.machine.canFollow)
        #expect(try dialogue.begin("cid") == "")
        #expect(!dialogue.machine.canFollow && !dialogue.machine.canBegin)
        return dialogue
    }

    @Test func itsCommandsGoOutWithTheEndOfTheMessageBefore() throws {
        var dialogue = try two()
        #expect(dialogue.server("250 ok\r\n250 ok\r\n354 go\r\n") == Self.message + Self.toCid)
        #expect(dialogue.server("250 2.0.0 kept\r\n250 ok\r\n250 ok\r\n354 go\r\n") == Self.message)
        #expect(dialogue.outcomes == [.delivered] && dialogue.machine.stage == .endOfData)
        dialogue.server("550 5.7.1 not that one\r\n")
        #expect(dialogue.results.map { $0.outcomes[0].action } == [.delivered, .failed])
        #expect(dialogue.machine.canBegin)
    }

    @Test func theyMayComeWhileTheAnswerToTheMessageIsAwaited() throws {
        var dialogue = try Dialogue()
        dialogue.open("PIPELINING")
        _ = try dialogue.begin("bob")
        dialogue.server("250 ok\r\n250 ok\r\n354 go\r\n")
        #expect(try dialogue.begin("cid") == Self.toCid)
        #expect(dialogue.server("250 kept\r\n250 ok\r\n250 ok\r\n354 go\r\n") == Self.message)
    }

    @Test(arguments: ["250 kept", "451 4.3.0 later", "550 5.6.0 never"])
    func whatBecomesOfTheMessageBeforeSaysNothingAboutIt(answer: String) throws {
        var dialogue = try two()
        dialogue.server("250 ok\r\n250 ok\r\n354 go\r\n")
        dialogue.server("\(answer)\r\n250 ok\r\n250 ok\r\n354 go\r\n")
        dialogue.server("250 kept\r\n")
        #expect(dialogue.results.count == 2 && dialogue.outcomes == [.delivered])
    }

    @Test func whereTheOneBeforeSendsNoMessageItBeginsAsUsual() throws {
        var dialogue = try two()
        #expect(dialogue.server("250 ok\r\n550 5.1.1 no\r\n503 nobody\r\n") == "RSET\r\n")
        #expect(dialogue.server("250 ok\r\n") == Self.toCid)
        dialogue.server("250 ok\r\n250 ok\r\n354 go\r\n")
        dialogue.server("250 kept\r\n")
        #expect(dialogue.results.map { $0.outcomes[0].action } == [.failed, .delivered])
    }

    @Test(arguments: ["421 bye\r\n", "354 what?\r\n"])
    func withTheSessionGoneItHasNotBegun(answer: String) throws {
        var dialogue = try two()
        dialogue.server("250 ok\r\n250 ok\r\n354 go\r\n")
        dialogue.server(answer)
        #expect(dialogue.results.count == 2)
        #expect(dialogue.results.map(\.failure?.stage) == [.endOfData, .idle])
    }

    @Test func whatTheServerCannotTakeIsRefusedInItsTurn() throws {
        var dialogue = try Dialogue()
        dialogue.open("PIPELINING", "SIZE 100")
        _ = try dialogue.begin("bob")
        #expect(try dialogue.begin("cid", size: 1_000) == "")
        #expect(dialogue.server("250 ok\r\n250 ok\r\n354 go\r\n") == Self.message)
        #expect(dialogue.results.isEmpty)
        dialogue.server("250 kept\r\n")
        #expect(dialogue.results.map { $0.outcomes[0].action } == [.delivered, .failed])
    }

    @Test func quitWaitsForBoth() throws {
        var dialogue = try two()
        #expect(dialogue.perform { $0.quit() } == "")
        #expect(dialogue.server("250 ok\r\n250 ok\r\n354 go\r\n") == Self.message + Self.toCid)
        #expect(dialogue.server("250 kept\r\n250 ok\r\n250 ok\r\n354 go\r\n") == Self.message)
        #expect(dialogue.server("250 kept\r\n") == "QUIT\r\n")
    }

    @Test func withoutPipeliningOrWithLMTPNoneMayFollow() throws {
        for (variant, keyword) in [(SMTPClientMachine.Variant.smtp, "SIZE"), (.lmtp, "PIPELINING")] {
            var dialogue = try Dialogue(variant)
            dialogue.open(keyword)
            _ = try dialogue.begin("bob")
            #expect(!dialogue.machine.canFollow)
        }
    }

    /// Whole and octet by octet, the replies mean the same.
    @Test func chunksOfTheRepliesDoNotMatter() throws {
        let replies = ["250 ok\r\n250 ok\r\n354 go\r\n", "250 kept\r\n250 ok\r\n250 ok\r\n354 go\r\n", "250 kept\r\n"]
        var (whole, pieces) = (try two(), try two())
        for text in replies {
            whole.server(text)
            for octet in text.utf8 { pieces.perform { $0.receive(ByteBuffer(bytes: [octet])) } }
        }
        #expect(whole.actions == pieces.actions && whole.results.count == 2)
    }
}
