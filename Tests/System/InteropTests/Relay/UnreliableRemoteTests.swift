import Foundation
import MailTesting
import Testing

/// Martlet relays to a server that dies, or talks nonsense, at one step of its first session: the message is neither
/// lost nor, where that can be known, sent twice.
@Suite(.requires("curl", "python3")) struct UnreliableRemoteTests {
    /// One way to fail.
    struct Failure: Sendable, CustomTestStringConvertible {
        let step: RemoteScript.Step
        let behaviour: RemoteScript.Behaviour
        /// How often the remote reads the message to its end before Martlet knows that it has it.
        let readings: Int

        init(_ step: RemoteScript.Step, _ behaviour: RemoteScript.Behaviour, readings: Int = 1) {
            self.step = step
            self.behaviour = behaviour
            self.readings = readings
        }

        var testDescription: String { "\(step): \(behaviour)" }
    }

    static let deaths: [Failure] = [
        Failure(.greeting, .hangUp), Failure(.hello, .hangUp), Failure(.mail, .hangUp), Failure(.recipient, .hangUp),
        Failure(.data, .hangUp), Failure(.quit, .hangUp),
        Failure(.greeting, .hangUpAfter("220 remote")), Failure(.mail, .hangUpAfter("250-2.1.0 Ok\r\n")),
        // Nobody can know whether the remote will deliver what it has read.
        Failure(.endOfData, .hangUp, readings: 2), Failure(.endOfData, .hangUpAfter("250 2.0"), readings: 2),
    ]

    static let refusals: [Failure] = [
        Failure(.greeting, .answer("421 4.3.2 Closing")), Failure(.hello, .answer("421 4.3.2 Closing")),
        Failure(.mail, .answer("421 4.3.2 Closing")), Failure(.recipient, .answer("421 4.3.2 Closing")),
        Failure(.data, .answer("421 4.3.2 Closing")), Failure(.mail, .answer("451 4.3.0 Later")),
        Failure(.recipient, .answer("450 4.2.1 Later")), Failure(.data, .answer("451 4.3.0 Later")),
        Failure(.endOfData, .answer("421 4.3.2 Closing"), readings: 2),
        Failure(.endOfData, .answer("452 4.3.1 Full"), readings: 2),
    ]

    static let nonsense: [Failure] = [
        Failure(.greeting, .answer("HTTP/1.1 400 Bad Request")), Failure(.mail, .answer("354 Go on")),
        Failure(.data, .answer("250 2.0.0 Ok")), Failure(.hello, .flood(octets: 10 << 20)),
        Failure(.mail, .flood(octets: 10 << 20)), Failure(.greeting, .trickle("220 remote")),
    ]

    @Test(arguments: deaths + refusals + nonsense)
    func `the message arrives in the end`(after failure: Failure) async throws {
        let sample = SampleMessage()
        let remote = try ScriptedRemote(RemoteScript([failure.step: failure.behaviour]), sessions: 1)
        try await remote.whileRunning { remote in
            try await RelayingServer.with(route: "smtp://127.0.0.1:\(remote.port)") { server in
                try await RelayingServer.submit(sample.bytes, to: ["someone@example.com"], at: server)
                try await RelayingServer.expectEmptyQueue(server)
                #expect(try server.messages(for: "ann").isEmpty, "there is nothing to report")
            }
            #expect(remote.messages.count == failure.readings)
            #expect(remote.messages.count { $0.isTaken } == 1)
            #expect(remote.messages.allSatisfy { $0.content.suffix(sample.bytes.count) == sample.bytes })
        }
    }

    @Test func `a remote that dies in the middle of a long message gets it whole afterwards, and once`() async throws {
        let line = String(repeating: "x", count: 70) + "\r\n"
        let message = Data(("Subject: Long\r\n\r\n" + String(repeating: line, count: 60_000)).utf8)
        try await ScriptedRemote(RemoteScript([.content: .hangUp]), sessions: 1).whileRunning { remote in
            try await RelayingServer.with(route: "smtp://127.0.0.1:\(remote.port)") { server in
                try await RelayingServer.submit(message, to: ["someone@example.com"], at: server)
                try await RelayingServer.expectEmptyQueue(server)
            }
            #expect(remote.messages.count == 1)
            #expect(remote.messages.first?.content.suffix(message.count) == message)
            #expect(remote.transcripts.count > 1)
        }
    }

    @Test func `what waits for its next attempt outlives the server's being killed`() async throws {
        let sample = SampleMessage()
        let remote = try ScriptedRemote(RemoteScript([.mail: .answer("451 4.3.0 Later")]), sessions: 1)
        try await remote.whileRunning { remote in
            try await RelayingServer.with(route: "smtp://127.0.0.1:\(remote.port)") { server in
                try await RelayingServer.submit(sample.bytes, to: ["someone@example.com"], at: server)
                _ = try await eventually("the deferral") { server.log.contains("event=deferred") ? true : nil }
                try await server.kill()
                try await server.start()
                try await RelayingServer.expectEmptyQueue(server)
            }
            #expect(remote.messages.contains { $0.isTaken && $0.content.suffix(sample.bytes.count) == sample.bytes })
        }
    }
}
