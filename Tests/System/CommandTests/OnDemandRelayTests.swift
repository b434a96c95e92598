import Foundation
import MailTesting
import Testing

/// ATRN on the built server, which keeps mail for a customer (RFC 2645). The customer is played by hand, and a proxy that
/// may say so says who it is.
struct OnDemandRelayTests {
    /// - Parameter route: where mail for `customer.example` goes while nobody comes for it.
    private static func configuration(odmr port: Int, route: String) -> String {
        """
        [listener.odmr]
        address = "127.0.0.1:\(port)"
        protocol = "odmr"
        [route."customer.example"]
        to = "\(route)"
        [turn.customer]
        domains = ["customer.example", "other.example"]
        [turn.another]
        domains = ["another.example"]
        [commands]
        xclient = ["127.0.0.1"]
        """
    }

    /// Runs the body on a server with a second listener for ATRN, that keeps two messages for `customer.example`.
    private func withProvider(_ body: (MartletServer, Int) async throws -> Void) async throws {
        let port = try LoopbackListener.freePort()
        try await MartletServer.with(
            configuration: Self.configuration(odmr: port, route: "hold")
        ) { server in
            let client = try RawConnection(port: server.port)
            _ = try await client.reply()
            _ = try await client.ask("EHLO sender.example")
            for number in 1...2 {
                _ = try await client.ask("MAIL FROM:<you@example.net>")
                _ = try await client.ask("RCPT TO:<boss@customer.example>")
                _ = try await client.ask("DATA")
                #expect(try await client.ask("Subject: Number \(number)\r\n\r\nHello.\r\n.").hasPrefix("250"))
            }
            _ = try await eventually("the messages' being held") {
                server.log.components(separatedBy: "event=held").count > 2 ? true : nil
            }
            try await body(server, port)
        }
    }

    /// A customer that has said who it is.
    private func customer(_ port: Int, login: String) async throws -> RawConnection {
        let customer = try RawConnection(port: port)
        #expect(try await customer.reply().hasPrefix("220"))
        #expect(try await customer.ask("EHLO proxy.example").contains("ATRN"))
        #expect(try await customer.ask("XCLIENT LOGIN=\(login)").hasPrefix("220"))
        #expect(try await customer.ask("EHLO customer.example").hasPrefix("250"))
        return customer
    }

    @Test func `a customer gets what is kept for it, over the connection that it made`() async throws {
        try await withProvider { server, port in
            let customer = try await customer(port, login: "customer")
            #expect(try await customer.ask("ATRN customer.example").hasPrefix("250 "))
            // From here on the customer is the server.
            #expect(try await customer.ask("220 customer.example ESMTP") == "EHLO mail.example.org")
            customer.send("250 customer.example\r\n")
            var bodies: [String] = []
            for _ in 1...2 {
                #expect(try await customer.line() == "MAIL FROM:<you@example.net>")
                customer.send("250 ok\r\n")
                #expect(try await customer.line() == "RCPT TO:<boss@customer.example>")
                customer.send("250 ok\r\n")
                #expect(try await customer.line() == "DATA")
                customer.send("354 go\r\n")
                bodies.append(try await customer.lines(upTo: "."))
                customer.send("250 kept\r\n")
            }
            #expect(try await customer.line() == "QUIT")
            customer.send("221 bye\r\n")
            #expect(bodies.contains { $0.contains("Subject: Number 1") })
            #expect(bodies.contains { $0.contains("Subject: Number 2") })
            _ = try await eventually("the end of the visit in the log") {
                server.log.contains("event=visit-ended user=customer delivered=2") ? true : nil
            }
            #expect(try await self.customer(port, login: "customer").ask("ATRN") == "453 4.2.0 You have no mail")
        }
    }

    @Test func `what a customer does not take, or is not there to take, is kept`() async throws {
        try await withProvider { server, port in
            let customer = try await customer(port, login: "customer")
            #expect(try await customer.ask("ATRN").hasPrefix("250 "))
            #expect(try await customer.ask("220 customer.example ESMTP").hasPrefix("EHLO"))
            customer.send("250 customer.example\r\n")
            #expect(try await customer.line().hasPrefix("MAIL"))
            customer.close()
            _ = try await eventually("the end of the visit in the log") {
                server.log.contains("event=visit-ended user=customer delivered=0") ? true : nil
            }
            let again = try await eventually("another visit") {
                let customer = try await self.customer(port, login: "customer")
                return try await customer.ask("ATRN").hasPrefix("250 ") ? customer : nil
            }
            again.close()
        }
    }

    @Test func `what a person holds stays held, whoever comes for it`() async throws {
        let port = try LoopbackListener.freePort()
        let closed = try LoopbackListener.freePort()
        try await MartletServer.with(
            configuration: Self.configuration(odmr: port, route: "smtp://127.0.0.1:\(closed)")
        ) { server in
            let client = try RawConnection(port: server.port)
            _ = try await client.reply()
            for line in ["EHLO c", "MAIL FROM:<you@example.net>", "RCPT TO:<boss@customer.example>", "DATA"] {
                _ = try await client.ask(line)
            }
            #expect(try await client.ask("Subject: x\r\n\r\nx\r\n.").hasPrefix("250"))
            _ = try await eventually("the first attempt") { server.log.contains("event=deferred") ? true : nil }
            let result = try await run(
                MartletServer.program,
                ["queue", "hold", "--domain", "customer.example", "--config", server.configurationPath])
            #expect(result.status == 0, "\(result.errors)")
            #expect(try await customer(port, login: "customer").ask("ATRN") == "453 4.2.0 You have no mail")
        }
    }

    @Test func `nobody gets the mail of others, and a listener for ATRN takes none`() async throws {
        try await withProvider { _, port in
            let nobody = try RawConnection(port: port)
            _ = try await nobody.reply()
            _ = try await nobody.ask("EHLO c")
            #expect(try await nobody.ask("ATRN customer.example").hasPrefix("530 5.7.0"))
            #expect(try await nobody.ask("MAIL FROM:<>").hasPrefix("502 5.5.1"))
            let another = try await customer(port, login: "another")
            #expect(try await another.ask("ATRN customer.example") == "450 4.7.1 That is not your mail")
            #expect(try await another.ask("ATRN") == "453 4.2.0 You have no mail")
            #expect(try await customer(port, login: "stranger").ask("ATRN") == "450 4.7.1 No mail is kept for you")
        }
    }
}
