import NIOCore
import NIOEmbedded
import SMTPCore
import Testing

@testable import SMTPServer

/// What the handler does when the roles on its connection change.
struct HandOverTests {
    private func session(_ record: ScriptedDelegate.Record) throws -> EmbeddedSession {
        var configuration = SMTPListenerConfiguration.test()
        configuration.machine.isOnDemandRelay = true
        configuration.machine.mechanisms = ["PLAIN"]
        configuration.machine.authenticatesInClear = true
        let delegate = ScriptedDelegate(record: record) { question, _ in
            if case .authenticate = question { return .now(.authenticated(identity: "ann")) }
            return .now(question.usualVerdict)
        }
        let session = try EmbeddedSession(configuration, delegate: delegate)
        try session.send("EHLO c\r\n")
        try session.send("AUTH PLAIN AGFubg==\r\n")
        return session
    }

    @Test func `what was said leaves, and then the channel is the delegate's`() throws {
        let record = ScriptedDelegate.Record()
        let session = try session(record)
        _ = try session.writes()
        try session.send("ATRN\r\n")
        #expect(try session.codes() == ["250"])
        #expect(record.events.suffix(3) == ["replied 250", "handed over", "ended"])
        #expect(session.isOpen)
        try session.send("220 I am the server now\r\n")
        #expect(
            try session.channel.readInbound(as: ByteBuffer.self) == ByteBuffer(string: "220 I am the server now\r\n"))
        #expect(try session.writes().isEmpty)
        #expect(record.events.count { $0 == "ended" } == 1)
    }

    @Test func `no deadline of the session's hits who comes after it`() throws {
        let record = ScriptedDelegate.Record()
        let session = try session(record)
        try session.send("ATRN\r\n")
        session.advance(100_000)
        #expect(session.isOpen)
    }
}
