import Foundation
import MailTesting
import Testing

extension SecurityTests {
    /// Lines, chunks and sizes that are not what they say.
    struct FramingTests {
        @Test(arguments: [
            "POST / HTTP/1.1\r\nHost: mail.example.org\r\n\r\nEHLO a.example\r\nMAIL FROM:<you@example.net>\r\n"
                + "RCPT TO:<ann@example.org>\r\nDATA\r\nSubject: posted\r\n\r\n.\r\n",
            "GET / HTTP/1.1\r\nHost: mail.example.org\r\n\r\n", "CONNECT mail.example.org:25 HTTP/1.1\r\n\r\n",
            "\u{16}\u{3}\u{1}\u{2}\0\u{1}\0\u{1}\r\nEHLO a.example\r\n", "{\"method\":\"x\"}\r\nEHLO a.example\r\n",
        ]) func `another protocol is told once, and no command in it is carried out`(_ bytes: String) async throws {
            try await SecurityTests.withServer { server in
                let session = try RawConnection(port: server.port)
                #expect(try await session.reply().hasPrefix("220 "))
                session.send(bytes)
                let rest = try await session.rest()
                #expect(rest.hasPrefix("421 4.5.2 "))
                #expect(rest.components(separatedBy: "\r\n").count == 2, "\(rest)")
            }
        }

        @Test func `who talks before the greeting is refused`() async throws {
            let delayed = "[listener.slow]\naddress = \"127.0.0.1:0\"\n"
            try await SecurityTests.withServer(delayed + "greeting_delay = \"30 s\"") { server in
                let port = try #require(server.log.firstMatch(of: /slow=127\.0\.0\.1:(\d+)/).flatMap { Int($0.1) })
                let session = try RawConnection(port: port)
                session.send("EHLO early.example\r\n")
                #expect(try await session.rest().hasPrefix("554 5.5.0 "))
            }
        }

        @Test(arguments: [
            "EHLO a.example\r\nNOOP\r\n", "NOOP\r\nNOOP\r\n", "VRFY ann\r\nNOOP\r\n",
            "MAIL FROM:<you@example.net>\r\nRCPT TO:<ann@example.org>\r\nDATA\r\nSubject: early\r\n\r\n.\r\n",
        ]) func `what must be the last command of a group is`(_ group: String) async throws {
            try await SecurityTests.withServer { server in
                let session = try await RawConnection.greeted(by: server)
                session.send(group)
                let last = try await session.rest().components(separatedBy: "\r\n").dropLast().last
                #expect(last?.hasPrefix("554 5.5.0 ") == true)
                #expect(try server.messages(for: "ann") == [])
            }
        }

        @Test(arguments: [
            "MAIL FROM:<you@example.net\nRSET>", "NOOP\nMAIL FROM:<you@example.net>",
            "MAIL FROM:<you\r@example.net>", "MAIL FROM:<you\0@example.net>",
        ]) func `a bare LF, CR or NUL makes no second command`(_ line: String) async throws {
            try await SecurityTests.withServer { server in
                let session = try await RawConnection.greeted(by: server)
                let reply = try await session.ask(line)
                #expect(reply.hasPrefix("500 5.5.2 ") || reply.hasPrefix("501 5.5.2 "))
                #expect(try await session.ask("RCPT TO:<ann@example.org>").hasPrefix("503 "))
            }
        }

        @Test func `a line that never ends is cut and takes no memory`() async throws {
            try await SecurityTests.withServer { server in
                let session = try await RawConnection.greeted(by: server)
                let before = try server.residentMemory()
                let part = Data(repeating: 0x78, count: .mebibyte)
                for _ in 0..<64 { guard session.send(part) else { break } }
                let rest = try await session.rest()
                #expect(rest.hasPrefix("500 5.5.2 "))
                #expect(rest.contains("\r\n421 4.5.2 "))
                #expect(try server.residentMemory() - before < .mebibyte)
            }
        }

        @Test(arguments: [
            "18446744073709551617", "18446744073709551615", "-1", "abc", "", "5 FIRST", "2147483648", "5LAST", "0x5",
        ]) func `behind a BDAT that cannot be read nothing is a command`(_ size: String) async throws {
            try await SecurityTests.withServer { server in
                let session = try await RawConnection.greeted(by: server)
                session.send(
                    "MAIL FROM:<you@example.net>\r\nRCPT TO:<ann@example.org>\r\nBDAT \(size)\r\nhelloNOOP\r\n")
                let replies = try await session.rest().components(separatedBy: "\r\n").map { $0.prefix(4) }
                #expect(replies == ["250 ", "250 ", replies.dropFirst(2).first ?? "", ""])
                #expect(["501 ", "552 "].contains(replies.dropFirst(2).first))
            }
        }

