import MailCore
import SMTPCore
import Testing

struct CommandTests {
    @Test(
        arguments: [
            ("DATA", .data), ("RSET", .reset), ("QUIT", .quit), ("TURN", .turn), ("STARTTLS", .startTLS),
            ("NOOP", .noop), ("NOOP anything at all", .noop), ("RSET  ", .reset), ("DATA\t", .data),
            ("EHLO client.example", .hello(HelloCommand(verb: .ehlo, name: "client.example"))),
            ("HELO [192.0.2.1] ", .hello(HelloCommand(verb: .helo, name: "[192.0.2.1]"))),
            ("LHLO machine\t", .hello(HelloCommand(verb: .lhlo, name: "machine"))),
            ("BDAT 0", .chunk(ChunkCommand(size: 0, isLast: false))),
            ("BDAT 86 last", .chunk(ChunkCommand(size: 86, isLast: true))),
            ("BDAT 18446744073709551615", .chunk(ChunkCommand(size: .max, isLast: false))),
            ("BDAT 00000000000000000007", .chunk(ChunkCommand(size: 7, isLast: false))),
            ("HELP", .help(topic: nil)), ("HELP mail", .help(topic: "mail")), ("HELP mail from", .help(topic: "mail")),
            ("VRFY ann", .verify(AddressQuery(text: "ann"))),
            ("VRFY <ann@example.org>", .verify(AddressQuery(text: "ann@example.org"))),
            ("VRFY \"ann lee\"@example.org", .verify(AddressQuery(text: "\"ann lee\"@example.org"))),
            ("VRFY \"a\\\" b\"", .verify(AddressQuery(text: "\"a\\\" b\""))),
            ("VRFY grüße smtputf8", .verify(AddressQuery(text: "grüße", smtputf8: true))),
            ("EXPN staff", .expand(AddressQuery(text: "staff"))),
            ("EXPN staff all", .expand(AddressQuery(text: "staff", hasUnknownParameter: true))),
            ("VRFY ann lee", .verify(AddressQuery(text: "ann", hasUnknownParameter: true))),
            ("ATRN", .atrn([])),
            ("AUTH plain", .authenticate(AuthenticateCommand(mechanism: "PLAIN"))),
            ("AUTH PLAIN =", .authenticate(AuthenticateCommand(mechanism: "PLAIN", initialResponse: "="))),
            (
                "AUTH SCRAM-SHA-256 biws+/==",
                .authenticate(AuthenticateCommand(mechanism: "SCRAM-SHA-256", initialResponse: "biws+/=="))
            ),
            ("ETRN #fast", .etrn(.queue("fast"))),
        ] as [(String, SMTPCommand)])
    func `a command is read in any case`(line: String, command: SMTPCommand) throws {
        #expect(try CommandParser.parse(Array(line.utf8)) == command)
        let (verb, rest) = (line.prefix { $0 != " " && $0 != "\t" }, line.drop { $0 != " " && $0 != "\t" })
        #expect(try CommandParser.parse(Array((verb.lowercased() + rest).utf8)) == command)
        #expect(try CommandParser.parse(Array((verb.capitalizedFirst + rest).utf8)) == command)
    }

    @Test func `ETRN and ATRN name domains`() throws {
        let (one, two) = (try Domain("example.org"), try Domain("example.com"))
        #expect(try CommandParser.parse(Array("ETRN example.org".utf8)) == .etrn(.domain(one)))
        #expect(try CommandParser.parse(Array("ETRN @example.org".utf8)) == .etrn(.domainAndBelow(one)))
        #expect(try CommandParser.parse(Array("ATRN example.org, example.com".utf8)) == .atrn([one, two]))
    }

    @Test(arguments: [
        ("", 500), (" ", 500), (" NOOP", 500), ("XYZZ", 500), ("NOO", 500), ("NOOPS", 500), ("MAILFROM:<>", 500),
        ("WIZ", 500),
        ("STARTTLSS", 500), ("123", 500), ("NOOP:", 500),
        ("DATA now", 501), ("RSET x", 501), ("QUIT x", 501), ("STARTTLS x", 501), ("TURN x", 501),
        ("HELO", 501), ("EHLO ", 501), ("EHLO x y", 501), ("HELO x y", 501), ("LHLO my machine", 501),
        ("EHLO a\tb", 501), ("LHLO", 501),
        ("BDAT", 501), ("BDAT abc", 501), ("BDAT -1", 501), ("BDAT 18446744073709551616", 501), ("BDAT 5 FIRST", 501),
        ("BDAT 5 LAST x", 501), ("BDAT 000000000000000000001", 501), ("BDAT 5LASTX", 501), ("BDAT 0x5", 501),
        ("VRFY", 501), ("VRFY \"ann", 501), ("VRFY <>", 501), ("EXPN", 501), ("EXPN \"staff", 501),
        ("ETRN", 501), ("ETRN #", 501), ("ETRN a..b", 501), ("ATRN a,,b", 501), ("ATRN a b", 501),
        ("AUTH", 501), ("AUTH PLAIN a b", 501), ("AUTH PLAIN ä", 501), ("AUTH AVERYLONGMECHANISMNAME", 501),
        ("NOOP \u{1}", 501), ("NOOP \u{7F}", 501), ("NOOP \0", 501), ("NOOP a\rb", 501),
    ])
    func `what is no command says why`(line: String, code: Int) {
        #expect(replyCode(line) == code)
    }

    @Test func `a line that is no UTF-8 is refused`() {
        #expect(replyCode(Array("NOOP ".utf8) + [0xFF]) == 501)
        #expect(replyCode(Array("MAIL FROM:<a".utf8) + [0xC3] + Array("@example.org>".utf8)) == 501)
        #expect(replyCode(Array("NOOP ".utf8) + [0xC0, 0x80]) == 501)
    }

    @Test func `a hello name has at most 255 octets`() {
        #expect(replyCode("EHLO " + String(repeating: "a", count: 255)) == nil)
        #expect(replyCode("EHLO " + String(repeating: "a", count: 256)) == 501)
    }

    @Test(arguments: SMTPVerb.allCases)
    func `every command tells how it is written`(verb: SMTPVerb) {
        #expect(verb.syntax.hasPrefix(verb.rawValue))
        #expect(verb.syntax.contains("RFC") || verb == .xclient)
    }
}

/// The code of the refusal of a line; nil for a command.
func replyCode(_ line: [UInt8]) -> Int? {
    do throws(CommandSyntaxError) {
        _ = try CommandParser.parse(line)
        return nil
    } catch {
        return error.reply.code
    }
}

func replyCode(_ line: String) -> Int? { replyCode(Array(line.utf8)) }

extension StringProtocol {
    fileprivate var capitalizedFirst: String { prefix(1).uppercased() + dropFirst().lowercased() }
}
