import NIOCore
import SMTPCore
import Synchronization
import Testing

@testable import SMTPServer

struct ConnectionHandlerTests {
    @Test func `a group of commands is answered in one write`() throws {
        let session = try EmbeddedSession()
        #expect(try session.writes() == ["220 mx.example.org ESMTP Martlet\r\n"])
        try session.send("EHLO c\r\n")
        _ = try session.writes()

        try session.send("MAIL FROM:<a@b.example>\r\nRCPT TO:<c@d.example>\r\nRCPT TO:<e@d.example>\r\nDATA\r\n")
        let writes = try session.writes()
        #expect(writes.count == 1)
        #expect(writes.joined().split(separator: "\r\n").map { $0.prefix(3) } == ["250", "250", "250", "354"])
    }

    @Test func `a delayed decision is told when the delay is over`() throws {
        let session = try EmbeddedSession(
            delegate: ScriptedDelegate { question, _ in
                guard case .mail = question else { return .now(question.usualVerdict) }
                return .delayed(.accept(), by: .seconds(3))
            })
        try session.send("EHLO c\r\n")
        _ = try session.writes()
        try session.send("MAIL FROM:<a@b.example>\r\nRSET\r\n")
        session.advance(2)
        #expect(try session.codes() == [])
        session.advance(1)
        #expect(try session.codes() == ["250", "250"])
    }

    @Test func `an answer to a question of before is dropped`() throws {
        let answers = Mutex<[SMTPAnswer]>([])
        let session = try EmbeddedSession(
            delegate: ScriptedDelegate { question, answer in
                guard case .mail = question else { return .now(question.usualVerdict) }
                answers.withLock { $0.append(answer) }
                return .later
            })
        try session.send("EHLO c\r\n")
        try session.send("MAIL FROM:<a@b.example>\r\n")
        _ = try session.writes()
        answers.withLock { $0[0] }(.refuse(SMTPReply(451, "Not now")))
        session.advance(0)
        #expect(try session.codes() == ["451"])

        try session.send("MAIL FROM:<a@b.example>\r\n")
        answers.withLock { $0[0] }(.accept())
        session.advance(0)
        #expect(try session.codes() == [])
        answers.withLock { $0[1] }(.accept())
        session.advance(0)
        #expect(try session.codes() == ["250"])
    }

    @Test func `an answer after the end is dropped`() throws {
        let answers = Mutex<[SMTPAnswer]>([])
        let record = ScriptedDelegate.Record()
        let session = try EmbeddedSession.receivingContent(
            delegate: ScriptedDelegate(record: record) { question, answer in
                guard case .message = question else { return .now(question.usualVerdict) }
                answers.withLock { $0.append(answer) }
                return .later
            })
        try session.send("Subject: x\r\n\r\n.\r\n")
        session.disconnect()
        let events = record.events
        #expect(events.suffix(2) == ["abandoned", "ended"])
        answers.withLock { $0[0] }(.accept())
        session.advance(0)
        #expect(record.events == events)
    }

    @Test func `while content is suspended nothing is read, and what is there waits`() throws {
        let record = ScriptedDelegate.Record()
        let resumptions = Mutex<[SMTPResumption]>([])
        let session = try EmbeddedSession.receivingContent(
            delegate: ScriptedDelegate(
                record: record,
                take: { _, resume in
                    resumptions.withLock { $0.append(resume) }
                    return resumptions.withLock(\.count) == 1 ? .suspended : .ready
                }))
        #expect(session.wouldRead())
        try session.send("Subject: x\r\n")
        try session.send("\r\nBody\r\n.\r\n")
        #expect(record.events.last == "content Subject: x\r\n")
        #expect(!session.wouldRead())

        let reads = session.readCount
        resumptions.withLock { $0[0] }()
        session.advance(0)
        #expect(
            record.events.filter { $0.hasPrefix("content") }.joined() == "content Subject: x\r\ncontent \r\nBody\r\n")
        #expect(try session.codes() == ["250"])
        #expect(session.readCount == reads + 1, "the read that was held back goes on")
    }

    @Test func `a session that is ended while its content is suspended ends at once`() throws {
        let session = try EmbeddedSession.receivingContent(
            delegate: ScriptedDelegate(take: { _, _ in .suspended }))
        try session.send("Subject: x\r\n")
        session.tell(.end(SMTPReply(421, "Enough")))
        #expect(try session.codes() == ["421"])
        #expect(!session.isOpen)
    }

    @Test func `while a decision is open no more is read than fits`() throws {
        let session = try EmbeddedSession(
            delegate: ScriptedDelegate { question, _ in
                if case .mail = question { return .later }
                return .now(question.usualVerdict)
            })
        try session.send("EHLO c\r\n")
        try session.send("MAIL FROM:<a@b.example>\r\n")
        #expect(session.wouldRead())
        for _ in 0..<70 { try session.send(String(repeating: "NOOP\r\n", count: 200)) }
        #expect(!session.wouldRead())
    }

    @Test func `whoever talks before the greeting is refused`() throws {
        let record = ScriptedDelegate.Record()
        let session = try EmbeddedSession(.test(greetingDelay: .seconds(5)), delegate: .init(record: record))
        session.advance(4)
        #expect(try session.codes() == [])
        try session.send("EHLO c\r\n")
        #expect(try session.codes() == ["554"])
        #expect(!session.isOpen)
        #expect(record.events == ["replied 554", "ended"])
    }

    @Test func `whoever waits is greeted when the delay is over`() throws {
        let session = try EmbeddedSession(.test(greetingDelay: .seconds(5)))
        session.advance(5)
        #expect(try session.codes() == ["220"])
    }

    @Test func `what follows a command that must be the last of its group ends the session`() throws {
        let session = try EmbeddedSession()
        try session.send("EHLO c\r\nMAIL FROM:<a@b.example>\r\n")
        #expect(try session.codes() == ["220", "554"])
        #expect(!session.isOpen)
    }

    @Test func `the delegate hears of the end once, and of nothing after it`() throws {
        let record = ScriptedDelegate.Record()
        let session = try EmbeddedSession(delegate: .init(record: record))
        try session.send("QUIT\r\n")
        session.tell(.shutDown)
        session.advance(86_400)
        #expect(record.events == ["asked greeting", "replied 220", "replied 221", "ended"])
    }
}
