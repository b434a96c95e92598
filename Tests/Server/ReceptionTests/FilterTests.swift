import MailCore
import MailTesting
import MilterClient
import MilterCore
import Reception
import Testing

/// What filters of others do to sessions and messages, by the milter protocol.
struct FilterTests {
    private static let fields = "Subject: Hello\r\n\r\nHello.\r\n"

    /// What becomes of a message that these filters see.
    private func outcome(
        _ filters: FilterSettings..., to recipients: [String] = ["ann@example.org"], content: String = fields
    ) async throws -> (reply: String, stored: [RecordingSink.Stored], events: [ReceptionEvent]) {
        let server = try await ReceptionServer(isTrusted: true) { $0.filters = filters }
        let client = try await server.connect()
        var reply = try await client.ask("MAIL FROM:<you@example.net>")
        for recipient in recipients where reply.hasPrefix("2") {
            reply = try await client.ask("RCPT TO:<\(recipient)>")
        }
        if reply.hasPrefix("2") { reply = try await client.ask("DATA") }
        if reply.hasPrefix("354") { reply = try await client.ask(content + ".") }
        await server.stop()
        return (reply, server.sink.stored, server.events)
    }

    /// What is stored of a message that a filter changes so.
    private func stored(
        after changes: String..., to recipients: [String] = ["ann@example.org"]
    ) async throws -> RecordingSink.Stored {
        let filter = try await ScriptedMilter(["E": changes + ["c"]])
        let (reply, stored, _) = try await outcome(filter.settings(), to: recipients)
        #expect(reply.hasPrefix("250"))
        try await filter.stop()
        return try #require(stored.last)
    }

    // MARK: What a filter hears

