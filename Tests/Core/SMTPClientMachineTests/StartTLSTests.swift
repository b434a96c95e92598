import MailCore
import SMTPCore
import Testing

@Suite struct StartTLSTests {
    private func dialogue(_ encryption: SMTPClientEncryption) throws -> Dialogue {
        try Dialogue(encryption: encryption)
    }

    @Test(arguments: [SMTPClientEncryption.ifOffered, .required])
    func `what the server said in clear is forgotten after the handshake`(_ encryption: SMTPClientEncryption) throws {
        var dialogue = try dialogue(encryption)
        dialogue.open("SIZE 10", "CHUNKING", "STARTTLS")
        #expect(dialogue.sent == "EHLO client.example\r\nSTARTTLS\r\n")
        #expect(dialogue.extensions == nil)
        dialogue.server("220 go\r\n")
        #expect(dialogue.actions.last == .startTLS)
        #expect(dialogue.machine.stage == .startTLS)
        let hello = dialogue.perform { $0.tlsEstablished() }
        #expect(hello == "EHLO client.example\r\n")
        dialogue.server("250-mx.example\r\n250-STARTTLS\r\n250 PIPELINING\r\n")
        #expect(dialogue.extensions?.chunking == false)
        #expect(dialogue.extensions?.largestMessage == nil)
        #expect(dialogue.extensions?.pipelining == true)
        #expect(!dialogue.sent.hasSuffix("STARTTLS\r\n"), "it is not asked for twice")
    }

    @Test func `a message that waits is sent once the session is encrypted, and not before`() throws {
        var dialogue = try dialogue(.required)
        let begun = try dialogue.begin("bob")
        #expect(begun.isEmpty)
        dialogue.open("STARTTLS", "PIPELINING")
        dialogue.server("220 go\r\n")
        #expect(!dialogue.sent.contains("MAIL"))
        dialogue.perform { $0.tlsEstablished() }
        let mail = dialogue.server("250 mx.example\r\n")
        #expect(mail == "MAIL FROM:<ann@client.example>\r\n")
    }

    @Test(arguments: [
        "220 go\r\n250 mx\r\n", "220 go\r\n2", "220 go\r\n\0", "220 go\r\n\r\n",
    ])
    func `octets behind the reply to STARTTLS end the session`(_ reply: String) throws {
        var dialogue = try dialogue(.ifOffered)
        dialogue.open("STARTTLS")
        dialogue.server(reply)
        #expect(!dialogue.actions.contains(.startTLS))
        #expect(dialogue.isClosed)
        guard case .violation = dialogue.failures.first?.reason else { return #expect(Bool(false)) }
        #expect(dialogue.failures.first?.stage == .startTLS)
    }

    @Test func `a reply to STARTTLS that comes before STARTTLS was said ends the session`() throws {
        var dialogue = try dialogue(.ifOffered)
        dialogue.server("220 mx.example\r\n")
        dialogue.server("250-mx.example\r\n250 STARTTLS\r\n220 go\r\n")
        #expect(dialogue.isClosed && !dialogue.sent.contains("STARTTLS"))
    }

    @Test func `octets in clear during the handshake are not heard`() throws {
        var dialogue = try dialogue(.ifOffered)
        dialogue.open("STARTTLS")
        dialogue.server("220 go\r\n")
        dialogue.server("250-mx\r\n250 CHUNKING\r\n")
        dialogue.perform { $0.tlsEstablished() }
        #expect(dialogue.extensions == nil)
    }

    @Test(arguments: ["454 4.7.0 no random numbers\r\n", "500 what?\r\n"])
    func `where encryption is welcome but not needed, a refusal is borne`(_ reply: String) throws {
        var dialogue = try dialogue(.ifOffered)
        dialogue.open("STARTTLS", "SIZE 10")
        dialogue.server(reply)
        #expect(dialogue.extensions?.largestMessage == 10)
        #expect(dialogue.failures == [])
    }

    @Test(arguments: ["454 4.7.0 no random numbers\r\n", "500 what?\r\n"])
    func `where encryption is needed, a refusal ends the session, and its messages come later`(_ reply: String) throws {
        var dialogue = try dialogue(.required)
        _ = try dialogue.begin("bob")
        dialogue.open("STARTTLS")
        dialogue.server(reply)
        #expect(dialogue.outcomes == [.deferred])
        #expect(dialogue.statuses == ["4.7.5"])
        #expect(!dialogue.sent.contains("MAIL"))
    }

    @Test func `where encryption is needed and not offered, nothing is sent`() throws {
        var dialogue = try dialogue(.required)
        _ = try dialogue.begin("bob")
        dialogue.open("SIZE 1000")
        #expect(dialogue.sent == "EHLO client.example\r\nQUIT\r\n")
        #expect(dialogue.statuses == ["4.7.5"])
    }

    @Test func `where encryption is needed, a server of the old kind gets no message`() throws {
        var dialogue = try dialogue(.required)
        dialogue.server("220 mx.example\r\n")
        dialogue.server("502 no\r\n")
        dialogue.server("250 mx.example\r\n")
        #expect(dialogue.failures.first?.reason == .tls("the server does not offer STARTTLS"))
    }

    @Test func `a handshake that fails ends the session`() throws {
        var dialogue = try dialogue(.ifOffered)
        dialogue.open("STARTTLS")
        dialogue.server("220 go\r\n")
        dialogue.perform { $0.tlsFailed("wrong version number") }
        #expect(dialogue.failures == [SessionFailure(stage: .startTLS, reason: .tls("wrong version number"))])
        #expect(dialogue.isClosed)
    }

    @Test func `a message that requires TLS goes to a server that promises it over TLS, and to no other`() throws {
        let options = EnvelopeOptions(requireTLS: true)
        var able = try dialogue(.ifOffered)
        able.open("STARTTLS")
        able.server("220 go\r\n")
        able.perform { $0.tlsEstablished() }
        able.server("250-mx.example\r\n250 REQUIRETLS\r\n")
        let mail = try able.begin("bob", options: options)
        #expect(mail == "MAIL FROM:<ann@client.example> REQUIRETLS\r\n")
        var lying = try dialogue(.never)
        lying.open("REQUIRETLS")
        _ = try lying.begin("bob", options: options)
        #expect(lying.statuses == ["5.7.30"] && !lying.sent.contains("MAIL"))
        var unable = try dialogue(.ifOffered)
        unable.open("STARTTLS")
        unable.server("220 go\r\n")
        unable.perform { $0.tlsEstablished() }
        unable.server("250 mx.example\r\n")
        _ = try unable.begin("bob", options: options)
        #expect(unable.outcomes == [.failed] && unable.statuses == ["5.7.30"])
    }

    @Test func `implicit TLS comes before the greeting`() throws {
        var dialogue = try dialogue(.implicit)
        dialogue.perform { _ in }
        #expect(dialogue.actions == [.startTLS])
        let said = dialogue.perform { $0.tlsEstablished() }
        #expect(said.isEmpty)
        dialogue.open("STARTTLS", "SIZE 10")
        #expect(dialogue.sent == "EHLO client.example\r\n")
        #expect(dialogue.extensions?.largestMessage == 10)
    }
}
