import MailTesting
import Testing

/// What a recipient's domain says in DNS, told at RCPT by the built server.
@Suite(.requires("nsd")) struct RecipientDomainTests {
    @Test func `a domain that takes no mail, or is none, is refused; one that DNS has trouble with, for now`()
        async throws
    {
        let zones = ["example.net": "null MX 0 .\nmail A 192.0.2.1", "broken.example": String?.none]
        try await NameServerProcess.with(zones: zones) { names in
            let configuration = """
                [dns]
                servers = ["127.0.0.1:\(names.port)"]
                check_recipients = true
                [route.default]
                to = "mx"
                [route."held.example"]
                to = "hold"
                """
            try await MartletServer.with(configuration: configuration) { server in
                let client = try RawConnection(port: server.port)
                _ = try await client.reply()
                _ = try await client.ask("EHLO client.example.net")
                _ = try await client.ask("MAIL FROM:<ann@example.org>")
                for (domain, reply) in [
                    ("null.example.net", "556 5.1.10 The domain takes no mail"),
                    ("none.example.net", "550 5.1.2 There is no such domain"),
                    ("mail.example.net", "250 2.1.5 Recipient accepted"),
                    ("broken.example", "451 4.4.3 DNS does not tell about the domain now; try again later"),
                    ("held.example", "250 2.1.5 Recipient accepted"),
                ] {
                    #expect(try await client.ask("RCPT TO:<someone@\(domain)>") == reply)
                }
            }
        }
    }
}
