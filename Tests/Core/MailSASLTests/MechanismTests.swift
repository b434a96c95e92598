import MailSASL
import Testing

@Suite("Mechanisms of one response")
struct MechanismTests {
    private func server(_ mechanism: SASLMechanism) -> SASLServer {
        SASLServer(mechanism, nonce: "1896.697170952", host: "postoffice.reston.mci.net")
    }

    @Test("PLAIN brings user and password (RFC 4616)")
    func plain() {
        var server = server(.plain)
        #expect(server.respond(to: nil) == .challenge([]))
        #expect(
            server.respond(to: Array("\0tim\0tanstaaftanstaaf".utf8))
                == .ask(.password(user: "tim", password: "tanstaaftanstaaf")))
        #expect(server.answer(.user("tim@example.org")) == .succeeded(user: "tim@example.org"))
        #expect(server.answer(.nobody) == .failed(.wrong))
        #expect(server.answer(.unavailable) == .failed(.unavailable))
    }

    @Test(
        "what is no PLAIN is refused",
        arguments: ["", "tim", "\0tim", "\0\0secret", "\0tim\0", "\0tim\0a\0b", "\0t\rm\0a"])
    func malformedPlain(text: String) {
        var server = server(.plain)
        #expect(server.respond(to: Array(text.utf8)) == .failed(.malformed))
    }

    @Test("with PLAIN nobody acts for somebody else")
    func plainAuthorization() {
        var own = server(.plain)
        #expect(own.respond(to: Array("ann\0ann\0x".utf8)) == .ask(.password(user: "ann", password: "x")))
        var other = server(.plain)
        #expect(other.respond(to: Array("bob\0ann\0x".utf8)) == .failed(.wrong))
    }

    @Test("LOGIN asks for the one, then for the other; the user may come with the command")
    func login() throws {
        var server = server(.login)
        #expect(server.respond(to: nil) == .challenge(Array("Username:".utf8)))
        #expect(server.respond(to: Array("ann".utf8)) == .challenge(Array("Password:".utf8)))
        #expect(server.respond(to: Array("x".utf8)) == .ask(.password(user: "ann", password: "x")))
        var client = SASLClient(.login, .password(user: "ann", password: "x"), offered: [.login], nonce: "")
        #expect(client.initialResponse() == nil)
        #expect(try client.respond(to: []) == Array("ann".utf8))
        #expect(!client.isComplete)
        #expect(try client.respond(to: []) == Array("x".utf8))
        #expect(client.isComplete)
    }

    @Test("CRAM-MD5 computes what the example of RFC 2195 does")
    func cramMD5() throws {
        var server = server(.cramMD5)
        let challenge = Array("<1896.697170952@postoffice.reston.mci.net>".utf8)
        #expect(server.respond(to: nil) == .challenge(challenge))
        var client = SASLClient(
            .cramMD5, .password(user: "tim", password: "tanstaaftanstaaf"), offered: [.cramMD5], nonce: "")
        #expect(client.initialResponse() == nil)
        let response = try client.respond(to: challenge)
        #expect(String(decoding: response, as: UTF8.self) == "tim b913a602c7eda7a495b4e6e7334d3890")
        #expect(server.respond(to: response) == .ask(.secret(user: "tim")))
        #expect(server.answer(.secret("tanstaaftanstaaf", user: "tim")) == .succeeded(user: "tim"))
        #expect(server.answer(.secret("other", user: "tim")) == .failed(.wrong))
    }

    @Test("OAUTHBEARER says what the example of RFC 7628 says, and hears the reason of a refusal first")
    func oauthBearer() throws {
        let credentials = SASLCredentials.bearer(
            user: "user@example.com", token: "vF9dft4qmTc2Nvb3RlckBhbHRhdmlzdGEuY29tCg==")
        var client = SASLClient(
            .oauthBearer, credentials, offered: [.oauthBearer], nonce: "", host: "server.example.com")
        let initial = client.initialResponse()
        let response = try #require(initial)
        #expect(
            String(decoding: response, as: UTF8.self)
                == "n,a=user@example.com,\u{1}host=server.example.com\u{1}"
                + "auth=Bearer vF9dft4qmTc2Nvb3RlckBhbHRhdmlzdGEuY29tCg==\u{1}\u{1}")
        var server = server(.oauthBearer)
        let token = "vF9dft4qmTc2Nvb3RlckBhbHRhdmlzdGEuY29tCg=="
        #expect(server.respond(to: response) == .ask(.token(user: "user@example.com", token: token)))
        guard case .challenge(let reason) = server.answer(.nobody) else {
            Issue.record("the reason is a challenge")
            return
        }
        #expect(try client.respond(to: reason) == [1])
        #expect(server.respond(to: [1]) == .failed(.wrong))
    }

    @Test("XOAUTH2 brings user and token")
    func xoauth2() throws {
        var client = SASLClient(.xoauth2, .bearer(user: "ann", token: "t0k"), offered: [.xoauth2], nonce: "")
        let initial = client.initialResponse()
        let response = try #require(initial)
        #expect(String(decoding: response, as: UTF8.self) == "user=ann\u{1}auth=Bearer t0k\u{1}\u{1}")
        var server = server(.xoauth2)
        #expect(server.respond(to: response) == .ask(.token(user: "ann", token: "t0k")))
        #expect(server.answer(.user("ann")) == .succeeded(user: "ann"))
    }

    @Test("EXTERNAL leaves it to TLS who it is")
    func external() {
        var server = server(.external)
        #expect(server.respond(to: []) == .ask(.certificate(authorization: nil)))
        #expect(server.answer(.user("ann")) == .succeeded(user: "ann"))
    }

    @Test("the strongest mechanism comes first, and in clear none that shows the secret")
    func choice() {
        let credentials = SASLCredentials.password(user: "ann", password: "x")
        let binding = SASLChannelBinding(octets: [1])
        #expect(
            SASLClient.mechanisms(for: credentials, channelBinding: binding, showsSecrets: true).first
                == .scramSHA256Plus)
        #expect(
            SASLClient.mechanisms(for: credentials, channelBinding: nil, showsSecrets: false)
                == [.scramSHA256, .scramSHA1, .cramMD5])
        #expect(
            SASLClient.mechanisms(for: .bearer(user: "ann", token: "t"), channelBinding: nil, showsSecrets: false)
                .isEmpty)
    }

    @Test("credentials show no secret, however they are printed")
    func description() {
        let credentials = SASLCredentials.password(user: "ann", password: "hush")
        var dumped = ""
        dump(credentials, to: &dumped)
        #expect(!"\(credentials) \(String(reflecting: credentials)) \(dumped)".contains("hush"))
    }
}
