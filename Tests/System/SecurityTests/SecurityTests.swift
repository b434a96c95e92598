import Foundation
import MailTesting
import Testing

/// What strangers may try, and what the real server does about it. One test at a time, for they measure memory and
/// time. Every one of them ends with the server serving as if nothing had happened.
@Suite(.serialized) enum SecurityTests {
    /// Runs a server that trusts nobody, and afterwards sees that it still serves.
    static func withServer(
        trusting trusted: [String] = [], limits: String = "", _ more: String = "",
        isolation: isolated (any Actor)? = #isolation, _ body: (MartletServer) async throws -> Void
    ) async throws {
        try await MartletServer.with(configuration: "[limits]\n\(limits)\n\(more)", trusted: trusted) { server in
            try await body(server)
            try await expectServing(server)
        }
    }

    /// Expects that the server runs, and has a plain dialogue with somebody else.
    static func expectServing(
        _ server: MartletServer, from source: String = "127.0.0.9",
        isolation: isolated (any Actor)? = #isolation
    ) async throws {
        #expect(server.processIdentifier != nil)
        let session = try await RawConnection.greeted(by: server, from: source)
        #expect(try await session.ask("NOOP").hasPrefix("250 "))
        #expect(try await session.ask("QUIT").hasPrefix("221 "))
        #expect(try await session.rest() == "")
    }
}

extension RawConnection {
    /// A session behind EHLO.
    static func greeted(
        by server: MartletServer, from source: String = "127.0.0.1", isolation: isolated (any Actor)? = #isolation
    ) async throws -> RawConnection {
        let session = try RawConnection(port: server.port, from: source)
        try #require(try await session.reply().hasPrefix("220 "))
        try #require(try await session.ask("EHLO client.example").hasPrefix("250"))
        return session
    }

    /// Begins a message to ann, up to the 354.
    func beginMessage(parameters: String = "", isolation: isolated (any Actor)? = #isolation) async throws {
        send("MAIL FROM:<you@example.net>\(parameters)\r\nRCPT TO:<ann@example.org>\r\nDATA\r\n")
        for code in ["250 ", "250 ", "354 "] { try #require(try await reply().hasPrefix(code)) }
    }
}

extension Int {
    static let mebibyte = 1 << 20
}
