import MailServer
import Testing

/// Which mechanisms AUTH offers, and which of them do not go together with the rest.
struct AuthConfigurationTests {
    @Test func `what is offered follows from who knows the users`() throws {
        let own = try parse("")
        #expect(own.auth.mechanisms.map(\.rawValue) == ["SCRAM-SHA-256-PLUS", "SCRAM-SHA-256", "PLAIN", "LOGIN"])
        let dovecot = try parse("[auth]\ndovecot = \"/run/dovecot/auth-client\"")
        #expect(dovecot.auth.mechanisms.map(\.rawValue) == ["PLAIN", "LOGIN"])
        let chosen = try parse("[auth]\ndovecot = \"auth-client\"\nmechanisms = [\"GSSAPI\", \"OAUTHBEARER\"]")
        #expect(chosen.auth.mechanisms.map(\.rawValue) == ["GSSAPI", "OAUTHBEARER"])
    }

    @Test(arguments: [
        ("[auth]\nmechanisms = [\"GSSAPI\"]", "only Dovecot speaks GSSAPI"),
        ("[auth]\nmechanisms = [\"XOAUTH2\"]", "XOAUTH2 needs \"key_file\" in [oauth]"),
        ("[auth]\nmechanisms = [\"EXTERNAL\"]", "EXTERNAL needs \"client_roots\" in [tls]"),
        ("[auth]\ndovecot = \"/s\"\nusers_file = \"/dev/null\"", "only one of them"),
        (
            "[auth]\ndovecot = \"/s\"\nmechanisms = [\"SCRAM-SHA-256-PLUS\"]",
            "Dovecot does not know the TLS session that SCRAM-SHA-256-PLUS is bound to"
        ),
        ("[auth]\nmechanisms = []", "mechanisms must not be empty: leave it out for the usual ones"),
        ("[oauth]\nissuer = \"https://x\"", "2: [oauth] lacks \"key_file\""),
        ("[tls]\nclient_roots = \"/nowhere\"", "2: \"/nowhere\": there is no such file"),
        ("[tls]\nclient_roots = \"/dev/null\"", "2: \"/dev/null\": holds no certificate"),
        ("[listener.o]\naddress = \"127.0.0.1:366\"\nprotocol = \"odmr\"", "3: nobody can log in without encryption"),
        ("[policy]\nprogram_users = true", "2: \"program_users\" asks \"program\""),
        ("[turn.x]\ndomains = []", "2: domains must not be empty"),
        ("[oauth]\nkey_file = \"/dev/null\"", "holds no key that tokens are signed with"),
        ("[oauth]\nkey_file = \"/dev/null\"\nissuer = \"https://x\"", "[oauth] lacks \"audience\""),
        (
            "[listener.mx]\naddress = \"127.0.0.1:25\"\ndefault_domain = \"example.org\"",
            "default_domain goes with role = \"submission\""
        ),
    ])
    func `a mechanism without anybody who knows its users is refused`(text: String, complaint: String) {
        #expect(complaints(about: text).contains { $0.contains(complaint) }, "\(complaints(about: text))")
    }
}
