import MailServer
import Reception
import Testing

/// `[filter.NAME]`.
struct FilterConfigurationTests {
    @Test(
        "A filter listens where Postfix or Sendmail would say it does",
        arguments: [
            ("unix:/run/f.sock", "unix:/run/f.sock"), ("tcp:127.0.0.1:8891", "tcp:127.0.0.1:8891"),
            ("inet:localhost:8891", "tcp:localhost:8891"), ("inet:8891@localhost", "tcp:localhost:8891"),
            ("inet6:8891@[::1]", "tcp:[::1]:8891"), ("127.0.0.1:8891", "tcp:127.0.0.1:8891"),
        ])
    func address(text: String, place: String) throws {
        let configuration = try parse("filter.dkim.address = \"\(text)\"")
        #expect(configuration.filters.first?.address.toml == "\"\(place)\"")
    }

    @Test(
        "A policy program may be named as a filter is",
        arguments: [
            ("inet:localhost:10023", "localhost:10023"), ("unix:/run/p.sock", "unix:/run/p.sock"),
            ("unix:///run/p.sock", "unix:///run/p.sock"),
            ("[::1]:10023", "[::1]:10023"), ("127.0.0.1:10023", "127.0.0.1:10023"),
        ])
    func program(text: String, place: String) throws {
        #expect(try parse("policy.program = \"\(text)\"").policy.program?.toml == "\"\(place)\"")
    }

    @Test("Filters are asked in the order of the file")
    func order() throws {
        let text = "[filter.z]\naddress = \"unix:/z\"\n[filter.a]\naddress = \"unix:/a\"\ndefault = \"accept\""
        #expect(try parse(text).filters.map(\.name) == ["z", "a"])
        #expect(try parse(text).filters.map(\.absence) == [.tempfail, .accept])
    }

    @Test(
        "What cannot be is refused",
        arguments: [
            ("filter.a.address = \"8891\"", "1: address must be \"unix:/path\" or \"tcp:host:port\", not \"8891\""),
            (
                "filter.a = { address = \"unix:/a\", command_timeout = 0 }",
                "1: command_timeout must be from \"1 s\" to \"10 min\""
            ),
            (
                "listener.mx.address = \"127.0.0.1:0\"\nfilter.a = { address = \"unix:/a\", listeners = [\"mxx\"] }",
                "2: there is no listener \"mxx\"; did you mean \"mx\"?"
            ),
            (
                "filter.a = { address = \"unix:/a\", listeners = [] }",
                "1: listeners must not be empty: leave it out for all"
            ),
            (
                "policy.program = \"intern:host:25\"",
                "1: program must be \"unix:/path\", \"host:port\" or \"http://host:port/path\", not \"intern:host:25\""
            ),
            (
                "policy.program = \"ftp://host/\"",
                "1: program must be \"unix:/path\", \"host:port\" or \"http://host:port/path\", not \"ftp://host/\""
            ),
            (
                "[oauth]\nintrospection_endpoint = \"http://login.example.org/\"\nclient_id = \"m\"\n"
                    + "client_secret_file = \"/etc/hostname\"",
                "2: introspection_endpoint must be https: tokens would go to another machine in clear"
            ),
        ])
    func refused(text: String, complaint: String) {
        #expect(complaints(about: text) == [complaint])
    }
}
