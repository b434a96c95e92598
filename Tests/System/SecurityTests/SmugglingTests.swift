import Foundation
import MailTesting
import Testing

extension SecurityTests {
    /// Only CRLF.CRLF ends a message. Whatever else a line of one dot is put between, what follows it is text.
    struct SmugglingTests {
        private static let lineEnds = [
            "\r\n", "\n", "\r", "\r\r\n", "\n\r", "\0\r\n", "\r\0\n", "\r\n\0", "\u{B}", "\u{C}", "\u{85}", "\u{2028}",
        ]
        private static let dots = [".\0", " .", ". ", "\0.", ".\t", "\u{FF0E}"]

        /// What could pass for the end of a message with somebody, and does not here.
        private static let falseEnds: [Data] = {
            let plain = lineEnds.flatMap { before in lineEnds.map { before + "." + $0 } }
            let disguised = dots.flatMap { dot in
                lineEnds.prefix(3).flatMap { before in lineEnds.prefix(3).map { before + dot + $0 } }
            }
            let end = Data("\r\n.\r\n".utf8)
            return (plain + disguised).map { Data($0.utf8) }.filter { $0.range(of: end) == nil }
        }()

        private static let unlimited = "commands_without_message = 1000000"

        @Test(arguments: [false, true]) func `nothing behind a false end is a second message`(octetByOctet: Bool)
            async throws
        {
            try #require(Self.falseEnds.count >= 150)
            try await SecurityTests.withServer(limits: Self.unlimited) { server in
                let session = try await RawConnection.greeted(by: server)
                var accepted: [Data] = []
                for end in Self.falseEnds {
                    let content = Self.content(around: end)
                    try await session.beginMessage()
                    let wire = content + Data(".\r\n".utf8)
                    if octetByOctet { session.sendOctetByOctet(wire) } else { session.send(wire) }
                    let reply = try await session.reply()
                    if Self.hasBareControls(content) {
                        #expect(reply.hasPrefix("550 5.6.0 "), "\(Array(end)): \(reply)")
                    } else {
                        #expect(reply.hasPrefix("250 "), "\(Array(end)): \(reply)")
                        accepted.append(content)
                    }
                    #expect(try await session.ask("NOOP").hasPrefix("250 "), "\(Array(end)): out of step")
                }
                try await Self.expect(accepted, to: server)
            }
        }

        @Test func `a message of a lone dot is empty`() async throws {
            try await SecurityTests.withServer { server in
                let session = try await RawConnection.greeted(by: server)
                try await session.beginMessage()
                #expect(try await session.ask(".").hasPrefix("250 "))
                #expect(try await session.ask("NOOP").hasPrefix("250 "))
            }
        }

        private static func content(around end: Data) -> Data {
            Data("Subject: two?\r\n\r\nfirst".utf8) + end
                + Data("MAIL FROM:<evil@example.net>\r\nRCPT TO:<bob@example.org>\r\nDATA\r\nsecond\r\n".utf8)
        }

        private static func hasBareControls(_ content: Data) -> Bool {
            let lines = String(decoding: content, as: UTF8.self).unicodeScalars
            let text = Array(lines)
            return text.indices.contains { index in
                switch text[index] {
                case "\0": true
                case "\r": index + 1 == text.count || text[index + 1] != "\n"
                case "\n": index == 0 || text[index - 1] != "\r"
                default: false
                }
            }
        }

        /// Expects that ann has each of the messages once, whole, and that bob has none.
        private static func expect(_ contents: [Data], to server: MartletServer) async throws {
            let delivered = try await server.messages(for: "ann", count: contents.count)
            #expect(delivered.count == contents.count)
            for content in contents {
                let body = Data(String(decoding: content, as: UTF8.self).replacing("\r\n.", with: "\r\n").utf8)
                #expect(delivered.contains { $0.suffix(body.count) == body }, "\(Array(content))")
            }
            #expect(try server.messages(for: "bob") == [])
        }
    }
}
