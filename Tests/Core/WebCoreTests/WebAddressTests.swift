import Testing
import WebCore

struct WebAddressTests {
    @Test(arguments: [
        ("http://127.0.0.1:8080/policy?x=1", "127.0.0.1", 8_080, "/policy?x=1"),
        ("HTTP://localhost", "localhost", 80, "/"),
        ("https://login.example.org/introspect", "login.example.org", 443, "/introspect"),
        ("https://[::1]:8443?q", "::1", 8_443, "/?q"),
    ])
    func `an address says whom to ask, and for what`(text: String, host: String, port: Int, path: String) throws {
        let address = try #require(WebAddress(text))
        #expect(address.host == host && address.port == port && address.path == path)
        #expect(address.isEncrypted == text.hasPrefix("https"))
        #expect(WebAddress(address.description) == address)
    }

    @Test(arguments: [
        "", "http://", "ftp://example.org/", "example.org:80", "http://user:secret@example.org/",
        "http://example.org:0/",
        "http://example.org:99999/", "http://a b/", "http://example.org/#part", "http://example.org/\r\nHost: x",
        "http://[127.0.0.1]/", "http://ex\u{E4}mple.org/", "http://::1/",
        "http://example.org/" + String(repeating: "x", count: 2_000),
    ])
    func `anything else is none`(text: String) {
        #expect(WebAddress(text) == nil)
    }

    @Test(arguments: [
        ("http://localhost/", true), ("http://127.0.0.9/", true), ("http://[::1]/", true), ("http://192.0.2.1/", false),
        ("http://localhost.example.org/", false),
    ])
    func `whether it leads to another machine can be told`(text: String, isLoopback: Bool) {
        #expect(WebAddress(text)?.isLoopback == isLoopback)
    }

    @Test func `a field of a form cannot become two`() {
        let form = WebForm([("token", "a&b=c d+e%/\u{E4}\n"), ("x", "")])
        #expect(String(decoding: form.octets, as: UTF8.self) == "token=a%26b%3Dc%20d%2Be%25%2F%C3%A4%0A&x=")
    }
}