    @Test func `it is told of the session, of the envelope and of the message, in order`() async throws {
        let filter = try await ScriptedMilter()
        let (reply, stored, _) = try await outcome(filter.settings(), content: "A: b\r\n c\r\nD:e\r\n\r\nHello.\r\n")
        #expect(reply.hasPrefix("250 2.0.0 Queued as "))
        #expect(stored.last?.body == "A: b\r\n c\r\nD:e\r\n\r\nHello.\r\n", "what nobody changes stays as it came")
        let steps = filter.steps
        // The two octets of the port, whatever text they are, stand between.
        let connect = Array((steps.first ?? "").utf8)
        #expect(connect.starts(with: "Cunknown|4".utf8) && connect.suffix(10).elementsEqual("127.0.0.1|".utf8))
        #expect(
            steps.dropFirst().prefix(9) == [
                "Hclient.example.net|", "M<you@example.net>|", "R<ann@example.org>|", "T", "LA|b\n c|", "LD|e|", "N",
                "BHello.\r\n", "E",
            ])
        #expect(filter.events.contains { $0.hasPrefix("DCj|mx.example.org|v|Martlet|{daemon_name}|test|") })
        #expect(filter.events.contains { $0.hasPrefix("DMi|") && $0.hasSuffix("{mail_addr}|you@example.net|") })
        #expect(filter.events.contains { $0.hasPrefix("DRi|") && $0.hasSuffix("{rcpt_addr}|ann@example.org|") })
        try await filter.stop()
    }

    @Test func `a long body comes in pieces, until the filter has seen enough`() async throws {
        let body = String(repeating: "0123456789\r\n", count: 20_000)
        let all = try await ScriptedMilter()
        let some = try await ScriptedMilter(["B": ["s"]])
        let (_, stored, _) = try await outcome(all.settings(), some.settings(), content: "A: b\r\n\r\n" + body)
        let pieces = all.steps.filter { $0.hasPrefix("B") }
        #expect(pieces.count == 4 && pieces.allSatisfy { $0.utf8.count <= 65_536 })
        #expect(pieces.map { $0.dropFirst() }.joined() == body)
        #expect(some.steps.filter { $0.hasPrefix("B") }.count == 1)
        #expect(stored.last?.body == "A: b\r\n\r\n" + body)
        try await all.stop()
        try await some.stop()
    }

    @Test func `one that is content hears no more of the message, and one that is not asked hears nothing`()
        async throws
    {
        let filter = try await ScriptedMilter(["M": ["a"]])
        let other = try await ScriptedMilter()
        let (reply, _, _) = try await outcome(filter.settings(), other.settings(listeners: ["elsewhere"]))
        #expect(reply.hasPrefix("250"))
        #expect(filter.steps.dropFirst(2).first == "M<you@example.net>|")
        #expect(!filter.steps.contains { $0.hasPrefix("R") || $0 == "E" })
        #expect(other.events.isEmpty)
        try await filter.stop()
        try await other.stop()
    }

    @Test func `a transaction without a message is over before the next one`() async throws {
        let filter = try await ScriptedMilter()
        let server = try await ReceptionServer(isTrusted: true) { $0.filters = [filter.settings()] }
        let mail = "MAIL FROM:<you@example.net>"
        _ = try await server.replies(to: mail, "RSET", mail)
        await server.stop()
        #expect(filter.steps.dropFirst(2).prefix(3) == ["M<you@example.net>|", "A", "M<you@example.net>|"])
        try await filter.stop()
    }

    // MARK: What it refuses

    @Test(arguments: [
        (Character("M"), ["r"], "550 5.7.1"), ("R", ["t"], "451 4.7.1"), ("T", ["y550 5.7.9 No data\0"], "550 5.7.9"),
        ("L", ["r"], "550 5.7.1"), ("N", ["t"], "451 4.7.1"), ("B", ["y452 4.3.9 Later\0"], "452 4.3.9"),
        ("E", ["p", "y554-5.7.1 A virus\r\n554 5.7.1 was found\0"], "554-5.7.1"), ("E", ["y421 4.3.2 Bye\0"], "421"),
        ("M", ["y250 2.0.0 no refusal\0"], "451 4.7.1"), ("M", ["hX-A\0b\0"], "451 4.7.1"), ("E", ["close"], "451 4.7"),
    ])
    func `what it refuses is refused, and nothing is stored`(step: Character, says: [String], reply: String)
        async throws
    {
        let filter = try await ScriptedMilter([String(step): says])
        let outcome = try await outcome(filter.settings())
        #expect(outcome.reply.hasPrefix(reply))
        #expect(outcome.stored.isEmpty)
        try await filter.stop()
    }

    @Test func `a connection is refused with 554, or with 421 for now`() async throws {
        for (says, reply) in [("r", "554 5.7.1"), ("t", "421 mx.example.org ")] {
            let filter = try await ScriptedMilter(["C": [says]])
            let server = try await ReceptionServer(isTrusted: true) { $0.filters = [filter.settings()] }
            #expect(try await server.greeting().hasPrefix(reply))
            await server.stop()
            try await filter.stop()
        }
    }

    @Test func `a recipient that it refuses is none, and the others get the message`() async throws {
        let filter = try await ScriptedMilter(["R<bob@example.org>\0": ["r"]])
        let server = try await ReceptionServer(isTrusted: true) { $0.filters = [filter.settings()] }
        let client = try await server.connect()
        _ = try await client.ask("MAIL FROM:<you@example.net>")
        #expect(try await client.ask("RCPT TO:<bob@example.org>").hasPrefix("550 5.7.1"))
        #expect(try await client.ask("RCPT TO:<ann@example.org>").hasPrefix("250"))
        _ = try await client.ask("DATA")
        #expect(try await client.ask(Self.fields + ".").hasPrefix("250"))
        #expect(server.sink.stored.last?.envelope.recipients.map(\.address.description) == ["ann@example.org"])
        await server.stop()
        try await filter.stop()
    }

    @Test(arguments: [Character("M"), "R", "T", "B", "E"])
    func `what it throws away is accepted, stored nowhere and told in the log`(step: Character) async throws {
        let filter = try await ScriptedMilter([String(step): ["d"]])
        let (reply, stored, events) = try await outcome(filter.settings("bin"))
        #expect(reply.hasPrefix("250 2.0.0 Queued as"))
        #expect(stored.isEmpty)
        #expect(events.contains { if case .filtered(_?, by: "bin", "discards") = $0.kind { true } else { false } })
        try await filter.stop()
    }

    // MARK: What it changes

    @Test func `fields are changed before the message is stored, below our own trace`() async throws {
        let stored = try await stored(
            after: "hX-Last\0z\0", "i\0\0\0\u{1}X-First\0a\nb\0", "m\0\0\0\u{1}subject\0Other\r\n\r\nInjected: x\0")
        #expect(stored.body == "X-First: a\r\n\tb\r\nSubject: Other\r\n\tInjected: x\r\nX-Last: z\r\n\r\nHello.\r\n")
        #expect(stored.prefix.hasPrefix("Received:"))
    }

    @Test func `a new body takes the place of the old one`() async throws {
        let stored = try await stored(after: "bNew", "b body.\r\n")
        #expect(stored.body == "Subject: Hello\r\n\r\nNew body.\r\n")
    }

    @Test func `sender and recipients are changed, and a message can be quarantined`() async throws {
        let stored = try await stored(
            after: "e<>\0", "+<c@example.net>\0", "2<d@example.net>\0NOTIFY=NEVER\0", "-<ann@example.org>\0",
            "qLooks odd\0", to: ["ann@example.org", "bob@example.org"])
        #expect(stored.envelope.reversePath == .null)
        #expect(
            stored.envelope.recipients.map(\.address.description) == [
                "bob@example.org", "c@example.net", "d@example.net",
            ])
        #expect(stored.envelope.recipients.last?.notify == .never)
        #expect(stored.envelope.quarantine == "Looks odd")
    }

    @Test func `of several, each sees what those before it have made of the message`() async throws {
        let first = try await ScriptedMilter(["E": ["hX-A\0b\0", "bNew.\r\n", "c"]])
        let second = try await ScriptedMilter()
        let (_, stored, _) = try await outcome(first.settings(), second.settings())
        #expect(second.steps.contains("LX-A|b|") && second.steps.contains("BNew.\r\n"))
        #expect(stored.last?.body == "Subject: Hello\r\nX-A: b\r\n\r\nNew.\r\n")
        try await first.stop()
        try await second.stop()
    }

    // MARK: When it is away

    @Test(arguments: [
        (FilterSettings.Absence.tempfail, "451 4.7.1"), (.reject, "550 5.7.1"), (.accept, "250 2.0.0"),
    ])
    func `what becomes of mail without it is configured`(absence: FilterSettings.Absence, reply: String)
        async throws
    {
        let filter = try await ScriptedMilter()
        let settings = filter.settings("away", absence)
        try await filter.stop()
        let (said, _, events) = try await outcome(settings)
        #expect(said.hasPrefix(reply))
        #expect(
            events.contains {
                if case .filterFailed(_, "away", .unreachable, absence) = $0.kind { true } else { false }
            })
    }

    @Test func `one that does not answer in time is away, however long it says that it is at work`() async throws {
        let patience = MilterPatience(
            command: .seconds(3), content: .seconds(3), longest: .seconds(5))
        for says in [[], ["p"]] {
            let filter = try await ScriptedMilter(["E": says])
            let (reply, stored, events) = try await outcome(filter.settings(patience: patience))
            #expect(reply.hasPrefix("451 4.7.1"))
            #expect(stored.isEmpty)
            #expect(events.contains { if case .filterFailed(_?, _, .late, _) = $0.kind { true } else { false } })
            try await filter.stop()
        }
    }

    @Test func `who goes while a filter looks has not handed in anything, whatever the default`() async throws {
        let filter = try await ScriptedMilter(["E": []])
        let server = try await ReceptionServer(isTrusted: true) { $0.filters = [filter.settings("slow", .accept)] }
        let client = try await server.connect()
        for command in ["MAIL FROM:<you@example.net>", "RCPT TO:<ann@example.org>", "DATA"] {
            _ = try await client.ask(command)
        }
        client.send(Self.fields + ".\r\n")
        _ = try await eventually("the filter's being asked") { filter.steps.last == "E" ? true : nil }
        client.reset()
        _ = try await eventually("the message's being forgotten") { server.sink.discarded >= 2 ? true : nil }
        #expect(server.sink.stored.isEmpty)
        #expect(!server.events.contains { if case .filterFailed = $0.kind { true } else { false } })
        await server.stop()
        try await filter.stop()
    }

    @Test func `where there are filters nothing goes to terminals without them`() async throws {
        let filter = try await ScriptedMilter()
        let server = try await ReceptionServer(isTrusted: true) { $0.filters = [filter.settings()] }
        #expect(try await server.replies(to: "SEND FROM:<you@example.net>")[0].hasPrefix("5"))
        await server.stop()
        try await filter.stop()
    }
}
