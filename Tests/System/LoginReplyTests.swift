import Foundation
import MailTesting
import Testing

/// What the built server answers to AUTH besides yes and no (RFC 4954 §4, §6).
struct LoginReplyTests {
    @Test func `a mechanism that is too weak, unknown, or wants another password has a reply of its own`() async throws
    {
        let files = try TemporaryDirectory()
        let users = try files.write(Data("ann@example.org:{PLAIN}secret\n".utf8), to: "users")
        let configuration = "[auth]\nusers_file = \"\(users)\""
        try await MartletServer.with(configuration: configuration, listener: [#"auth = "clear""#]) { server in
            let client = try RawConnection(port: server.port)
            _ = try await client.reply()
            _ = try await client.ask("EHLO c")
            #expect(try await client.ask("AUTH CRAM-MD5").hasPrefix("534 5.7.9 "))
            #expect(try await client.ask("AUTH KERBEROS_V4").hasPrefix("504 5.5.4 "))
            // Of a password that was written down by hand there are no keys for SCRAM.
            let scram = Data("n,,n=ann@example.org,r=abcdef".utf8).base64EncodedString()
            #expect(try await client.ask("AUTH SCRAM-SHA-256 \(scram)").hasPrefix("432 4.7.12 "))
            #expect(try await client.ask("AUTH PLAIN") == "334 ")
            let plain = Data("\0ann@example.org\0secret".utf8).base64EncodedString()
            #expect(try await client.ask(plain).hasPrefix("235 2.7.0 "))
        }
    }
}
