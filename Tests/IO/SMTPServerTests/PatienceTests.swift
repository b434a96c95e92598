import NIOCore
import SMTPCore
import Synchronization
import Testing

@testable import SMTPServer

/// How long a peer may let the server wait, on a virtual clock.
struct PatienceTests {
    private static let patience = SMTPListenerConfiguration.Patience(
        command: .seconds(300), content: .seconds(180), contentRate: 500, replies: .seconds(60),
        session: .seconds(3_600))
    private let configuration = SMTPListenerConfiguration.test(patience: Self.patience)

    @Test func `a command may take 300 seconds, and no octet on the way buys more`() throws {
        let session = try EmbeddedSession(configuration)
        _ = try session.writes()
        for _ in 0..<299 {
            session.advance(1)
            try session.send("E")
        }
        #expect(try session.codes() == [])
        session.advance(1)
        #expect(try session.codes() == ["421"])
        #expect(!session.isOpen)
    }

    @Test func `each command has its own time`() throws {
        let session = try EmbeddedSession(configuration)
        try session.send("EHLO c\r\n")
        session.advance(299)
        try session.send("NOOP\r\n")
        session.advance(299)
        #expect(session.isOpen)
        session.advance(1)
        #expect(!session.isOpen)
    }

    @Test func `content may pause for 180 seconds`() throws {
        let session = try EmbeddedSession.receivingContent(configuration)
        let kilobytes = String(repeating: "x", count: 998) + "\r\n"
        for _ in 0..<4 { try session.send(String(repeating: kilobytes, count: 100)) }
        session.advance(179)
        #expect(session.isOpen)
        session.advance(1)
        #expect(try session.codes() == ["421"])
    }

    @Test func `content that comes slower than the rate ends the session`() throws {
        let session = try EmbeddedSession.receivingContent(configuration)
        for _ in 0..<59 {
            session.advance(1)
            try session.send("x\r\n")
        }
        #expect(session.isOpen)
        session.advance(2)
        #expect(try session.codes() == ["421"])
    }

    @Test func `chunks that come now and then buy no more time than octets do`() throws {
        let session = try EmbeddedSession(configuration)
        try session.send("EHLO c\r\n")
        try session.send("MAIL FROM:<a@b.example>\r\nRCPT TO:<c@d.example>\r\n")
        for _ in 0..<19 {
            try session.send("BDAT 1\r\nx")
            session.advance(3)
        }
        #expect(session.isOpen)
        session.advance(4)
        #expect(!session.isOpen)
    }

    @Test func `a slow disk is not the peer's delay`() throws {
        let resumptions = Mutex<[SMTPResumption]>([])
        let session = try EmbeddedSession.receivingContent(
            configuration,
            delegate: ScriptedDelegate(take: { _, resume in
                resumptions.withLock { $0.append(resume) }
                return .suspended
            }))
        try session.send("Subject: x\r\n")
        session.advance(10_000)
        #expect(session.isOpen)
        resumptions.withLock { $0[0] }()
        session.advance(50)
        #expect(session.isOpen)
        session.advance(20)
        #expect(try session.codes() == ["421"])
    }

    @Test func `a decision of ours may take as long as it takes`() throws {
        let session = try EmbeddedSession(
            configuration,
            delegate: ScriptedDelegate { question, _ in
                if case .mail = question { return .later }
                return .now(question.usualVerdict)
            })
        try session.send("EHLO c\r\n")
        try session.send("MAIL FROM:<a@b.example>\r\n")
        session.advance(100_000)
        #expect(session.isOpen)
    }

    @Test func `whoever does not read replies for 60 seconds is cut off without another`() throws {
        let session = try EmbeddedSession(configuration)
        _ = try session.writes()
        session.set(isWritable: false)
        #expect(!session.wouldRead())
        session.advance(59)
        #expect(session.isOpen)
        session.advance(1)
        #expect(!session.isOpen)
        #expect(try session.codes() == [])
    }

    @Test func `reading replies in time saves the session`() throws {
        let session = try EmbeddedSession(configuration)
        session.set(isWritable: false)
        #expect(!session.wouldRead())
        session.advance(59)
        let reads = session.readCount
        session.set(isWritable: true)
        #expect(session.readCount == reads + 1, "the read that was held back goes on")
        session.advance(60)
        #expect(session.isOpen)
    }

    @Test func `an old session ends, but not within a transaction`() throws {
        let session = try EmbeddedSession(configuration)
        try session.send("EHLO c\r\n")
        for _ in 0..<14 {
            session.advance(250)
            try session.send("NOOP\r\n")
        }
        try session.send("MAIL FROM:<a@b.example>\r\n")
        session.advance(200)
        #expect(session.isOpen)
        _ = try session.writes()
        try session.send("RSET\r\n")
        session.advance(0)
        #expect(try session.codes() == ["250", "421"])
    }
}
