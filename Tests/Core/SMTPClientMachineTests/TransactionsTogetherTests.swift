import MailCore
import NIOCore
import SMTPCore
import Testing

/// Whole transactions that go out one behind another, with PIPELINING and CHUNKING (RFC 2920, RFC 3030 §4.2).
@Suite struct TransactionsTogetherTests {
    private static let message = "Subject: Hello\r\n\r\n.Hello\r\n"
    private static let taken = "250 ok\r\n250 ok\r\n250 kept\r\n"

    private static func sent(to name: String) -> String {
        "MAIL FROM:<ann@client.example>\r\nRCPT TO:<\(name)@mx.example>\r\nBDAT 26 LAST\r\n" + message
    }

    /// Transactions of which the first has gone out.
    private func begun(_ names: String..., message: String = message) throws -> Dialogue {
        var dialogue = try Dialogue()
        dialogue.open("PIPELINING", "CHUNKING")
        for (index, name) in names.enumerated() {
            #expect(try dialogue.begin(name, message: message).isEmpty == (index > 0))
        }
        return dialogue
    }

    @Test func `the first goes alone, the others as soon as the server has answered anything`() throws {
        var dialogue = try begun("bob", "cid", "dan")
        let others = ["cid", "dan"].map { "RSET\r\n" + Self.sent(to: $0) }.joined()
        #expect(dialogue.server("250 ok\r\n") == others)
        #expect(try dialogue.begin("eve", message: Self.message) == "RSET\r\n" + Self.sent(to: "eve"))
        dialogue.server("250 ok\r\n250 kept\r\n")
        #expect(dialogue.outcomes == [.delivered] && dialogue.results.count == 1)
        for _ in 1...3 { dialogue.server("250 ok\r\n" + Self.taken) }
        #expect(dialogue.results.map { $0.outcomes[0].action } == Array(repeating: .delivered, count: 4))
        #expect(dialogue.machine.canBegin && dialogue.machine.stage == .idle)
    }

    /// As long as there is something to send, no answer is waited for.
    @Test func `when one is answered the next goes out, up to sixteen and 128 KiB in flight`() throws {
        for (message, together) in [(Self.message, 16), (String(repeating: "x", count: 40_000) + "\r\n", 4)] {
            var dialogue = try begun("bob", message: message)
            var begun = 1
            while dialogue.machine.canFollow {
                _ = try dialogue.begin("cid", message: message)
                begun += 1
            }
            #expect(begun == 32)
            let burst = dialogue.server("250 ok\r\n")
            #expect(burst.split(separator: "RSET\r\n").count == together - 1)
            let next = dialogue.server("250 ok\r\n250 kept\r\n")
            #expect(next.split(separator: "RSET\r\n").count == 1 && dialogue.results.count == 1)
        }
    }

    @Test(arguments: [
        ("550 5.7.1 not you\r\n503 what?\r\n503 what?\r\n", "5.7.1"),
        ("250 ok\r\n550 5.1.1 no\r\n554 nobody\r\n", "5.1.1"),
        ("250 ok\r\n250 ok\r\n552 5.3.4 too big\r\n", "5.3.4"),
    ])
    func `one that is refused fails by its own replies, and RSET keeps the next one apart`(
        replies: String, status: String
    ) throws {
        var dialogue = try begun("bob", "cid", "dan")
        let sent = dialogue.server(Self.taken + "250 ok\r\n" + replies + "250 ok\r\n" + Self.taken)
        #expect(sent.contains("RSET\r\n" + Self.sent(to: "dan")))
        #expect(dialogue.results.map { $0.outcomes[0].action } == [.delivered, .failed, .delivered])
        #expect(dialogue.results.map { "\($0.outcomes[0].status)" }[1] == status)
        #expect(dialogue.machine.canBegin && dialogue.machine.stage == .idle)
    }

    @Test func `the first refused before the others have gone out is followed by one RSET for it`() throws {
        var dialogue = try begun("bob")
        #expect(dialogue.server("250 ok\r\n550 5.1.1 no\r\n554 nobody\r\n") == "RSET\r\n")
        #expect(try dialogue.begin("cid", message: Self.message) == "RSET\r\n" + Self.sent(to: "cid"))
        dialogue.server("250 ok\r\n250 ok\r\n" + Self.taken)
        #expect(dialogue.results.map { $0.outcomes[0].action } == [.failed, .delivered])
        #expect(dialogue.machine.canBegin)
    }

