import MailCore
import NIOCore
import SMTPCore
import Testing

@Suite struct TransactionTests {
    @Test func withoutPipeliningOneCommandGoesOutAtATime() throws {
        var dialogue = try Dialogue()
        dialogue.open()
        #expect(try dialogue.begin("bob", "cid") == "MAIL FROM:<ann@client.example>\r\n")
        #expect(dialogue.server("250 ok\r\n") == "RCPT TO:<bob@mx.example>\r\n")
        #expect(dialogue.server("550 5.1.1 no\r\n") == "RCPT TO:<cid@mx.example>\r\n")
        #expect(dialogue.server("250 ok\r\n") == "DATA\r\n")
        #expect(dialogue.server("354 go\r\n") == "Subject: Hello\r\n\r\n..Hello\r\n.\r\n")
        dialogue.server("250 2.0.0 kept as 42\r\n")
        #expect(dialogue.outcomes == [.failed, .delivered] && dialogue.statuses == ["5.1.1", "2.0.0"])
        let result = try #require(dialogue.results.first)
        #expect(result.outcomes[0].diagnostic == "550 5.1.1 no" && result.outcomes[1].remoteHost == "mx.example")
        #expect(result.reply?.lines == ["kept as 42"])
    }

    @Test func withPipeliningTheEnvelopeIsOnePiece() throws {
        var dialogue = try Dialogue()
        dialogue.open("PIPELINING")
        #expect(
            try dialogue.begin("bob", "cid")
                == "MAIL FROM:<ann@client.example>\r\nRCPT TO:<bob@mx.example>\r\nRCPT TO:<cid@mx.example>\r\nDATA\r\n")
        #expect(dialogue.server("250 ok\r\n250 ok\r\n450 later\r\n") == "")
        #expect(dialogue.server("354 go\r\n").hasSuffix("\r\n.\r\n"))
        dialogue.server("250 kept\r\n")
        #expect(dialogue.outcomes == [.delivered, .deferred])
    }

    @Test func whereNobodyIsAcceptedNoMessageIsSentAndTheSessionGoesOn() throws {
        var dialogue = try Dialogue()
        dialogue.open()
        _ = try dialogue.begin("bob")
        dialogue.server("250 ok\r\n")
        #expect(dialogue.server("550 no\r\n") == "RSET\r\n")
        dialogue.server("250 ok\r\n")
        #expect(dialogue.outcomes == [.failed] && dialogue.results.last?.reply == nil && dialogue.machine.canBegin)
    }

    @Test func aPipelined354ForNobodyGetsAnEmptyMessage() throws {
        var dialogue = try Dialogue()
        dialogue.open("PIPELINING")
        _ = try dialogue.begin("bob")
        #expect(dialogue.server("250 ok\r\n550 5.1.1 no\r\n354 go\r\n") == ".\r\n")
        dialogue.server("250 an empty one\r\n")
        #expect(dialogue.outcomes == [.failed] && dialogue.statuses == ["5.1.1"] && dialogue.machine.canBegin)
    }

    @Test func aRefusedSenderIsTheOutcomeOfEveryRecipient() throws {
        for keywords in ["", "PIPELINING"] {
            var dialogue = try Dialogue()
            dialogue.open(keywords)
            _ = try dialogue.begin("bob", "cid")
            dialogue.server("550 5.7.1 not you\r\n")
            if keywords == "PIPELINING" { dialogue.server("503 what?\r\n503 what?\r\n503 what?\r\n") }
            #expect(dialogue.statuses == ["5.7.1", "5.7.1"], "\(keywords)")
            #expect(dialogue.machine.canBegin)
        }
    }

    @Test func aRefusalOfDATAOrOfTheMessageIsForTheAcceptedOnly() throws {
        for (data, end, status) in [("451 4.3.0 later\r\n", "", "4.3.0"), ("354 go\r\n", "554 5.6.0 bad\r\n", "5.6.0")]
        {
            var dialogue = try Dialogue()
            dialogue.open("PIPELINING")
            _ = try dialogue.begin("bob", "cid")
            dialogue.server("250 ok\r\n550 5.1.1 no\r\n250 ok\r\n" + data)
            dialogue.server(end.isEmpty ? "250 reset\r\n" : end)
            #expect(dialogue.statuses == ["5.1.1", status] && dialogue.machine.canBegin)
        }
    }

    @Test func lmtpAnswersForEachRecipient() throws {
        var dialogue = try Dialogue(.lmtp)
        dialogue.open("PIPELINING")
        _ = try dialogue.begin("bob", "cid", "dan")
        dialogue.server("250 ok\r\n250 ok\r\n550 5.1.1 no\r\n250 ok\r\n354 go\r\n")
        dialogue.server("250 2.1.5 bob has it\r\n")
        #expect(dialogue.results.isEmpty)
        dialogue.server("452 4.2.2 dan is full\r\n")
        #expect(dialogue.statuses == ["2.1.5", "5.1.1", "4.2.2"])
    }

    @Test(arguments: [
        ("552 too many", Outcome.Action.deferred), ("552 5.5.3 too many", .deferred), ("552 5.2.2 full", .failed),
    ])
    func a552ToRCPTMayMeanOnlyThatThereAreEnough(reply: String, action: Outcome.Action) throws {
        var dialogue = try Dialogue()
        dialogue.open()
        _ = try dialogue.begin("bob")
        dialogue.server("250 ok\r\n")
        dialogue.server("\(reply)\r\n")
        dialogue.server("250 reset\r\n")
        #expect(dialogue.outcomes == [action])
    }

    @Test func a421EndsTheSessionAndDefersTheRest() throws {
        var dialogue = try Dialogue()
        dialogue.open("PIPELINING")
        _ = try dialogue.begin("bob", "cid")
        dialogue.server("250 ok\r\n550 5.1.1 no\r\n421 4.3.2 shutting down\r\n")
        #expect(dialogue.statuses == ["5.1.1", "4.3.2"] && dialogue.outcomes == [.failed, .deferred])
        #expect(dialogue.isClosed)
    }

    @Test func anAnswerInTheMiddleOfTheMessageEndsTheSession() throws {
        var machine = SMTPClientMachine(localName: .domain(try Domain("client.example")))
        let envelope = Envelope(reversePath: .null, recipients: [EnvelopeRecipient(try EmailAddress("bob@mx.example"))])
        machine.begin(envelope, size: nil)
        for line in ["220 mx", "250 mx", "250 ok", "250 ok", "354 go"] {
            machine.receive(ByteBuffer(string: line + "\r\n"))
        }
        machine.append(ByteBuffer(string: "the first piece"))
        #expect(machine.stage == .content)
        machine.receive(ByteBuffer(string: "552 5.3.4 too big\r\n"))
        machine.append(ByteBuffer(string: "the second piece"))
        machine.endContent()
        var actions: [SMTPClientAction] = []
        while let action = machine.next() { actions.append(action) }
        #expect(actions.last == .close)
        #expect(!actions.contains(.send(ByteBuffer(string: ".\r\n"))))
        let result = actions.compactMap { if case .finished(let result) = $0 { result } else { nil } }.first
        #expect(result?.outcomes.map { "\($0.status)" } == ["5.3.4"])
    }
}
