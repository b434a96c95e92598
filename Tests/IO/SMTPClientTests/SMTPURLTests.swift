import SMTPClient
import Testing

@Suite struct SMTPURLTests {
    static let good: [(String, SMTPURL)] = [
        ("smtp://mx.example", SMTPURL(.host("mx.example", port: 25))),
        ("SMTP://mx.example:2525/", SMTPURL(.host("mx.example", port: 2_525))),
        ("smtp://127.0.0.1:1025", SMTPURL(.host("127.0.0.1", port: 1_025))),
        ("smtp://[::1]:1025", SMTPURL(.host("::1", port: 1_025))), ("smtp://[::1]", SMTPURL(.host("::1", port: 25))),
        ("smtps://mx.example", SMTPURL(.host("mx.example", port: 465), isImplicitTLS: true)),
        ("submissions://mx.example:4650", SMTPURL(.host("mx.example", port: 4_650), isImplicitTLS: true)),
        ("lmtp://mx.example", SMTPURL(.host("mx.example", port: 24), isLMTP: true)),
        ("unix:///run/smtp", SMTPURL(.unix("/run/smtp"))), ("smtp:///run/smtp", SMTPURL(.unix("/run/smtp"))),
        ("lmtp:///run/lmtp", SMTPURL(.unix("/run/lmtp"), isLMTP: true)),
    ]

    @Test(arguments: good) func readsHostPortAndSocket(text: String, url: SMTPURL) throws {
        #expect(try SMTPURL(text) == url)
        #expect(try SMTPURL(url.description) == url)
    }

    @Test func whoLogsInStandsBeforeTheHost() throws {
        let url = try SMTPURL("smtps://ann%40example.org@[::1]:4650")
        #expect(url.user == "ann@example.org")
        #expect(url.endpoint == .host("::1", port: 4_650))
        #expect(url.description == "smtps://ann%40example.org@[::1]:4650")
        #expect(try SMTPURL("smtp://J%C3%BCrg%25@mx.example").user == "Jürg%")
        #expect(try SMTPURL(SMTPURL("smtp://J%C3%BCrg%25@mx.example").description).user == "Jürg%")
        #expect(try SMTPURL("smtp://ann@example.org@mx.example").user == "ann@example.org")
        #expect(try SMTPURL("smtp://mx.example").user == nil)
    }

    static let bad = [
        ("mx.example", "no URL"), ("http://mx.example", "scheme"),
        ("smtp://ann:secret@mx.example", "password"), ("smtp://@mx.example", "user name"),
        ("smtp://a%4@mx.example", "user name"), ("smtp://mx.example:0", "port"),
        ("smtp://mx.example:65536", "port"), ("smtp://mx.example:x", "port"), ("smtp://[::g]", "IPv6"),
        ("smtp://[::1", "IPv6"), ("smtp://", "host name"), ("smtp:///", "socket"), ("unix://run/smtp", "socket"),
        ("smtp://mx.example/path", "more than"),
        ("smtp://a b", "host name"), ("smtp://mx\r\n.example", "host name"),
    ]

    @Test(arguments: bad) func saysWhatIsWrong(text: String, word: String) throws {
        let error = try #require(throws: SMTPURLError.self) { try SMTPURL(text) }
        #expect(error.description.contains(word))
        #expect(!error.description.contains("secret"))
    }
}
