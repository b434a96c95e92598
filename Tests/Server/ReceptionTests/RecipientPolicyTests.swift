import MailCore
import MailTesting
import QueueCore
import Reception
import Testing

/// Whom a message may be for.
struct RecipientPolicyTests {
    @Test(arguments: [
        ("ann@example.org", "250 2.1.5 Recipient accepted"),
        ("ANN+list@Example.ORG", "250 2.1.5 Recipient accepted"),
        ("both@example.org", "250 2.1.5 Recipient accepted"),
        ("staff@example.org", "250 2.1.5 Recipient accepted"),
        ("anybody@example.com", "250 2.1.5 Recipient accepted"),
        ("Postmaster", "250 2.1.5 Recipient accepted"),
        ("postmaster@example.com", "250 2.1.5 Recipient accepted"),
        ("away@example.org", "251 2.1.5 User not local; will forward to <away@example.net>"),
        ("gone@example.org", "551 5.1.6 User has moved; please try <gone@example.net>"),
        ("nobody@example.org", "550 5.1.1 No such user here"),
        ("someone@example.net", "550 5.7.1 Relaying denied"),
        ("someone@[192.0.2.1]", "550 5.7.1 Relaying denied"),
    ]) func `a stranger reaches users, aliases and lists, and nothing else`(recipient: String, reply: String)
        async throws
    {
        let server = try await ReceptionServer(isTrusted: false)
        let replies = try await server.replies(to: "MAIL FROM:<you@example.net>", "RCPT TO:<\(recipient)>")
        #expect(replies[1] == reply)
        await server.stop()
    }

    @Test func `a trusted peer may send to other systems, as far as a route leads there`() async throws {
        let server = try await ReceptionServer(isTrusted: true) { settings in
            settings.foreignMail = { domain in
                domain == nil ? .refuse(.init(.permanentFailure, 4, 4), text: "No way there") : .take
            }
        }
        let replies = try await server.replies(
            to: "MAIL FROM:<ann@example.org>", "RCPT TO:<someone@example.net>", "RCPT TO:<someone@[192.0.2.1]>")
        #expect(replies[1] == "250 2.1.5 Recipient accepted")
        #expect(replies[2] == "550 5.4.4 No way there")
        await server.stop()
    }

    @Test func `a domain that takes no mail, or is none, is refused before the message comes`() async throws {
        let domains = DomainCheck { domain in
            switch domain.description {
            case "null.example": .nullMX
            case "none.example": .noSuchDomain
            case "broken.example": .unknownNow
            default: nil
            }
        }
        let server = try await ReceptionServer(isTrusted: true, domains: domains) { settings in
            settings.foreignMail = { $0?.description == "unchecked.example" ? .take : .takeIfInDNS }
        }
        let replies = try await server.replies(
            to: "MAIL FROM:<ann@example.org>", "RCPT TO:<a@null.example>", "RCPT TO:<b@none.example>",
            "RCPT TO:<c@example.net>", "RCPT TO:<d@[192.0.2.1]>", "RCPT TO:<ann@example.org>",
            "RCPT TO:<e@unchecked.example>", "RCPT TO:<f@broken.example>", "DATA", "Subject: x\r\n\r\nx\r\n.")
        #expect(replies[1] == "556 5.1.10 The domain takes no mail")
        #expect(replies[2] == "550 5.1.2 There is no such domain")
        #expect(replies[7] == "451 4.4.3 DNS does not tell about the domain now; try again later")
        let accepted = server.sink.stored.first?.envelope.recipients.map(\.address.description)
        #expect(accepted == ["c@example.net", "d@[192.0.2.1]", "ann@example.org", "e@unchecked.example"])
        await server.stop()
    }

    @Test func `no more look-ups are under way at once than are allowed; what comes then is taken unseen`() async throws
    {
        let (begun, begin) = AsyncStream<Void>.makeStream()
        let (goOn, letGoOn) = AsyncStream<Void>.makeStream()
        let domains = DomainCheck(atOnce: 1) { _ in
            begin.yield()
            for await _ in goOn { break }
            return .noSuchDomain
        }
        let server = try await ReceptionServer(isTrusted: true, domains: domains) { settings in
            settings.foreignMail = { _ in .takeIfInDNS }
        }
        let first = try await server.connect()
        _ = try await first.ask("MAIL FROM:<ann@example.org>")
        first.send("RCPT TO:<a@example.net>\r\n")
        for await _ in begun { break }
        let replies = try await server.replies(to: "MAIL FROM:<ann@example.org>", "RCPT TO:<a@example.net>")
        #expect(replies[1] == "250 2.1.5 Recipient accepted")
        letGoOn.yield()
        #expect(try await first.reply() == "550 5.1.2 There is no such domain")
        await server.stop()
    }

    @Test func `the eleventh address that a stranger guesses is the last`() async throws {
        let server = try await ReceptionServer(isTrusted: false)
        let client = try await server.connect()
        _ = try await client.ask("MAIL FROM:<you@example.net>")
        for guess in 1...10 {
            #expect(try await client.ask("RCPT TO:<user\(guess)@example.org>") == "550 5.1.1 No such user here")
        }
        client.send("RCPT TO:<user11@example.org>\r\n")
        #expect(try await client.rest() == "421 4.7.0 mx.example.org Too many unknown recipients; goodbye\r\n")
        #expect(server.sink.discarded == 1)
        await server.stop()
    }

    @Test func `a trusted peer may mistake as many addresses as it likes`() async throws {
        let server = try await ReceptionServer(isTrusted: true)
        let client = try await server.connect()
        _ = try await client.ask("MAIL FROM:<ann@example.org>")
        for guess in 1...15 {
            #expect(try await client.ask("RCPT TO:<user\(guess)@example.org>") == "550 5.1.1 No such user here")
        }
        await server.stop()
    }

    @Test func `from the second guess on a stranger waits for the answer`() async throws {
        let server = try await ReceptionServer(isTrusted: false) { $0.unknownRecipientPause = .milliseconds(200) }
        let client = try await server.connect()
        _ = try await client.ask("MAIL FROM:<you@example.net>")
        let begin = ContinuousClock.now
        _ = try await client.ask("RCPT TO:<one@example.org>")
        _ = try await client.ask("RCPT TO:<two@example.org>")
        #expect(ContinuousClock.now - begin >= .milliseconds(200))
        await server.stop()
    }
}
