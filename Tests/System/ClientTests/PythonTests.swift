import Foundation
import MailTesting
import Testing

@Suite(.requires("python3")) struct PythonTests {
    @Test func `smtplib hands over a message that arrives byte for byte`() async throws {
        let sample = SampleMessage()
        try await MartletServer.with { server in
            let result = try await run(
                Tool.require("python3"), [script("send.py"), "\(server.port)", "you@example.net", "ann@example.org"],
                input: sample.bytes)
            #expect(result.status == 0, "\(result.errors)")
            expectIntact(try await server.message(for: "ann"), sample.bytes)
        }
    }

    @Test func `several messages on one connection all arrive`() async throws {
        let sample = SampleMessage()
        try await MartletServer.with { server in
            let result = try await run(
                Tool.require("python3"),
                [script("send.py"), "\(server.port)", "you@example.net", "ann@example.org", "20"], input: sample.bytes)
            #expect(result.status == 0, "\(result.errors)")
            for message in try await server.messages(for: "ann", count: 20) { expectIntact(message, sample.bytes) }
        }
    }
}
