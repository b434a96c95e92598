import MailCore
import MailSASL
import SMTPCore
import Testing

/// A client that logs in (RFC 4954).
struct AuthenticationTests {
    private func dialogue(
        inClear: Bool = true, _ credentials: SASLCredentials = .password(user: "user", password: "pencil")
    ) throws -> Dialogue {
        try Dialogue(
            authentication: SMTPClientAuthentication(
                credentials, nonce: "rOprNGfwEbeRWgbNEkqO", mayShowSecretInClear: inClear))
    }

    private func base64(_ text: String) -> String { SASLBase64.encode(Array(text.utf8)) }

    @Test func `PLAIN goes with the command, and is shown to nobody`() throws {
        var dialogue = try dialogue()
        dialogue.open("AUTH PLAIN LOGIN")
        #expect(dialogue.sent.hasSuffix("AUTH PLAIN \(base64("\0user\0pencil"))\r\n"))
        #expect(
            dialogue.actions.contains {
                if case .sendSecret(_, let shown) = $0 { shown == "AUTH PLAIN [secret]" } else { false }
            })
        #expect(dialogue.extensions == nil)
        dialogue.server("235 2.7.0 ok\r\n")
        #expect(dialogue.extensions != nil)
        #expect(dialogue.machine.isAuthenticated)
        let replied = dialogue.actions.map { "\($0)" }.joined()
        #expect(
            !replied.contains(base64("\0user\0pencil"))
                || !replied.contains("command: \"AUTH PLAIN \(base64("\0user"))"))
    }

    @Test func `the strongest mechanism is taken, and the server has to prove itself`() throws {
        var dialogue = try dialogue()
        dialogue.open("AUTH PLAIN SCRAM-SHA-256 LOGIN")
        #expect(dialogue.sent.hasSuffix("AUTH SCRAM-SHA-256 \(base64("n,,n=user,r=rOprNGfwEbeRWgbNEkqO"))\r\n"))
        let answer = dialogue.server(
            "334 \(base64("r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096"))\r\n"
        )
        #expect(
            answer
                == base64(
                    "c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,"
                        + "p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=") + "\r\n")
        #expect(dialogue.server("334 \(base64("v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4="))\r\n") == "\r\n")
        dialogue.server("235 2.7.0 ok\r\n")
        #expect(dialogue.machine.isAuthenticated)
    }

    @Test func `a server that believes a client before it has proved itself is not believed`() throws {
        var dialogue = try dialogue()
        dialogue.open("AUTH SCRAM-SHA-256")
        dialogue.server("235 2.7.0 come in\r\n")
        #expect(dialogue.failures.first?.stage == .auth)
        #expect(dialogue.isClosed)
    }

    @Test func `in clear nothing shows the password, and the session ends before it is sent`() throws {
        var dialogue = try dialogue(inClear: false)
        dialogue.open("AUTH PLAIN LOGIN")
        #expect(dialogue.sent.hasSuffix("\r\nQUIT\r\n") && !dialogue.sent.contains("AUTH"))
        #expect(dialogue.failures.first?.description.contains("not encrypted") == true)
        #expect(dialogue.failures.first?.stage == .auth)
    }

    @Test func `without AUTH there is no session`() throws {
        var dialogue = try dialogue()
        dialogue.open("SIZE")
        #expect(dialogue.failures.map(\.description) == ["authentication: the server does not offer AUTH"])
    }

    @Test func `a mechanism that the server does not want after all makes room for the next`() throws {
        var dialogue = try dialogue()
        dialogue.open("AUTH SCRAM-SHA-256 PLAIN")
        let next = dialogue.server("432 4.7.12 A password transition is needed\r\n")
        #expect(next.hasPrefix("AUTH PLAIN "))
    }

    @Test func `a wrong password ends the session and defers the message`() throws {
        var dialogue = try dialogue()
        _ = try dialogue.begin("bob")
        dialogue.open("AUTH PLAIN")
        dialogue.server("535 5.7.8 no\r\n")
        #expect(dialogue.outcomes == [.deferred])
        #expect(dialogue.statuses == ["4.7.8"])
        #expect(
            dialogue.failures == [
                SessionFailure(stage: .auth, reason: .authentication("535 5.7.8 no", isPermanent: true))
            ])
    }

    @Test func `LOGIN answers the prompts whatever they say`() throws {
        var dialogue = try dialogue()
        dialogue.open("AUTH LOGIN")
        #expect(dialogue.sent.hasSuffix("AUTH LOGIN\r\n"))
        #expect(dialogue.server("334 VXNlcm5hbWU6\r\n") == base64("user") + "\r\n")
        #expect(dialogue.server("334 UGFzc3dvcmQ6\r\n") == base64("pencil") + "\r\n")
        dialogue.server("235 2.7.0 ok\r\n")
        #expect(dialogue.machine.isAuthenticated)
    }

    @Test func `a challenge that is no base64 cancels the exchange`() throws {
        var dialogue = try dialogue()
        dialogue.open("AUTH LOGIN")
        #expect(dialogue.server("334 User name please\r\n").hasPrefix("*\r\n"))
        #expect(dialogue.failures.first?.stage == .auth)
    }
}
