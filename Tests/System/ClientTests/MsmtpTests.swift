import Foundation
import MailTesting
import Testing

@Suite(.requires("msmtp")) struct MsmtpTests {
    @Test func `msmtp hands over a message that arrives byte for byte`() async throws {
        let sample = SampleMessage()
        try await MartletServer.with { server in
            let result = try await run(
                Tool.require("msmtp"),
                [
                    "--file=/dev/null", "--host=127.0.0.1", "--port=\(server.port)", "--from=you@example.net",
                    "ann@example.org",
                ], input: sample.unixBytes)
            #expect(result.status == 0, "\(result.errors)")
            expectIntact(try await server.message(for: "ann"), sample.bytes)
        }
    }
}
