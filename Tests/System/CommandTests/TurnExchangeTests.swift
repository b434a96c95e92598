import Foundation
import MailTesting
import Testing

/// Two Martlets, a customer and its provider, change their roles on one connection. Somebody between them writes down
/// what is said: the customer is A, and the provider is B.
@Suite(.requires("python3", "openssl")) struct TurnExchangeTests {
    /// The two servers and what lies between them.
    private final class Pair {
        let files: TemporaryDirectory
        let certificate: TestCertificate
        let (smtps, odmr, tap): (Int, Int, Int)

        init(isolation: isolated (any Actor)? = #isolation) async throws {
            files = try TemporaryDirectory()
            certificate = try await TestCertificate(for: ["IP:127.0.0.1"], in: files)
            smtps = try LoopbackListener.freePort()
            odmr = try LoopbackListener.freePort()
            tap = try LoopbackListener.freePort()
            try files.write(Data("shop:{PLAIN}täglich Brot\n".utf8), to: "users")
            try files.write(Data("täglich Brot\n".utf8), to: "password")
        }

        var provider: String {
            """
            [listener.smtps]
            address = "127.0.0.1:\(smtps)"
            tls = "implicit"
            auth = "tls"
            [listener.odmr]
            address = "127.0.0.1:\(odmr)"
            protocol = "odmr"
            tls = "off"
            auth = "clear"
            [domain."provider.example"]
            users = ["pat"]
            [route."customer.example"]
            to = "hold"
            [turn.shop]
            domains = ["customer.example"]
            turn = true
            [auth]
            users_file = "\(files.path("users"))"
            [tls]
            certificate = "\(certificate.certificate)"
            key = "\(certificate.key)"
            """
        }

        var customer: String {
            """
            [domain."customer.example"]
            users = ["boss"]
            [route."provider.example"]
            to = "hold"
            [route."pickup.provider.example"]
            to = "smtps://127.0.0.1:\(tap)"
            user = "shop"
            password_file = "\(files.path("password"))"
            [tls]
            roots = "\(certificate.certificate)"
            """
        }

        /// Runs the body while both servers run and each keeps a message for the other.
        func with(
            isolation: isolated (any Actor)? = #isolation, _ body: (MartletServer, MartletServer) async throws -> Void
        ) async throws {
            try await MartletServer.with(configuration: provider) { provider in
                try await MartletServer.with(configuration: customer) { customer in
                    try await submit(provider, from: "pat@provider.example", to: "boss@customer.example")
                    try await submit(customer, from: "boss@customer.example", to: "pat@provider.example")
                    try await body(customer, provider)
                }
            }
        }

        private func submit(
            _ server: MartletServer, from sender: String, to recipient: String,
            isolation: isolated (any Actor)? = #isolation
        ) async throws {
            let client = try RawConnection(port: server.port)
            _ = try await client.reply()
            for line in ["EHLO c", "MAIL FROM:<\(sender)>", "RCPT TO:<\(recipient)>", "DATA"] {
                _ = try await client.ask(line)
            }
            #expect(try await client.ask("Subject: To \(recipient)\r\n\r\nHello.\r\n.").hasPrefix("250"))
            _ = try await eventually("the message's being held") { server.log.contains("event=held") ? true : nil }
        }

        /// Writes down what is said on the one connection that `body` makes to the port `tap`.
        func overhear(
            _ port: Int, encrypted: Bool, isolation: isolated (any Actor)? = #isolation,
            _ body: () async throws -> Void
        ) async throws -> [String] {
            let output = files.path("dialogue")
            let process = try RunningProcess(
                Tool.require("python3"),
                [script("tap.py"), "\(tap)", "\(port)"]
                    + (encrypted ? [certificate.certificate, certificate.key] : []),
                output: output, errors: files.path("tap-errors"))
            let text = { (try? String(contentsOfFile: output, encoding: .utf8)) ?? "" }
            _ = try await eventually("the tap") { text().hasPrefix("ready") ? true : nil }
            try await body()
            #expect(try await process.end() == 0)
            return text().split(separator: "\n").dropFirst().map(String.init)
        }
    }

    /// The subjects of the messages in a mailbox, once there is one.
    private func mailbox(_ server: MartletServer, _ user: String, in domain: String) async throws -> [String] {
        try await eventually("a message for \(user)@\(domain)") {
            let subjects = try server.messages(for: user, in: domain)
                .flatMap { String(decoding: $0, as: UTF8.self).split(whereSeparator: \.isNewline) }
                .filter { $0.hasPrefix("Subject: ") }.map(String.init)
            return subjects.isEmpty ? nil : subjects
        }
    }

    private func expectNothing(of recipient: String, in server: MartletServer) async throws {
        _ = try await eventually("the end of what waits for \(recipient)") {
            let list = try await run(
                MartletServer.program, ["queue", "list", "--to", recipient, "--config", server.configurationPath])
            return list.status == 0 && list.output == "No message fits.\n" ? true : nil
        }
    }

    /// What a person has to know of a dialogue: who says which command, and the codes of the replies that agree to one.
    private func outline(_ lines: [String]) -> [String] {
        let verbs = ["EHLO", "MAIL", "RCPT", "TURN", "ATRN", "QUIT"]
        return lines.compactMap { line in
            let text = line.dropFirst(3)
            if verbs.contains(String(text.prefix(4))) {
                return String(line.prefix { $0 != ">" }) + (line.contains(">") ? ">" : "")
            }
            return text.prefix(4).wholeMatch(of: #/2\d\d /#) == nil ? nil : String(line.prefix(6))
        }
    }

    @Test func `both get their mail over one encrypted connection, by TURN`() async throws {
        let pair = try await Pair()
        try await pair.with { customer, provider in
            let dialogue = try await pair.overhear(pair.smtps, encrypted: true) {
                let result = try await run(
                    MartletServer.program,
                    [
                        "turn", "--turn", "--send", "provider.example", "smtps://127.0.0.1:\(pair.tap)", "--config",
                        customer.configurationPath,
                    ])
                #expect(result.status == 0, "\(result.errors)")
            }
            #expect(
                outline(dialogue) == [
                    "B: 220", "A: EHLO mail.example.org", "B: 250", "B: 235",
                    "A: MAIL FROM:<boss@customer.example>", "A: RCPT TO:<pat@provider.example>", "B: 250", "B: 250",
                    "B: 250",
                    "A: TURN", "B: 250",
                    // From here on the customer is the server.
                    "A: 220", "B: EHLO mail.example.org", "A: 250",
                    "B: MAIL FROM:<pat@provider.example>", "B: RCPT TO:<boss@customer.example>", "A: 250", "A: 250",
                    "A: 250",
                    "B: QUIT", "A: 221",
                ])
            try await provider.expectLog("event=authenticated")
            try await provider.expectLog("event=turned")
            let mail = try await [
                mailbox(customer, "boss", in: "customer.example"), mailbox(provider, "pat", in: "provider.example"),
            ]
            #expect(mail == [["Subject: To boss@customer.example"], ["Subject: To pat@provider.example"]])
            try await expectNothing(of: "pat@provider.example", in: customer)
            try await expectNothing(of: "boss@customer.example", in: provider)
        }
    }

    @Test func `a customer fetches its mail from the provider's listener for that, by ATRN`() async throws {
        let pair = try await Pair()
        try await pair.with { customer, provider in
            let dialogue = try await pair.overhear(pair.odmr, encrypted: false) {
                let result = try await run(
                    MartletServer.program,
                    [
                        "turn", "smtp://shop@127.0.0.1:\(pair.tap)", "customer.example", "--password-file",
                        pair.files.path("password"), "--config", customer.configurationPath,
                    ])
                #expect(result.status == 0, "\(result.errors)")
            }
            #expect(
                outline(dialogue) == [
                    "B: 220", "A: EHLO mail.example.org", "B: 250", "B: 235", "A: ATRN customer.example", "B: 250",
                    "A: 220", "B: EHLO mail.example.org", "A: 250",
                    "B: MAIL FROM:<pat@provider.example>", "B: RCPT TO:<boss@customer.example>", "A: 250", "A: 250",
                    "A: 250",
                    "B: QUIT", "A: 221",
                ])
            let mail = try await mailbox(customer, "boss", in: "customer.example")
            #expect(mail == ["Subject: To boss@customer.example"])
            try await expectNothing(of: "boss@customer.example", in: provider)
            #expect(!customer.log.contains("Brot") && !provider.log.contains("Brot"))
        }
    }
}
