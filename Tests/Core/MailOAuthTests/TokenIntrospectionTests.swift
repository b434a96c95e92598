import MailOAuth
import Testing
import WebCore

/// What whoever gives tokens out says of one.
struct TokenIntrospectionTests {
    private func user(_ text: String, _ policy: IntrospectionPolicy = IntrospectionPolicy()) throws -> String {
        try #require(TokenIntrospection(Array(text.utf8))).user(policy, at: 1_000)
    }

    @Test(arguments: [
        (#"{"active":true,"username":"ann","sub":"1"}"#, "ann"), (#"{"active":true,"sub":"ann","exp":1000}"#, "ann"),
        (#"{"active":true,"sub":"ann","exp":2000,"nbf":1060}"#, "ann"),
        (#"{"active":true,"username":null,"sub":"ann"}"#, "ann"),
        (#"{"active":true,"username":"","sub":"ann"}"#, "ann"),
    ])
    func `a token that is good names its user`(text: String, expected: String) throws {
        #expect(try user(text) == expected)
    }

    @Test(arguments: [
        (#"{"active":false,"username":"ann"}"#, TokenRefusal.inactive),
        (#"{"active":true,"username":"ann","exp":940}"#, .expired),
        (#"{"active":true,"username":"ann","exp":"x"}"#, .expired),
        (#"{"active":true,"username":"ann","nbf":1061}"#, .notYet), (#"{"active":true}"#, .noUser),
        (#"{"active":true,"username":7,"sub":"ann"}"#, .noUser),
    ])
    func `what is not said of it, or said against it, refuses it`(text: String, refusal: TokenRefusal) {
        #expect(throws: refusal) { try user(text) }
    }

    @Test func `what the configuration wants must be there`() throws {
        let policy = IntrospectionPolicy(issuer: "me", audience: "mail", userClaim: "email", scope: "smtp")
        let answer = { (iss: String, aud: String, scope: String) in
            #"{"active":true,"iss":"\#(iss)","aud":["\#(aud)"],"scope":"\#(scope)","email":"ann","username":"bob"}"#
        }
        #expect(try user(answer("me", "mail", "imap smtp"), policy) == "ann")
        #expect(throws: TokenRefusal.wrongIssuer) { try user(answer("you", "mail", "smtp"), policy) }
        #expect(throws: TokenRefusal.wrongAudience) { try user(answer("me", "web", "smtp"), policy) }
        #expect(throws: TokenRefusal.wrongScope) { try user(answer("me", "mail", "smtps"), policy) }
        #expect(throws: TokenRefusal.wrongIssuer) { try user(#"{"active":true,"username":"ann"}"#, policy) }
    }

    @Test(arguments: ["", "[]", "{}", "true", #"{"active":"true"}"#, #"{"active":1}"#])
    func `what does not say whether it is good is no answer`(text: String) {
        #expect(TokenIntrospection(Array(text.utf8)) == nil)
    }

    @Test func `the client is named by the rules of forms`() {
        #expect(TokenIntrospection.authorization(client: "martlet", secret: "s 1") == "Basic bWFydGxldDpzJTIwMQ==")
        let form = String(decoding: TokenIntrospection.question(about: "a+b").octets, as: UTF8.self)
        #expect(form == "token=a%2Bb&token_type_hint=access_token")
    }
}
