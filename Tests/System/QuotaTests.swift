import Foundation
import MailTesting
import Testing

/// `quota` of a domain on the built server.
struct QuotaTests {
    private static let configuration = """
        [domain."example.com"]
        users = ["cid"]
        quota = "1 KiB"
        [alias."all@example.org"]
        to = ["cid@example.com", "ann"]
        [retry]
        first = "1s"
        """

    @Test func `a full mailbox is refused at RCPT, and mail by way of an alias waits until there is room`() async throws
    {
        try await MartletServer.with(configuration: Self.configuration) { server in
            let mailbox = server.directory.path("data/mail/example.com/cid/new")
            try FileManager.default.createDirectory(atPath: mailbox, withIntermediateDirectories: true)
            let old = try server.directory.write(Data(), to: "data/mail/example.com/cid/new/1.old.host,S=1024")
            let client = try RawConnection(port: server.port)
            _ = try await client.reply()
            _ = try await client.ask("EHLO c")
            _ = try await client.ask("MAIL FROM:<you@example.net>")
            #expect(try await client.ask("RCPT TO:<cid@example.com>") == "552 5.2.2 The mailbox is full")
            #expect(try await client.ask("RCPT TO:<all@example.org>").hasPrefix("250"))
            _ = try await client.ask("DATA")
            #expect(try await client.ask("Subject: Hello\r\n\r\nHello\r\n.").hasPrefix("250"))
            _ = try await server.message(for: "ann")
            let line = try await eventually("the deferral") {
                server.log.split(separator: "\n").first { $0.contains("event=deferred") }
            }
            #expect(line.contains("<cid@example.com>") && line.contains("dsn=4.2.2"), "\(line)")
            try FileManager.default.removeItem(atPath: old)
            _ = try await eventually("the message") {
                try FileManager.default.contentsOfDirectory(atPath: mailbox).isEmpty ? nil : true
            }
        }
    }

    @Test func `a message of an announced size that has no room is refused before it comes`() async throws {
        try await MartletServer.with(configuration: Self.configuration) { server in
            let client = try RawConnection(port: server.port)
            _ = try await client.reply()
            _ = try await client.ask("EHLO c")
            _ = try await client.ask("MAIL FROM:<you@example.net> SIZE=1025")
            #expect(try await client.ask("RCPT TO:<cid@example.com>") == "552 5.2.2 The mailbox is full")
            #expect(try await client.ask("RCPT TO:<ann@example.org>").hasPrefix("250"))
        }
    }
}