    /// Taken or not: nobody knows of those that have gone out. The others may safely go over another connection.
    @Test func `when the connection breaks, what had gone out is in doubt and the rest was not begun`() throws {
        let long = String(repeating: "x", count: 100_000) + "\r\n"
        var dialogue = try begun("bob", "cid", "dan", message: long)
        dialogue.server("250 ok\r\n250 ok\r\n")
        dialogue.perform { $0.connectionClosed() }
        #expect(dialogue.results.map(\.failure?.stage) == [.endOfData, .endOfData, .idle])
        #expect(dialogue.results[1].outcomes[0].diagnostic.contains("it had the whole message"))

        dialogue = try begun("bob", "cid", "dan", "eve", message: long)
        dialogue.server(Self.taken)
        dialogue.perform { $0.timedOut() }
        #expect(
            dialogue.results.map(\.failure?.stage) == [nil, .endOfData, .endOfData, .idle], "though RSET is awaited")
    }

    @Test func `a connection that had died before anything was answered leaves no doubt about those behind`() throws {
        var dialogue = try begun("bob", "cid")
        dialogue.perform { $0.connectionClosed() }
        #expect(dialogue.results.map(\.failure?.stage) == [.mail, .idle])
    }

    /// What a server says it will not do it has not done.
    @Test func `421 ends the session, and what came behind was not begun`() throws {
        for (replies, stage) in [("250 ok\r\n421 full\r\n", SMTPStage.mail), ("421 full\r\n", .idle)] {
            var dialogue = try begun("bob", "cid", "dan")
            dialogue.server(Self.taken + replies)
            #expect(dialogue.results.map(\.failure?.stage) == [nil, stage, .idle])
        }
    }

    @Test func `a message that needs DATA waits for its turn`() throws {
        var dialogue = try begun("bob")
        dialogue.server("250 ok\r\n")
        #expect(try dialogue.begin("cid", message: "no end") == "")
        #expect(dialogue.server("250 ok\r\n250 kept\r\n").hasSuffix("RCPT TO:<cid@mx.example>\r\nDATA\r\n"))
    }

    @Test func `behind the final dot of DATA a whole transaction may go, and others behind it`() throws {
        var dialogue = try begun("bob", message: "no end")
        dialogue.server("250 ok\r\n250 ok\r\n354 go\r\n")
        #expect(try dialogue.begin("cid", message: Self.message) == Self.sent(to: "cid"))
        #expect(try dialogue.begin("dan", message: Self.message) == "RSET\r\n" + Self.sent(to: "dan"))
        dialogue.server("250 kept\r\n" + Self.taken + "250 ok\r\n" + Self.taken)
        #expect(dialogue.results.map { $0.outcomes[0].action } == Array(repeating: .delivered, count: 3))
    }

    @Test func quitWaitsForAll() throws {
        var dialogue = try begun("bob", "cid", "dan")
        #expect(dialogue.perform { $0.quit() } == "" && !dialogue.machine.canFollow)
        #expect(!dialogue.server(Self.taken + "250 ok\r\n" + Self.taken).contains("QUIT"))
        #expect(dialogue.server("250 ok\r\n" + Self.taken) == "QUIT\r\n")
    }

    /// Whole and octet by octet, the replies mean the same.
    @Test func chunksOfTheRepliesDoNotMatter() throws {
        let replies = [
            Self.taken, "250 ok\r\n250 ok\r\n550 5.1.1 no\r\n554-no\r\n554 nobody\r\n", "250 ok\r\n452 4.3.1 later\r\n",
            "503 what?\r\n503 what?\r\n", "250 ok\r\n250 ok\r\n421 bye\r\n",
        ]
        let names = ["bob", "cid", "dan", "eve", "fay"]
        var (whole, pieces) = (try begun("bob"), try begun("bob"))
        for name in names.dropFirst() {
            _ = try whole.begin(name, message: Self.message)
            _ = try pieces.begin(name, message: Self.message)
        }
        whole.server(replies.joined())
        for octet in replies.joined().utf8 { pieces.perform { $0.receive(ByteBuffer(bytes: [octet])) } }
        #expect(whole.results == pieces.results && whole.sent == pieces.sent && whole.isClosed)
        #expect(whole.results.map { $0.outcomes[0].action } == [.delivered, .failed, .deferred, .deferred, .deferred])
        #expect(whole.results.map(\.failure?.stage) == [nil, nil, nil, .rcpt, .idle])
    }

    /// Servers that say anything: what was sent and what became of it must still add up.
    @Test func `whatever the server says, every transaction has one result`() throws {
        let words = [
            "250 ok\r\n", "250 ok\r\n", Self.taken, "550 5.1.1 no\r\n", "452 later\r\n", "354 go\r\n", "421 bye\r\n",
        ]
        var (state, completed) = (UInt64(2_045), 0)
        for _ in 1...300 {
            var dialogue = try begun("bob")
            var begun = 1
            for _ in 1...60 where !dialogue.isClosed {
                state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                // The rarer words end the session, and come late.
                let choice = Int(state >> 33) % (begun < 10 ? words.count - 2 : words.count)
                dialogue.server(words[choice])
                while begun % 4 != 0 || choice == 0, dialogue.machine.canBegin || dialogue.machine.canFollow, begun < 40
                {
                    begun += 1
                    _ = try dialogue.begin("cid", message: state % 5 == 0 ? "no end" : Self.message)
                }
            }
            completed += dialogue.results.count { $0.failure == nil }
            dialogue.perform { $0.connectionClosed() }
            #expect(dialogue.isClosed && dialogue.results.count == begun)
        }
        #expect(completed > 300, "most servers were asked for something")
    }
}
