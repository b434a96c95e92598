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
                case .ask(let question): .wrong(user: question.user)
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
        defaultDomain: Domain? = nil,
        _ body: @Sendable (ReceptionServer, RawConnection) async throws -> Void
    ) async throws {
        let server = try await ReceptionServer(
            isTrusted: isTrusted, authentication: users, isSubmission: isSubmission, offersInClear: offersInClear,
            defaultDomain: defaultDomain)
        try await body(server, try await server.connect())
        await server.stop()
    }

    private static let ann = "AUTH PLAIN " + SASLBase64.encode(Array("\0ann@example.org\0secret".utf8))
    private static let wrong = "AUTH PLAIN " + SASLBase64.encode(Array("\0ann@example.org\0guess".utf8))

    @Test func `whoever logs in may relay, and the trace and the log say so`() async throws {
        try await with { server, client in
            try await client.expect("MAIL FROM:<ann@example.org>", "250")
            try await client.expect("RCPT TO:<you@example.net>", "550 5.7.1 Relaying denied")
            _ = try await client.ask("RSET")
            try await client.expect(Self.ann, "235 2.7.0 ")
            for command in ["MAIL FROM:<ann@example.org>", "RCPT TO:<you@example.net>"] {
                try await client.expect(command, "250")
            }
            _ = try await client.ask("DATA")
            try await client.expect("Subject: Hello\r\n\r\nHello.\r\n.", "250")
            #expect(server.sink.stored.last?.text.contains(" with ESMTPA id ") == true)
            #expect(server.events.contains { $0.user == "ann@example.org" })
            try await client.expect("VRFY ann", "250")
        }
    }

    @Test func `a user cannot log in twice, nor within a transaction`() async throws {
        try await with { _, client in
            _ = try await client.ask("MAIL FROM:<ann@example.org>")
            try await client.expect(Self.ann, "503 5.5.1")
            _ = try await client.ask("RSET")
            _ = try await client.ask(Self.ann)
            try await client.expect(Self.ann, "503 5.5.1")
        }
    }

    @Test func `the third failure ends the session`() async throws {
        try await with { _, client in
            for _ in 1...2 { try await client.expect(Self.wrong, "535 5.7.8") }
            try await client.expect(Self.wrong, "421 4.7.0")
        }
    }

    @Test func `the log hears who somebody said to be, and only where a name was read`() async throws {
        try await with { server, client in
            try await client.expect("AUTH PLAIN abc", "501 5.5.2")
            try await client.expect(Self.wrong, "535 5.7.8")
            try await client.expect("AUTH PLAIN abc", "501 5.5.2")
            let tried = server.events.filter { if case .refused = $0.kind { true } else { false } }.map(\.triedUser)
            #expect(tried == [nil, "ann@example.org", nil])
            #expect(server.events.allSatisfy { $0.user == nil }, "nobody has logged in")
        }
    }

    @Test func `the edges of the exchange have replies of their own`() async throws {
        try await with { _, client in
            try await client.expect("AUTH KERBEROS_V4", "504 5.5.4")
            try await client.expect("AUTH CRAM-MD5", "534 5.7.9")
            try await client.expect("AUTH PLAIN =", "501 5.5.2")
            try await client.expect("AUTH PLAIN abc", "501 5.5.2")
            let empty = try await client.ask("AUTH PLAIN")
            #expect(empty == "334 ")
            try await client.expect("*", "501 5.7.0")
            try await client.expect("AUTH LOGIN", "334 VXNlcm5hbWU6")
            try await client.expect("YW5uQGV4YW1wbGUub3Jn", "334 UGFzc3dvcmQ6")
            try await client.expect("c2VjcmV0", "235")
        }
    }

    @Test func `in clear nothing is offered or evaluated where that is not meant`() async throws {
        try await with(offersInClear: false) { _, client in
            let hello = try await client.ask("EHLO c")
            #expect(!hello.contains("AUTH"))
            try await client.expect(Self.ann, "538 5.7.11")
        }
    }

    @Test func `who has guessed too often is not heard for now, and told so late`() async throws {
        try await with(Users(isHeard: false)) { _, client in
            let asked = ContinuousClock.now
            try await client.expect(Self.ann, "454 4.7.0")
            #expect(asked.duration(to: .now) > .seconds(4))
        }
    }

    @Test func `submission wants a user, who names an own address and sends so much`() async throws {
        try await with(isSubmission: true, isTrusted: true) { _, client in
            try await client.expect("MAIL FROM:<ann@example.org>", "530 5.7.0")
            _ = try await client.ask(Self.ann)
            try await client.expect("MAIL FROM:<bob@example.org>", "553 5.7.1")
            try await client.expect("MAIL FROM:<ann@example.org>", "250")
        }
        try await with(Users(hasRoom: false), isSubmission: true) { _, client in
            _ = try await client.ask(Self.ann)
            _ = try await client.ask("MAIL FROM:<ann@example.org>")
            try await client.expect("RCPT TO:<bob@example.org>", "450 4.7.1")
        }
    }

    @Test func `names alone that a user writes are in the default domain, in the envelope and in the header`()
        async throws
    {
        try await with(isSubmission: true, defaultDomain: try Domain("example.org")) { server, client in
            _ = try await client.ask(Self.ann)
            try await client.expect("MAIL FROM:<bob>", "553 5.7.1")
            try await client.expect("MAIL FROM:<ann>", "250")
            try await client.expect("RCPT TO:<bob>", "250")
            _ = try await client.ask("DATA")
            try await client.expect("From: Ann <ann>\r\nTo: bob, you@example.net\r\n\r\nHello\r\n.", "250")
            let stored = try #require(server.sink.stored.last)
            #expect(stored.text.contains("From: Ann <ann@example.org>\r\nTo: bob@example.org, you@example.net\r\n"))
            #expect(stored.envelope.reversePath.description == "<ann@example.org>")
            #expect(stored.envelope.recipients.map(\.address.description) == ["bob@example.org"])
        }
    }

    @Test func `the header of what a user submits is completed, and says nothing of Bcc`() async throws {
        try await with(isSubmission: true) { server, client in
            _ = try await client.ask(Self.ann)
            for content in ["To: bob@example.org\r\nBcc: carl@example.org\r\n\r\n..Hello\r\n.", "Subject: only\r\n."] {
                _ = try await client.ask("MAIL FROM:<ann@example.org>")
                _ = try await client.ask("RCPT TO:<bob@example.org>")
                _ = try await client.ask("DATA")
                try await client.expect(content, "250")
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

extension RawConnection {
    /// Sends a command and expects a reply that begins so.
    fileprivate func expect(
        _ command: String, _ reply: String, sourceLocation: SourceLocation = #_sourceLocation
    ) async throws {
        let answer = try await ask(command)
        #expect(answer.hasPrefix(reply), "\(command)", sourceLocation: sourceLocation)
    }
}
