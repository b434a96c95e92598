import MailCore
import NIOCore
import SMTPCore
import Testing

struct AuthenticationTests {
    /// Runs a machine that offers LOGIN and PLAIN; LOGIN challenges once, `AGFubg==` is right.
    private func codes(_ input: String, inClear: Bool = true) -> [Int] {
        var configuration = SMTPServerConfiguration(hostname: "mail.example.org")
        configuration.mechanisms = ["PLAIN", "LOGIN"]
        configuration.authenticatesInClear = inClear
        var machine = SMTPServerMachine(configuration: configuration)
        machine.receive(ByteBuffer(string: "EHLO c\r\n" + input))
        var codes: [Int] = []
        while let action = machine.next() {
            if case .reply(let reply) = action { codes.append(reply.code) }
            guard case .ask(let question) = action else { continue }
            switch question {
            case .authenticate(let command): machine.answer(verdict(command.initialResponse))
            case .authenticationResponse(let response): machine.answer(verdict(response))
            default: machine.answer(.accept())
            }
        }
        return Array(codes.dropFirst(2))
    }

    @Test func `who has logged in is not offered AUTH again, by EHLO and by HELP`() {
        var configuration = SMTPServerConfiguration(hostname: "mail.example.org")
        configuration.mechanisms = ["PLAIN"]
        configuration.authenticatesInClear = true
        var machine = SMTPServerMachine(configuration: configuration)
        machine.receive(ByteBuffer(string: "EHLO c\r\nHELP\r\nAUTH PLAIN AGFubg==\r\nEHLO c\r\nHELP\r\n"))
        var replies: [SMTPReply] = []
        while let action = machine.next() {
            switch action {
            case .reply(let reply): replies.append(reply)
            case .ask(.authenticate): machine.answer(.authenticated(identity: "ann"))
            case .ask: machine.answer(.accept())
            default: break
            }
        }
        let offers = replies.map { $0.lines.contains { $0.split(separator: " ").contains("AUTH") } }
        #expect(offers == [false, true, true, false, false, false])
    }

    private func verdict(_ response: String?) -> SMTPServerVerdict {
        guard let response else { return .challenge("VXNlcm5hbWU6") }
        if response == "AGFubg==" { return .authenticated(identity: "ann") }
        return .refuse(SMTPReply(535, .init(.permanentFailure, 7, 8), "Wrong"))
    }

    @Test(arguments: [
        ("AUTH PLAIN AGFubg==\r\n", [235]), ("auth plain\r\nAGFubg==\r\n", [334, 235]),
        ("AUTH LOGIN\r\nQUJD\r\nNOOP\r\n", [334, 535, 250]), ("AUTH LOGIN\r\n*\r\nNOOP\r\n", [334, 501, 250]),
        ("AUTH LOGIN\r\nno base64!\r\nNOOP\r\n", [334, 501, 250]), ("AUTH PLAIN no-base64\r\n", [501]),
        ("AUTH KERBEROS_V4\r\n", [504]), ("AUTH CRAM-MD5\r\n", [534]),
        ("AUTH PLAIN AGFubg==\r\nAUTH PLAIN AGFubg==\r\n", [235, 503]),
        ("MAIL FROM:<>\r\nAUTH PLAIN AGFubg==\r\n", [250, 503]), ("HELO c\r\nAUTH PLAIN AGFubg==\r\n", [250, 503]),
        ("AUTH LOGIN\r\nQUJD\nRSET\r\nNOOP\r\n", [334, 500, 250]),
    ])
    func `AUTH is a dialogue of its own`(input: String, expected: [Int]) {
        #expect(codes(input) == expected)
    }

    @Test func `a long response fits, one over 12,288 octets does not and ends AUTH`() {
        let long = String(repeating: "A", count: 12_288 - 2)
        #expect(codes("AUTH LOGIN\r\n\(long)\r\n") == [334, 535])
        #expect(codes("AUTH LOGIN\r\n\(long)A\r\nNOOP\r\n") == [334, 500, 250])
        #expect(codes("AUTH PLAIN \(long.dropFirst(11))\r\n") == [535])
        #expect(codes("AUTH PLAIN \(long.dropFirst(10))\r\n") == [500])
    }

    @Test func `a line of AUTH that is too long has a code of its own`() {
        var machine = SMTPServerMachine(configuration: SMTPServerConfiguration(hostname: "mail.example.org"))
        let long = String(repeating: "A", count: 12_288)
        machine.receive(ByteBuffer(string: "AUTH PLAIN \(long)\r\nNOOP \(long)\r\n"))
        var replies: [String] = []
        while let action = machine.next() {
            if case .reply(let reply) = action { replies.append(String(reply.description.prefix(9))) }
            if case .ask = action { machine.answer(.accept()) }
        }
        // RFC 4954 §4
        #expect(replies.dropFirst() == ["500 5.5.6", "500 5.5.2"])
    }

    @Test(arguments: [true, false])
    func `EXTERNAL is for whom TLS has made known`(clientIsKnown: Bool) {
        var configuration = SMTPServerConfiguration(hostname: "mail.example.org")
        configuration.mechanisms = ["EXTERNAL", "PLAIN"]
        var machine = SMTPServerMachine(configuration: configuration, beginsWithTLS: true)
        machine.tlsEstablished(clientIsKnown: clientIsKnown)
        machine.receive(ByteBuffer(string: "EHLO c\r\nAUTH EXTERNAL =\r\n"))
        var (offer, codes): (String?, [Int]) = (nil, [])
        while let action = machine.next() {
            switch action {
            case .reply(let reply):
                codes.append(reply.code)
                offer = offer ?? reply.lines.first { $0.hasPrefix("AUTH ") }
            case .ask(.authenticate): machine.answer(.authenticated(identity: "ann"))
            case .ask: machine.answer(.accept())
            default: break
            }
        }
        #expect(offer == (clientIsKnown ? "AUTH EXTERNAL PLAIN" : "AUTH PLAIN"))
        #expect(codes.last == (clientIsKnown ? 235 : 504))
    }

    @Test func `no password travels in clear, unless the listener is meant for it`() {
        #expect(codes("AUTH PLAIN AGFubg==\r\n", inClear: false) == [538])
    }
}
