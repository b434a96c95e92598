import MailTesting
import Testing

/// `[policy]` on the built server.
struct PolicyTests {
    private func reply(to recipient: String, _ configuration: String, trusted: [String] = []) async throws -> String {
        try await MartletServer.with(configuration: configuration, trusted: trusted) { server in
            let client = try RawConnection(port: server.port)
            _ = try await client.reply()
            _ = try await client.ask("EHLO c")
            _ = try await client.ask("MAIL FROM:<you@example.net>")
            return try await client.ask("RCPT TO:<\(recipient)>")
        }
    }

    @Test func `a stranger is put off where greylisting is on, and nobody else`() async throws {
        let configuration = "[policy]\ngreylisting = true"
        #expect(try await reply(to: "ann@example.org", configuration).hasPrefix("450 4.7.1"))
        #expect(try await reply(to: "ann@example.org", configuration, trusted: ["127.0.0.0/8"]).hasPrefix("250"))
        #expect(try await reply(to: "ann@example.org", "").hasPrefix("250"))
    }

    @Test func `a program that does not answer refuses for now`() async throws {
        let port = try LoopbackListener.freePort()
        let reply = try await reply(to: "ann@example.org", "[policy]\nprogram = \"127.0.0.1:\(port)\"")
        #expect(reply.hasPrefix("451 4.3.5"))
    }
}
