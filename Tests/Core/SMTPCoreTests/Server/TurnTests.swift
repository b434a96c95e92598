import MailCore
import NIOCore
import SMTPCore
import Testing

/// TURN, ATRN, ETRN and XCLIENT on the bare machine.
struct TurnTests {
    /// What the machine says and does; those who may are asked, and everything is accepted.
    private func events(
        _ input: String, tls: Bool = true, privileges: SMTPServerPrivileges = [.startQueue],
        change: (inout SMTPServerConfiguration) -> Void = { _ in },
        verdict: (SMTPServerQuestion) -> SMTPServerVerdict? = { _ in nil }
    ) -> [String] {
        var configuration = SMTPServerConfiguration(hostname: "mail.example.org")
        configuration.mechanisms = ["PLAIN"]
        configuration.authenticatesInClear = true
        change(&configuration)
        var machine = SMTPServerMachine(configuration: configuration, beginsWithTLS: tls)
        if tls { machine.tlsEstablished() }
        machine.receive(ByteBuffer(string: input))
        var events: [String] = []
        while let action = machine.next() {
            switch action {
            case .reply(let reply): events.append("\(reply.code)")
            case .handOver: events.append("handed over")
            case .close: events.append("closed")
            case .ask(let question):
                machine.answer(verdict(question) ?? question.verdict(privileges))
            default: break
            }
        }
        return events
    }

    private static let auth = "EHLO c\r\nAUTH PLAIN AGFubg==\r\n"

    @Test func `TURN is for who has authenticated over TLS and is named for it, and for nobody else`() {
        let may: SMTPServerPrivileges = [.turn]
        #expect(events(Self.auth + "TURN\r\n", privileges: may) == ["220", "250", "235", "250", "handed over"])
        #expect(events(Self.auth + "TURN\r\n") == ["220", "250", "235", "502"])
        #expect(events(Self.auth + "TURN\r\n", tls: false, privileges: may) == ["220", "250", "235", "502"])
        #expect(events("EHLO c\r\nTURN\r\n", privileges: may) == ["220", "250", "502"])
    }

    @Test func `ATRN has a listener of its own, which takes no mail and wants to know who asks`() {
        let odmr: (inout SMTPServerConfiguration) -> Void = { $0.isOnDemandRelay = true }
        #expect(events(Self.auth + "ATRN example.org\r\n", change: odmr).suffix(2) == ["250", "handed over"])
        #expect(events("EHLO c\r\nATRN\r\n", change: odmr).last == "530")
        #expect(events("EHLO c\r\nMAIL FROM:<>\r\n", change: odmr).last == "502")
        #expect(events(Self.auth + "ATRN\r\n").last == "502")
    }

    @Test func `what is not allowed changes nothing, and the session goes on`() {
        let replies = events(
            Self.auth + "ATRN\r\nNOOP\r\n", change: { $0.isOnDemandRelay = true },
            verdict: { question in
                guard case .turn = question else { return nil }
                return .refuse(SMTPReply(453, .init(.persistentTransientFailure, 2, 0), "You have no mail"))
            })
        #expect(replies.suffix(2) == ["453", "250"])
    }

    @Test func `what was sent behind TURN is no command of the new server's`() {
        let replies = events(Self.auth + "TURN\r\nMAIL FROM:<>\r\n", privileges: [.turn])
        #expect(replies.last == "handed over")
    }

    @Test func `ETRN is answered by whoever knows the queue`() throws {
        let found = SMTPReply(253, .init(.success, 0, 0), "3 pending messages for node example.net started")
        let domain = try Domain("example.net")
        let replies = events(
            "EHLO c\r\nETRN example.net\r\n",
            verdict: { $0 == .startQueue(.domain(domain)) ? .accept(found) : nil })
        #expect(replies.last == "253")
        #expect(events("EHLO c\r\nETRN example.net\r\n", privileges: []).last == "502")
    }

    @Test func `after XCLIENT the session begins anew, as another client's`() {
        let privileges: SMTPServerPrivileges = [.clientAttributes]
        let input = "EHLO c\r\nXCLIENT ADDR=192.0.2.1\r\nMAIL FROM:<>\r\nEHLO d\r\nMAIL FROM:<>\r\nXCLIENT NAME=x\r\n"
        #expect(
            events(input, privileges: privileges) == ["220", "250", "220", "503", "250", "250", "503"])
        #expect(events("EHLO c\r\nXCLIENT ADDR=192.0.2.1\r\n", privileges: []).last == "550")
    }

    @Test func `who XCLIENT says has logged in counts as authenticated`() {
        let input = "EHLO c\r\nXCLIENT LOGIN=ann\r\nEHLO d\r\nATRN\r\n"
        let replies = events(input, privileges: [.clientAttributes], change: { $0.isOnDemandRelay = true })
        #expect(replies.suffix(2) == ["250", "handed over"])
    }

    @Test func `EHLO and HELP tell what works, and to whom`() {
        var configuration = SMTPServerConfiguration(hostname: "mail.example.org")
        configuration.isOnDemandRelay = true
        var machine = SMTPServerMachine(configuration: configuration)
        machine.receive(ByteBuffer(string: "EHLO c\r\nHELP\r\n"))
        var lines: [String] = []
        while let action = machine.next() {
            if case .reply(let reply) = action { lines += reply.lines }
            if case .ask(let question) = action { machine.answer(question.verdict([.startQueue, .clientAttributes])) }
        }
        #expect(lines.contains("ATRN") && lines.contains("ETRN") && !lines.contains("SEND"))
        #expect(lines.contains("XCLIENT NAME ADDR PORT PROTO HELO LOGIN DESTADDR DESTPORT"))
        let ofMail = ["SIZE", "8BITMIME", "SMTPUTF8", "CHUNKING", "BINARYMIME", "DSN", "LIMITS", "REQUIRETLS"]
        #expect(!lines.contains { line in ofMail.contains { line.hasPrefix($0) } }, "MAIL is not for this listener")
        #expect(lines.contains("HELO EHLO RSET NOOP QUIT HELP VRFY ETRN ATRN XCLIENT"))
    }
}

extension SMTPServerQuestion {
    fileprivate func verdict(_ privileges: SMTPServerPrivileges) -> SMTPServerVerdict {
        switch self {
        case .greeting: .welcome(privileges)
        case .authenticate: .authenticated(identity: "ann")
        default: .accept()
        }
    }
}
