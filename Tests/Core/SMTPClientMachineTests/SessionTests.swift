import MailCore
import NIOCore
import SMTPCore
import Testing

@Suite struct SessionTests {
    /// A whole session: whole, octet by octet, and cut in two at every place, the machine does the same.
    @Test(arguments: [
        "220 mx\r\n250-mx\r\n250-SIZE 1000\r\n250 PIPELINING\r\n250 ok\r\n250 ok\r\n550 no\r\n"
            + "354 go\r\n250 2.0.0 kept\r\n221 bye\r\n",
        "220 mx\r\n250 mx\r\n250 ok\r\n250 ok\r\n452-4.2.2 full\r\n452 4.2.2 now\r\n354 go\r\n250 kept\r\n221 bye\r\n",
        "220 mx\r\n500 what?\r\n250 mx\r\n550 no\r\n221 bye\r\n",
        "220 mx\r\n250-mx\r\n250 PIPELINING\r\n250 ok\r\n421 4.3.2 closing\r\n250 never read\r\n", "554 no\r\n",
        "nonsense\r\n",
    ])
    func theCutOfTheOctetsDoesNotMatter(server: String) throws {
        let bytes = Array(server.utf8)
        let whole = try play(bytes, cuts: [])
        #expect(whole.isClosed)
        #expect(try play(bytes, cuts: Array(bytes.indices)).actions == whole.actions)
        for cut in bytes.indices {
            #expect(try play(bytes, cuts: [cut]).actions == whole.actions, "cut at \(cut)")
        }
    }

    /// Plays the pieces. What follows a 354 comes in a piece of its own: no server answers a message it has not got.
    private func play(_ bytes: [UInt8], cuts: [Int]) throws -> Dialogue {
        var dialogue = try Dialogue()
        _ = try dialogue.begin("bob", "cid")
        dialogue.perform { $0.quit() }
        let turn = bytes.firstRange(of: "354 go\r\n".utf8)?.upperBound
        let ends = (cuts + (turn.map { [$0] } ?? []) + [bytes.count]).sorted()
        for (start, end) in zip([0] + ends, ends) {
            dialogue.perform { $0.receive(ByteBuffer(bytes: bytes[start..<end])) }
        }
        return dialogue
    }

    @Test func greetsWithEHLOAndReadsWhatIsOffered() throws {
        var dialogue = try Dialogue()
        #expect(dialogue.machine.stage == .greeting)
        #expect(dialogue.server("220 mx\r\n") == "EHLO client.example\r\n")
        #expect(dialogue.machine.stage == .hello)
        dialogue.server("250-mx\r\n250-size 1000\r\n250-LIMITS RCPTMAX=20 MAILMAX=5\r\n250 Chunking\r\n")
        let extensions = try #require(dialogue.extensions)
        #expect(extensions.largestMessage == 1_000 && extensions.chunking && !extensions.pipelining)
        #expect(extensions.limit("RCPTMAX") == 20 && extensions.limit("RCPTDOMAINMAX") == nil)
        #expect(dialogue.machine.stage == .idle)
    }

    @Test func fallsBackToHELO() throws {
        var dialogue = try Dialogue()
        dialogue.server("220 mx\r\n")
        #expect(dialogue.server("502 what?\r\n") == "HELO client.example\r\n")
        dialogue.server("250-mx\r\n250 PIPELINING\r\n")
        #expect(dialogue.extensions == ServerExtensions())
    }

    @Test func lmtpGreetsWithLHLOAndHasNoFallback() throws {
        var dialogue = try Dialogue(.lmtp)
        #expect(dialogue.server("220 mx\r\n") == "LHLO client.example\r\n")
        #expect(dialogue.server("500 what?\r\n") == "QUIT\r\n")
        #expect(dialogue.isClosed)
    }

    @Test(arguments: [("554 5.7.1 Go away\r\n", Outcome.Action.failed, "5.7.1"), ("450 later\r\n", .deferred, "4.3.2")])
    func aServerThatRefusesTheSessionIsToldQUIT(greeting: String, action: Outcome.Action, status: String) throws {
        var dialogue = try Dialogue()
        _ = try dialogue.begin("bob")
        #expect(dialogue.server(greeting) == "QUIT\r\n")
        #expect(dialogue.outcomes == [action] && dialogue.statuses == [status])
        #expect(dialogue.failures.map(\.stage) == [.greeting] && dialogue.isClosed)
    }

