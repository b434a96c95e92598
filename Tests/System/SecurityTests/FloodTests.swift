import Foundation
import MailTesting
import Testing

extension SecurityTests {
    /// Too many connections, too slow ones, and too much talk.
    struct FloodTests {
        @Test func `one address cannot take the connections of the others`() async throws {
            try await SecurityTests.withServer { server in
                let flood = try (0..<200).map { _ in try RawConnection(port: server.port) }
                var greeted = 0
                for connection in flood where try await connection.reply().hasPrefix("220 ") { greeted += 1 }
                #expect(greeted == 50)
                #expect(try await Self.quickestGreeting(server, from: "127.0.0.2") < .milliseconds(100))
                for connection in flood { connection.close() }
                _ = try await eventually("room for the address") {
                    try server.openFiles() < 60 ? true : nil
                }
                try await SecurityTests.expectServing(server, from: "127.0.0.1")
            }
        }

        /// The best of twenty, for the machine may have other things to do.
        private static func quickestGreeting(_ server: MartletServer, from source: String) async throws -> Duration {
            var best = Duration.seconds(60)
            for _ in 0..<20 {
                let begin = ContinuousClock.now
                let connection = try RawConnection(port: server.port, from: source)
                #expect(try await connection.reply().hasPrefix("220 "))
                best = min(best, ContinuousClock.now - begin)
            }
            return best
        }

        @Test func `600 idle connections take less than 10 MiB`() async throws {
            let limits = "connections = 2000"
            try await SecurityTests.withServer(trusting: ["127.0.0.0/8"], limits: limits) { server in
                let before = try server.residentMemory()
                let idle = try (0..<600).map { try RawConnection(port: server.port, from: "127.0.0.\(2 + $0 % 100)") }
                for connection in idle { #expect(try await connection.reply().hasPrefix("220 ")) }
                #expect(try server.residentMemory() - before < 10 * .mebibyte)
                #expect(try await idle[599].ask("NOOP").hasPrefix("250 "))
            }
        }

        @Test func `a command that dribbles in ends at its deadline`() async throws {
            try await SecurityTests.withServer(limits: "command_timeout = \"1 s\"") { server in
                let session = try RawConnection(port: server.port)
                #expect(try await session.reply().hasPrefix("220 "))
                let begin = ContinuousClock.now
                _ = try await eventually("the end") {
                    if session.isEnded { return true }
                    session.send("x")
                    return nil
                }
                #expect(ContinuousClock.now - begin > .milliseconds(900))
                #expect(try await session.rest().hasPrefix("421 4.4.2 "))
            }
        }

        @Test func `content that stops coming ends the session`() async throws {
            try await SecurityTests.withServer(limits: "data_timeout = \"1 s\"") { server in
                let session = try await RawConnection.greeted(by: server)
                try await session.beginMessage()
                session.send("Subject: never")
                #expect(try await session.rest().hasPrefix("421 4.4.2 "))
                #expect(try server.messages(for: "ann") == [])
            }
        }

        /// A command, how often it is borne, and whether that is as an error.
        private static let chatter = [("XYZZY", 20), ("RCPT TO:<ann@example.org>", 20), ("NOOP", 100), ("RSET", 100)]

        @Test(arguments: chatter.indices) func `who only talks is dismissed`(_ index: Int) async throws {
            let (command, borne) = Self.chatter[index]
            try await SecurityTests.withServer { server in
                let session = try await RawConnection.greeted(by: server)
                var replies: [String] = []
                while replies.last?.hasPrefix("421 ") != true, replies.count <= borne {
                    replies.append(try await session.ask(command))
                }
                #expect(replies.last?.hasPrefix("421 4.7.0 ") == true)
                #expect(replies.count <= borne + 1)
                #expect(try await session.rest() == "")
            }
        }

        @Test func `a message has a thousand recipients and no more`() async throws {
            try await SecurityTests.withServer { server in
                let session = try await RawConnection.greeted(by: server)
                #expect(try await session.ask("MAIL FROM:<you@example.net>").hasPrefix("250 "))
                session.send(Data(String(repeating: "RCPT TO:<ann@example.org>\r\n", count: 1_001).utf8))
                for _ in 0..<1_000 { #expect(try await session.reply().hasPrefix("250 ")) }
                #expect(try await session.reply().hasPrefix("452 4.5.3 "))
                #expect(try await session.ask("DATA").hasPrefix("354 "))
                #expect(try await session.ask("Subject: once\r\n\r\n.").hasPrefix("250 "))
                #expect(try await server.messages(for: "ann", count: 1).count == 1)
            }
        }

        @Test func `recipients that are refused without end are ended`() async throws {
            try await SecurityTests.withServer(limits: "recipients = 100") { server in
                let session = try await RawConnection.greeted(by: server)
                #expect(try await session.ask("MAIL FROM:<you@example.net>").hasPrefix("250 "))
                session.send(Data(String(repeating: "RCPT TO:<a@elsewhere.example>\r\n", count: 1_100).utf8))
                let replies = try await session.rest().components(separatedBy: "\r\n").dropLast()
                #expect(replies.dropLast().allSatisfy { $0.hasPrefix("550 5.7.1 ") })
                #expect(replies.count == 1_001)
                #expect(replies.last?.hasPrefix("421 4.7.0 ") == true)
            }
        }

        @Test func `a server without descriptors waits for some, and does not spin`() async throws {
            try await SecurityTests.withServer { server in
                let old = try await RawConnection.greeted(by: server)
                #expect(try await old.ask("MAIL FROM:<you@example.net>").hasPrefix("250 "))
                #expect(try await old.ask("RCPT TO:<nobody@example.org>").hasPrefix("550 "))
                try await server.limitOpenFiles(to: try server.openFiles() + 4)
                let waiting = try (0..<20).map { try RawConnection(port: server.port, from: "127.0.0.\(2 + $0)") }
                let time = try server.processorTime()
                // The answer to the second stranger that is guessed comes a second late.
                #expect(try await old.ask("RCPT TO:<nobody@example.org>").hasPrefix("550 "))
                #expect(try server.processorTime() - time < 0.2)
                let large = Data(("\r\n" + String(repeating: "a large message\r\n", count: 10_000)).utf8)
                #expect(try await old.ask("RCPT TO:<ann@example.org>").hasPrefix("250 "))
                #expect(try await old.ask("DATA").hasPrefix("354 "))
                old.send(large)
                #expect(try await old.ask("\r\n.").hasPrefix("451 4.3.0 "))
                for connection in waiting { connection.close() }
                try await SecurityTests.expectServing(server)
                try await old.beginMessage()
                old.send(large)
                #expect(try await old.ask("\r\n.").hasPrefix("250 "))
            }
        }
    }
}
