import Foundation
import MailTesting
import Testing

/// A filter of others on the built server: OpenDKIM signs a message, and another OpenDKIM that sees it after the first
/// finds the signature good, to the last blank.
@Suite(.requiresPeers, .requires("openssl"))
struct OpenDKIMTests {
    private static let message = """
        From: Ann <ann@example.org>
        To: bob@example.org
        Subject:  Hello
          there
        Date: Sat, 21 Nov 2026 20:00:00 +0000
        Message-ID: <1@example.org>

        Hello.\("  ")

        """.replacing("\n", with: "\r\n")

    private func submit(_ server: MartletServer) async throws -> String {
        let client = try RawConnection(port: server.port)
        _ = try await client.reply()
        for command in ["EHLO c.example.net", "MAIL FROM:<ann@example.org>", "RCPT TO:<bob@example.org>", "DATA"] {
            _ = try await client.ask(command)
        }
        return try await client.ask(Self.message + ".")
    }

    @Test func `a message is signed on its way in, and the signature is good`() async throws {
        let keys = try TemporaryDirectory()
        try await OpenDKIMPeer.makeKeys(in: keys)
        let (signer, verifier) = (try OpenDKIMPeer(.sign, keys: keys), try OpenDKIMPeer(.verify, keys: keys))
        try await signer.whileRunning { signer in
            try await verifier.whileRunning { verifier in
                let filters = """
                    [filter.sign]
                    address = "inet:\(signer.port)@127.0.0.1"
                    [filter.verify]
                    address = "tcp:127.0.0.1:\(verifier.port)"
                    """
                try await MartletServer.with(configuration: filters) { server in
                    #expect(try await submit(server).hasPrefix("250"))
                    let text = String(decoding: try await server.message(for: "bob"), as: UTF8.self)
                    #expect(text.contains("DKIM-Signature: v=1; a=rsa-sha256; c=simple/simple; d=example.org; s=test;"))
                    #expect(text.contains(/Authentication-Results: mail\.example\.org;\s+dkim=pass/))
                    #expect(text.hasSuffix(Self.message.replacing("\r\n", with: "\n")) || text.hasSuffix(Self.message))
                    try await server.expectLog("event=filtered")
                }
            }
        }
    }

    @Test func `while it is away clients come again, or the mail goes without it, as it is configured`() async throws {
        let port = try LoopbackListener.freePort()
        let filter = "[filter.away]\naddress = \"tcp:127.0.0.1:\(port)\""
        try await MartletServer.with(configuration: filter) { server in
            let reply = try await submit(server)
            #expect(reply.hasPrefix("5"), "there is no transaction")
            try await server.expectLog(/event=filter-failed .*filter=away default=tempfail/)
            try await server.expectLog("reply=\"451 4.7.1 ")
        }
        try await MartletServer.with(configuration: filter + "\ndefault = \"accept\"") { server in
            #expect(try await submit(server).hasPrefix("250"))
            _ = try await server.message(for: "bob")
        }
    }
}
