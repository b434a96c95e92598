import Foundation
import MailTesting
import Testing

extension SecurityTests {
    /// Addresses and names that are meant for a shell, a path, a header or a log.
    struct AddressTests {
        /// Local parts that mean something elsewhere.
        private static let users = [
            "../../x", "/etc/passwd", "|/bin/sh", ":include:/etc/passwd", "u1/../u2", "..", ".", "-oQ/tmp", "$(id)",
            "`id`", "a b", "new", "%2e%2e",
        ]

        @Test func `a user is a folder beside the others, whatever it is called`() async throws {
            let names = Self.users.map { "\"\($0)\"" }.joined(separator: ", ")
            try await SecurityTests.withServer("[domain.\"odd.example\"]\nusers = [\(names)]") { server in
                let session = try await RawConnection.greeted(by: server)
                for user in Self.users {
                    session.send("MAIL FROM:<you@example.net>\r\nRCPT TO:<\"\(user)\"@odd.example>\r\nDATA\r\n")
                    for _ in 0..<3 { _ = try await session.reply() }
                    #expect(try await session.ask("Subject: odd\r\n\r\n.").hasPrefix("250 "), "\(user)")
                }
                let folder = server.dataDirectory + "/mail/odd.example"
                _ = try await eventually("a message for everybody") {
                    try Self.filesOfNew(below: folder) == Self.users.count ? true : nil
                }
                let files = FileManager.default
                #expect(try files.contentsOfDirectory(atPath: folder).count == Self.users.count)
                #expect(try files.contentsOfDirectory(atPath: server.dataDirectory + "/mail") == ["odd.example"])
                #expect(
                    Set(try files.contentsOfDirectory(atPath: server.dataDirectory)) == [
                        "control.sock", "mail", "maildrop", "queue",
                    ])
            }
        }

        /// The messages in `new` of all Maildirs that lie directly in the folder.
        private static func filesOfNew(below folder: String) throws -> Int {
            let files = FileManager.default
            guard files.fileExists(atPath: folder) else { return 0 }
            return try files.contentsOfDirectory(atPath: folder).reduce(0) { count, user in
                count + ((try? files.contentsOfDirectory(atPath: "\(folder)/\(user)/new").count) ?? 0)
            }
        }

        @Test func `who guesses users is dismissed`() async throws {
            try await SecurityTests.withServer(limits: "unknown_recipients = 3") { server in
                let session = try await RawConnection.greeted(by: server)
                #expect(try await session.ask("MAIL FROM:<you@example.net>").hasPrefix("250 "))
                for user in 1...3 {
                    #expect(try await session.ask("RCPT TO:<u\(user)@example.org>").hasPrefix("550 5.1.1 "))
                }
                #expect(try await session.ask("RCPT TO:<ann1@example.org>").hasPrefix("421 4.7.0 "))
                #expect(try await session.rest() == "")
            }
        }

        @Test func `strangers learn nothing from VRFY and EXPN`() async throws {
            try await SecurityTests.withServer { server in
                let session = try await RawConnection.greeted(by: server)
                #expect(try await session.ask("VRFY ann") == (try await session.ask("VRFY nobody")))
                #expect(try await session.ask("EXPN staff").hasPrefix("502 "))
            }
        }

        /// What would be a header field, a log line or a command for a terminal in the wrong place.
        private static let payloads: [Data] =
            [
                "\nX-Evil: 1", "\rX-Evil: 1", "\0", "\u{2028}X-Evil: 1", "\u{85}X-Evil: 1", "=?utf-8?q?=0D=0AX-Evil?=",
                "%0d%0aX-Evil: 1", "\u{202E}X-Evil", "\u{1B}[31m", "\" level=critical event=forged", "\u{7F}\t",
            ].map { Data($0.utf8) } + [Data([0xFF, 0xFE]), Data([0xED, 0xA0, 0x80])]

        /// Where it could be put.
        private static let places = [
            ("EHLO a", ".example"), ("HELO ", ""), ("MAIL FROM:<a", "@example.net> SMTPUTF8"),
            ("MAIL FROM:<\"a", "\"@example.net> SMTPUTF8"), ("MAIL FROM:<a@x", ".example> SMTPUTF8"),
            ("MAIL FROM:<a@example.net> ENVID=", ""), ("RCPT TO:<\"ann+", "\"@example.org>"),
            ("RCPT TO:<ann@example.org> ORCPT=rfc822;", ""), ("VRFY ", ""), ("NOOP ", ""), ("", ""),
        ]

        @Test func `no value of a command becomes a header field or a log line`() async throws {
            let unlimited = "commands_without_message = 1000000\nerrors = 1000000\nunknown_recipients = 1000000"
            try await SecurityTests.withServer(limits: unlimited) { server in
                var taken = 0
                for payload in Self.payloads {
                    for place in Self.places {
                        let command = Data(place.0.utf8) + payload + Data((place.1 + "\r\n").utf8)
                        if try await Self.sends(messageWith: command, to: server) { taken += 1 }
                    }
                }
                #expect(taken > 0)
                let delivered = try await server.messages(for: "ann", count: taken)
                for message in delivered { Self.expectOwnFields(message) }
                Self.expectClean(server.log)
            }
        }

        /// Sends a message with the command in its place of the dialogue; whether it was taken.
        private static func sends(messageWith command: Data, to server: MartletServer) async throws -> Bool {
            let session = try await RawConnection.greeted(by: server)
            let verb = String(decoding: command.prefix(4), as: UTF8.self)
            for step in ["EHLO", "MAIL", "RCPT"] {
                if step == verb {
                    session.send(command)
                    _ = try await session.reply()
                } else if step != "EHLO" {
                    let plain = step == "MAIL" ? "MAIL FROM:<you@example.net> SMTPUTF8" : "RCPT TO:<ann@example.org>"
                    _ = try await session.ask(plain)
                }
            }
            if !["EHLO", "MAIL", "RCPT"].contains(verb) {
                session.send(command)
                _ = try await session.reply()
            }
            guard try await session.ask("DATA").hasPrefix("354 ") else { return false }
            return try await session.ask("Subject: plain\r\n\r\nbody\r\n.").hasPrefix("250 ")
        }

        private static func expectOwnFields(_ message: Data) {
            let text = String(decoding: message, as: UTF8.self)
            #expect(text.hasSuffix("\r\nSubject: plain\r\n\r\nbody\r\n"), "\(text)")
            let header = text.components(separatedBy: "\r\n\r\n")[0].components(separatedBy: "\r\n")
            let names = header.filter { !$0.hasPrefix("\t") }.map { $0.prefix { $0 != ":" } }
            #expect(names == ["Return-Path", "Delivered-To", "Received", "Subject"], "\(text)")
            let controls = header.joined().unicodeScalars.filter { $0.value < 0x20 && $0 != "\t" || $0.value == 0x7F }
            #expect(controls.isEmpty, "\(text)")
        }

        /// Expects that every line of the log is one event, and that nothing in it commands a terminal.
        static func expectClean(_ log: String) {
            #expect(log.utf8.split(separator: 0x0A).allSatisfy { $0.starts(with: "time=".utf8) })
            let unsafe = log.unicodeScalars.filter { scalar in
                switch scalar.value {
                case 0x0A: false
                case 0..<0x20, 0x7F..<0xA0, 0x2028...0x202E, 0x2066...0x2069: true
                default: false
                }
            }
            #expect(unsafe.isEmpty)
            #expect(!log.contains(/(?m)^time=\S+ level=critical/))
        }
    }
}
