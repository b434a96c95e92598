import Foundation
import MailTesting
import Testing

/// ETRN on the built server.
struct QueueStartTests {
    @Test func `what is held is not tried, and not told to be nothing`() async throws {
        try await MartletServer.with(configuration: "[route.\"customer.example\"]\nto = \"hold\"") { server in
            let client = try RawConnection(port: server.port)
            _ = try await client.reply()
            for line in ["EHLO c", "MAIL FROM:<you@example.net>", "RCPT TO:<someone@customer.example>", "DATA"] {
                _ = try await client.ask(line)
            }
            #expect(try await client.ask("Subject: Hello\r\n\r\nHello.\r\n.").hasPrefix("250"))
            _ = try await eventually("the message's being held") { server.log.contains("event=held") ? true : nil }
            for node in ["customer.example", "@example"] {
                let reply = try await client.ask("ETRN \(node)")
                #expect(reply == "458 4.3.0 Unable to queue messages for node \(node): they are held")
            }
        }
    }

    @Test func `a domain's waiting mail is tried when somebody asks for it`() async throws {
        let port = try LoopbackListener.freePort()
        try await MartletServer.with(
            configuration: """
                [route."customer.example"]
                to = "smtp://127.0.0.1:\(port)"
                [retry]
                first = "1h"
                longest = "2h"
                """
        ) { server in
            let client = try RawConnection(port: server.port)
            _ = try await client.reply()
            _ = try await client.ask("EHLO c")
            for _ in 1...2 {
                _ = try await client.ask("MAIL FROM:<you@example.net>")
                _ = try await client.ask("RCPT TO:<someone@customer.example>")
                _ = try await client.ask("DATA")
                #expect(try await client.ask("Subject: Hello\r\n\r\nHello.\r\n.").hasPrefix("250"))
            }
            _ = try await eventually("both messages' being deferred") {
                server.log.components(separatedBy: "event=deferred").count > 2 ? true : nil
            }
            #expect(try await client.ask("ETRN example.net") == "251 2.0.0 No messages waiting for node example.net")
            #expect(
                try await client.ask("ETRN customer.example")
                    == "253 2.0.0 2 pending messages for node customer.example started")
            _ = try await eventually("another attempt at both") {
                server.log.components(separatedBy: "event=deferred").count > 4 ? true : nil
            }
            #expect(
                try await client.ask("ETRN @example")
                    == "253 2.0.0 2 pending messages for node @example started")
        }
    }
}
