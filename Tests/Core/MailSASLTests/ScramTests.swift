import MailSASL
import Testing

@Suite("SCRAM (RFC 5802, RFC 7677)")
struct ScramTests {
    static let nonce = "rOprNGfwEbeRWgbNEkqO"

    /// Carries an exchange out to its end and gives what was said, the client's first.
    private func converse(
        _ mechanism: SASLMechanism, password: String = "pencil", keys: ScramKeys, clientNonce: String,
        serverNonce: String, clientBinding: SASLChannelBinding? = nil, serverBinding: SASLChannelBinding? = nil,
        offered: Set<SASLMechanism>
    ) throws -> (said: [String], end: SASLServerStep) {
        var client = SASLClient(
            mechanism, .password(user: "user", password: password), offered: offered, nonce: clientNonce,
            channelBinding: clientBinding)
        var server = SASLServer(mechanism, nonce: serverNonce, host: "mx", channelBinding: serverBinding)
        var said: [String] = []
        var response = client.initialResponse()
        while true {
            said.append(String(decoding: response ?? [], as: UTF8.self))
            var step = server.respond(to: response)
            if case .ask = step { step = server.answer(.keys(keys, user: "user")) }
            guard case .challenge(let challenge) = step else { return (said, step) }
            said.append(String(decoding: challenge, as: UTF8.self))
            response = try client.respond(to: challenge)
        }
    }

    private func keys(_ hash: ScramHash, salt: String) throws -> ScramKeys {
        ScramKeys(password: "pencil", hash: hash, salt: try #require(SASLBase64.decode(salt)), iterations: 4_096)
    }

    @Test("says what the example of RFC 7677 says")
    func exampleOfRFC7677() throws {
        let (said, end) = try converse(
            .scramSHA256, keys: keys(.sha256, salt: "W22ZaJ0SNY7soEsUEjb6gQ=="), clientNonce: Self.nonce,
            serverNonce: "%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0", offered: [.scramSHA256])
        #expect(end == .succeeded(user: "user"))
        #expect(
            said == [
                "n,,n=user,r=rOprNGfwEbeRWgbNEkqO",
                "r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096",
                "c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,"
                    + "p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=",
                "v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=",
                "",
            ])
    }

    @Test("says what the example of RFC 5802 says")
    func exampleOfRFC5802() throws {
        let (said, end) = try converse(
            .scramSHA1, keys: keys(.sha1, salt: "QSXCR+Q6sek8bf92"), clientNonce: "fyko+d2lbbFgONRv9qkxdawL",
            serverNonce: "3rfcNHYJY1ZVvWVs7j", offered: [.scramSHA1])
        #expect(end == .succeeded(user: "user"))
        #expect(
            said.dropFirst(2) == [
                "c=biws,r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j,p=v0X8v3Bz2T0CJGbJQyF0X+HI4Ts=",
                "v=rmF9pqV8S7suAoZWja4dJRkFsKQ=", "",
            ])
    }

    @Test("with -PLUS both ends must see the same certificate")
    func channelBinding() throws {
        let keys = try keys(.sha256, salt: "W22ZaJ0SNY7soEsUEjb6gQ==")
        let mine = SASLChannelBinding(octets: [1, 2, 3])
        let offered: Set = [SASLMechanism.scramSHA256, .scramSHA256Plus]
        let bound = try converse(
            .scramSHA256Plus, keys: keys, clientNonce: "abc", serverNonce: "def", clientBinding: mine,
            serverBinding: mine, offered: offered)
        #expect(bound.end == .succeeded(user: "user"))
        #expect(bound.said.first?.hasPrefix("p=tls-server-end-point,,") == true)
        let between = try converse(
            .scramSHA256Plus, keys: keys, clientNonce: "abc", serverNonce: "def",
            clientBinding: SASLChannelBinding(octets: [9]), serverBinding: mine, offered: offered)
        #expect(between.end == .failed(.wrong))
    }

    @Test("a client that was not shown -PLUS says so, and a server that offers it refuses")
    func downgrade() throws {
        let binding = SASLChannelBinding(octets: [1])
        let keys = try keys(.sha256, salt: "W22ZaJ0SNY7soEsUEjb6gQ==")
        let (said, end) = try converse(
            .scramSHA256, keys: keys, clientNonce: "abc", serverNonce: "def", clientBinding: binding,
            serverBinding: binding, offered: [.scramSHA256])
        #expect(said[0].hasPrefix("y,,"))
        #expect(end == .failed(.wrong))
    }

    @Test("a wrong password is wrong")
    func wrongPassword() throws {
        let (_, end) = try converse(
            .scramSHA256, password: "pen", keys: keys(.sha256, salt: "W22ZaJ0SNY7soEsUEjb6gQ=="), clientNonce: "a",
            serverNonce: "b", offered: [.scramSHA256])
        #expect(end == .failed(.wrong))
    }

    @Test(
        "a client does not believe servers that want too little or too much, or know another nonce",
        arguments: [
            "r=abcd,s=QSXCR+Q6sek8bf92,i=1", "r=abcd,s=QSXCR+Q6sek8bf92,i=2147483648",
            "r=xbcd,s=QSXCR+Q6sek8bf92,i=4096", "r=abc,s=QSXCR+Q6sek8bf92,i=4096", "r=abcd,s=,i=4096", "hello",
        ])
    func dishonestServer(challenge: String) {
        var client = SASLClient(
            .scramSHA256, .password(user: "user", password: "pencil"), offered: [.scramSHA256], nonce: "abc")
        _ = client.initialResponse()
        #expect(throws: SASLClientFailure.self) { try client.respond(to: Array(challenge.utf8)) }
    }

    @Test("a server that does not know the keys is found out, and the exchange is not complete")
    func serverSignature() throws {
        var client = SASLClient(
            .scramSHA256, .password(user: "user", password: "pencil"), offered: [.scramSHA256], nonce: "abc")
        _ = client.initialResponse()
        _ = try client.respond(to: Array("r=abcd,s=QSXCR+Q6sek8bf92,i=4096".utf8))
        #expect(!client.isComplete)
        #expect(throws: SASLClientFailure.self) { try client.respond(to: Array("v=AAAA".utf8)) }
        #expect(!client.isComplete)
    }

    @Test(
        "what is no first message is refused",
        arguments: [
            "", "n,,", "n,,n=user", "x,,n=user,r=a", "n,,n=us=er,r=a", "n,,m=1,n=user,r=a", "n,,n=,r=a",
            "p=tls-unique,,n=user,r=a", "n,,n=user,r=",
        ])
    func malformedFirst(text: String) {
        var server = SASLServer(.scramSHA256, nonce: "b", host: "mx")
        #expect(server.respond(to: Array(text.utf8)) == .failed(.malformed))
    }

    @Test("nobody acts for somebody else")
    func authorization() {
        var server = SASLServer(.scramSHA256, nonce: "b", host: "mx")
        #expect(server.respond(to: Array("n,a=bob,n=ann,r=a".utf8)) == .failed(.wrong))
    }

    @Test("keys are written and read as Dovecot has them")
    func text() throws {
        let keys = try keys(.sha256, salt: "W22ZaJ0SNY7soEsUEjb6gQ==")
        #expect(ScramKeys("\(keys)", hash: .sha256) == keys)
        #expect(keys.fit("pencil") && !keys.fit("pencil "))
        #expect(ScramKeys("\(keys)", hash: .sha1) == nil)
        #expect(ScramKeys("4096,AAAA", hash: .sha256) == nil)
    }
}
