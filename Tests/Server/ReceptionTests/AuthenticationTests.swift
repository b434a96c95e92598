import MailCore
import MailSASL
import MailTesting
import Reception
import SMTPCore
import Testing

/// AUTH in a session, with users who know one password.
struct AuthenticationTests {
    /// Everybody's password is `secret`.
    private struct Users: AuthenticationService {
        private actor Exchange: AuthenticationExchange {
            private var server: SASLServer

            init(_ mechanism: SASLMechanism) {
                server = SASLServer(mechanism, nonce: "abc", host: "mx.example.org")
            }

            func respond(to response: [UInt8]?) async -> AuthenticationStep {
                switch server.respond(to: response) {
                case .challenge(let challenge): .challenge(challenge)
                case .ask(.password(let user, "secret")): .authenticated(user: user)
                case .ask: .wrong
                case .succeeded(let user): .authenticated(user: user)
                case .failed: .malformed
                }
            }
        }

        var isHeard = true
        var hasRoom = true

        func begin(_ mechanism: String, for peer: AuthenticatingPeer) -> (any AuthenticationExchange)? {
            isHeard ? SASLMechanism(rawValue: mechanism).map(Exchange.init) : nil
        }

        func mayUser(_ user: String, sendAs sender: EmailAddress) -> Bool { "\(sender)" == user }
        func count(recipientOf user: String) -> Bool { hasRoom }
    }

    private func with(
        _ users: Users = Users(), isSubmission: Bool = false, isTrusted: Bool = false, offersInClear: Bool = true,
        isolation: isolated (any Actor)? = #isolation, _ body: (ReceptionServer, RawConnection) async throws -> Void
    ) async throws {
        let server = try await ReceptionServer(
            isTrusted: isTrusted, authentication: users, isSubmission: isSubmission, offersInClear: offersInClear)
        try await body(server, server.connect())
        await server.stop()
    }

    private static let ann = "AUTH PLAIN " + SASLBase64.encode(Array("\0ann@example.org\0secret".utf8))
    private static let wrong = "AUTH PLAIN " + SASLBase64.encode(Array("\0ann@example.org\0guess".utf8))

    @Test func `whoever logs in may relay, and the trace and the log say so`() async throws {
        try await with { server, client in
            #expect(try await client.ask("MAIL FROM:<ann@example.org>").hasPrefix("250"))
            #expect(try await client.ask("RCPT TO:<you@example.net>") == "550 5.7.1 Relaying denied")
            _ = try await client.ask("RSET")
            #expect(try await client.ask(Self.ann).hasPrefix("235 2.7.0 "))
            for command in ["MAIL FROM:<ann@example.org>", "RCPT TO:<you@example.net>"] {
                #expect(try await client.ask(command).hasPrefix("250"))
            }
            _ = try await client.ask("DATA")
            #expect(try await client.ask("Subject: Hello\r\n\r\nHello.\r\n.").hasPrefix("250"))
            #expect(server.sink.stored.last?.text.contains(" with ESMTPA id ") == true)
            #expect(server.events.contains { $0.user == "ann@example.org" })
            #expect(try await client.ask("VRFY ann").hasPrefix("250"))
        }
    }

    @Test func `a user cannot log in twice, nor within a transaction`() async throws {
        try await with { _, client in
            _ = try await client.ask("MAIL FROM:<ann@example.org>")
            #expect(try await client.ask(Self.ann).hasPrefix("503 5.5.1"))
            _ = try await client.ask("RSET")
            _ = try await client.ask(Self.ann)
            #expect(try await client.ask(Self.ann).hasPrefix("503 5.5.1"))
        }
    }

    @Test func `the third failure ends the session`() async throws {
        try await with { _, client in
            for _ in 1...2 { #expect(try await client.ask(Self.wrong).hasPrefix("535 5.7.8")) }
            #expect(try await client.ask(Self.wrong).hasPrefix("421 4.7.0"))
        }
    }

    @Test func `the edges of the exchange have replies of their own`() async throws {
        try await with { _, client in
            #expect(try await client.ask("AUTH KERBEROS_V4").hasPrefix("504 5.5.4"))
            #expect(try await client.ask("AUTH CRAM-MD5").hasPrefix("534 5.7.9"))
            #expect(try await client.ask("AUTH PLAIN =").hasPrefix("501 5.5.2"))
            #expect(try await client.ask("AUTH PLAIN abc").hasPrefix("501 5.5.2"))
            #expect(try await client.ask("AUTH PLAIN") == "334 ")
            #expect(try await client.ask("*").hasPrefix("501 5.7.0"))
            #expect(try await client.ask("AUTH LOGIN") == "334 VXNlcm5hbWU6")
            #expect(try await client.ask("YW5uQGV4YW1wbGUub3Jn") == "334 UGFzc3dvcmQ6")
            #expect(try await client.ask("c2VjcmV0").hasPrefix("235"))
        }
    }

    @Test func `in clear nothing is offered or evaluated where that is not meant`() async throws {
        try await with(offersInClear: false) { _, client in
            #expect(try await !client.ask("EHLO c").contains("AUTH"))
            #expect(try await client.ask(Self.ann).hasPrefix("538 5.7.11"))
        }
    }

    @Test func `who has guessed too often is not heard for now`() async throws {
        try await with(Users(isHeard: false)) { _, client in
            #expect(try await client.ask(Self.ann).hasPrefix("454 4.7.0"))
        }
    }

    @Test func `submission wants a user, who names an own address and sends so much`() async throws {
        try await with(isSubmission: true, isTrusted: true) { _, client in
            #expect(try await client.ask("MAIL FROM:<ann@example.org>").hasPrefix("530 5.7.0"))
            _ = try await client.ask(Self.ann)
            #expect(try await client.ask("MAIL FROM:<bob@example.org>").hasPrefix("553 5.7.1"))
            #expect(try await client.ask("MAIL FROM:<ann@example.org>").hasPrefix("250"))
        }
        try await with(Users(hasRoom: false), isSubmission: true) { _, client in
            _ = try await client.ask(Self.ann)
            _ = try await client.ask("MAIL FROM:<ann@example.org>")
            #expect(try await client.ask("RCPT TO:<bob@example.org>").hasPrefix("450 4.7.1"))
        }
    }

    @Test func `the header of what a user submits is completed, and says nothing of Bcc`() async throws {
        try await with(isSubmission: true) { server, client in
            _ = try await client.ask(Self.ann)
            for content in ["To: bob@example.org\r\nBcc: carl@example.org\r\n\r\n..Hello\r\n.", "Subject: only\r\n."] {
                _ = try await client.ask("MAIL FROM:<ann@example.org>")
                _ = try await client.ask("RCPT TO:<bob@example.org>")
                _ = try await client.ask("DATA")
                #expect(try await client.ask(content).hasPrefix("250"))
                let text = try #require(server.sink.stored.last?.text)
                #expect(text.contains("\r\nDate: ") && text.contains("\r\nMessage-ID: <"))
                #expect(text.contains("From: <ann@example.org>\r\n"))
                #expect(!text.contains("carl"))
            }
            #expect(server.sink.stored.first?.text.hasSuffix("\r\n\r\n.Hello\r\n") == true)
            #expect(server.sink.stored.last?.text.contains("Subject: only\r\n") == true)
        }
    }
}

extension RecordingSink.Stored {
    fileprivate var text: String { prefix + body }
}