        @Test func `a message without its last chunk is no message`() async throws {
            try await SecurityTests.withServer { server in
                let session = try await RawConnection.greeted(by: server)
                session.send("MAIL FROM:<you@example.net>\r\nRCPT TO:<ann@example.org>\r\nBDAT 5\r\nhello")
                for _ in 0..<3 { #expect(try await session.reply().hasPrefix("250 ")) }
                #expect(try await session.ask("QUIT").hasPrefix("221 "))
                #expect(try await session.rest() == "")
            }
        }

        @Test(arguments: ["-1", "0x10", "1e23", "10 SIZE=10", ""]) func `a SIZE that is no number is refused`(
            _ size: String
        ) async throws {
            try await SecurityTests.withServer { server in
                let session = try await RawConnection.greeted(by: server)
                #expect(try await session.ask("MAIL FROM:<you@example.net> SIZE=\(size)").hasPrefix("501 5.5.4 "))
            }
        }

        @Test func `who says 10 octets and sends 120 MiB takes neither memory nor disk`() async throws {
            try await SecurityTests.withServer(limits: "message_size = \"1 MiB\"") { server in
                let session = try await RawConnection.greeted(by: server)
                #expect(try await session.ask("MAIL FROM:<you@example.net> SIZE=1048577").hasPrefix("552 5.3.4 "))
                try await session.beginMessage(parameters: " SIZE=10")
                let before = try server.residentMemory()
                let line = Data(repeating: 0x7A, count: 998) + Data("\r\n".utf8)
                let part = (0..<1_024).reduce(into: Data("Subject: long\r\n\r\n".utf8)) { part, _ in part += line }
                for _ in 0..<120 { #expect(session.send(part)) }
                #expect(try server.residentMemory() - before < 4 * .mebibyte)
                #expect(try await session.ask(".").hasPrefix("552 5.3.4 "))
                #expect(try await session.ask("NOOP").hasPrefix("250 "))
                let bodies = try FileManager.default.contentsOfDirectory(atPath: server.dataDirectory + "/queue/bodies")
                #expect(bodies == [])
            }
        }

        /// Headers that are bombs for who parses them, and whether they are mail all the same.
        static let bombs: [(name: String, content: String, reply: String)] = [
            ("200,000 fields", String(repeating: "X: y\r\n", count: 200_000), "552 5.3.4 "),
            ("200,000 folds", "X: y\r\n" + String(repeating: " z\r\n", count: 200_000), "552 5.3.4 "),
            ("a field of 4 MiB", "X: " + String(repeating: "y", count: 4 * .mebibyte) + "\r\n", "550 5.6.0 "),
            ("100,000 addresses", "To: a" + String(repeating: ",\r\n u@example.org", count: 100_000), "552 5.3.4 "),
            ("100,000 brackets", "Subject: " + String(repeating: "(", count: 100_000) + "\r\n", "550 5.6.0 "),
            (
                "10,000 levels of multipart",
                String(repeating: "Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n", count: 10_000), "250 "
            ),
            (
                "10,000 messages in messages", String(repeating: "Content-Type: message/rfc822\r\n\r\n", count: 10_000),
                "250 "
            ),
        ]

        @Test(arguments: bombs.indices) func `a header bomb costs little`(_ index: Int) async throws {
            let bomb = Self.bombs[index]
            try await SecurityTests.withServer { server in
                let session = try await RawConnection.greeted(by: server)
                try await session.beginMessage()
                let memory = try server.residentMemory()
                let time = try server.processorTime()
                #expect(session.send(Data((bomb.content + "\r\n\r\nbody\r\n.\r\n").utf8)))
                #expect(try await session.reply().hasPrefix(bomb.reply), "\(bomb.name)")
                #expect(try server.processorTime() - time < 1, "\(bomb.name)")
                #expect(try server.residentMemory() - memory < 2 * .mebibyte, "\(bomb.name)")
                #expect(try await session.ask("NOOP").hasPrefix("250 "), "\(bomb.name)")
            }
        }
    }
}
