import Foundation
import MailTesting
import Testing

@Suite(.requires("smtp-source")) struct SmtpSourceTests {
    @Test func `all messages of several sessions at once arrive whole`() async throws {
        let count = 200
        try await MartletServer.with { server in
            let result = try await run(
                Tool.require("smtp-source"),
                [
                    "-s", "10", "-m", "\(count)", "-l", "4096", "-f", "you@example.net", "-t", "ann@example.org",
                    "127.0.0.1:\(server.port)",
                ])
            #expect(result.status == 0, "\(result.errors)")
            let messages = try await server.messages(for: "ann", count: count)
            #expect(messages.count == count)
            let bodies = try messages.map { try body(of: $0) }
            #expect(Set(bodies).count == 1)
            #expect(bodies[0].count > 3_500 && bodies[0].hasSuffix("X\r\n"))
        }
    }

    private func body(of message: Data) throws -> String {
        let text = String(decoding: message, as: UTF8.self)
        let end = try #require(text.range(of: "\r\n\r\n"))
        return String(text[end.upperBound...])
    }
}
