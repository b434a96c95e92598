import Foundation
import MailTesting
import Testing

@Suite(.requires("curl")) struct CurlTests {
    @Test func `curl hands over a message that arrives byte for byte, to each of two users`() async throws {
        let sample = SampleMessage()
        try await MartletServer.with { server in
            let result = try await run(
                Tool.require("curl"),
                [
                    "--silent", "--show-error", "smtp://127.0.0.1:\(server.port)/client.example.net", "--mail-from",
                    "you@example.net", "--mail-rcpt", "ann@example.org", "--mail-rcpt", "bob@example.org",
                    "--upload-file", "-",
                ], input: sample.bytes)
            #expect(result.status == 0, "\(result.errors)")
            expectIntact(try await server.message(for: "ann"), sample.bytes)
            expectIntact(try await server.message(for: "bob"), sample.bytes)
        }
    }
}