    @Test func a354IsAnAnswerToDATAOnly() throws {
        for before in ["", "220 mx\r\n", "220 mx\r\n250 mx\r\n", "220 mx\r\n250 mx\r\n250 ok\r\n"] {
            var dialogue = try Dialogue()
            _ = try dialogue.begin("bob")
            dialogue.server(before + "354 go on\r\n")
            #expect(dialogue.outcomes == [.deferred] && dialogue.statuses == ["4.5.0"] && dialogue.isClosed)
        }
        var dialogue = try Dialogue()
        dialogue.open("PIPELINING")
        _ = try dialogue.begin("bob")
        dialogue.server("250 ok\r\n250 ok\r\n354 go\r\n354 go on\r\n")
        #expect(dialogue.outcomes == [.deferred] && dialogue.isClosed)
    }

    @Test func severalTransactionsGoThroughOneSession() throws {
        var dialogue = try Dialogue()
        dialogue.open("PIPELINING")
        for _ in 1...3 {
            #expect(try dialogue.begin("bob").hasPrefix("MAIL FROM:<ann@client.example>\r\n"))
            dialogue.server("250 ok\r\n250 ok\r\n354 go\r\n")
            dialogue.server("250 kept\r\n")
            #expect(dialogue.machine.canBegin)
        }
        #expect(dialogue.results.count == 3 && dialogue.results.allSatisfy { $0.outcomes[0].action == .delivered })
        #expect(dialogue.perform { $0.quit() } == "QUIT\r\n")
        #expect(!dialogue.isClosed)
        dialogue.server("221 bye\r\n")
        #expect(dialogue.isClosed && dialogue.failures.isEmpty)
    }

    @Test func quitWaitsForTheTransaction() throws {
        var dialogue = try Dialogue()
        dialogue.open()
        _ = try dialogue.begin("bob")
        #expect(dialogue.perform { $0.quit() } == "")
        dialogue.server("250 ok\r\n")
        dialogue.server("250 ok\r\n")
        dialogue.server("354 go\r\n")
        #expect(dialogue.server("250 kept\r\n") == "QUIT\r\n")
        // A server that closes without a word has understood.
        dialogue.perform { $0.connectionClosed() }
        #expect(dialogue.isClosed && dialogue.failures.isEmpty && dialogue.outcomes == [.delivered])
    }

    @Test func aConnectionLostDefersWhoHasNoOutcome() throws {
        var dialogue = try Dialogue()
        dialogue.open("PIPELINING")
        _ = try dialogue.begin("bob", "cid")
        dialogue.server("250 ok\r\n550 5.1.1 no\r\n")
        dialogue.perform { $0.connectionClosed() }
        #expect(dialogue.outcomes == [.failed, .deferred] && dialogue.statuses == ["5.1.1", "4.4.2"])
        #expect(dialogue.failures == [SessionFailure(stage: .rcpt, reason: .closedByServer)])
    }

    @Test func timeThatRunsOutNamesTheStage() throws {
        var dialogue = try Dialogue()
        dialogue.open("PIPELINING")
        _ = try dialogue.begin("bob")
        dialogue.server("250 ok\r\n250 ok\r\n354 go\r\n")
        #expect(dialogue.machine.stage == .endOfData && dialogue.machine.stage.timeout == .seconds(600))
        dialogue.perform { $0.timedOut() }
        #expect(dialogue.failures == [SessionFailure(stage: .endOfData, reason: .timedOut)])
        #expect(dialogue.statuses == ["4.4.2"] && dialogue.isClosed)
    }

    @Test func anIdleServerMaySay421() throws {
        var dialogue = try Dialogue()
        dialogue.open()
        dialogue.server("421 4.4.2 idle too long\r\n")
        #expect(dialogue.failures.map(\.stage) == [.idle] && dialogue.isClosed)
        #expect(!dialogue.machine.canBegin)
    }

    @Test func aReplyNobodyAskedForEndsTheSession() throws {
        var dialogue = try Dialogue()
        dialogue.open()
        dialogue.server("250 surprise\r\n")
        #expect(dialogue.isClosed && dialogue.failures.count == 1)
    }
}
