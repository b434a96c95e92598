import MailCore
import SMTPCore
import Testing

struct PathTests {
    @Test(arguments: [
        ("<>", "<>"), (" <>", "<>"), ("\t<ann@example.org>", "<ann@example.org>"),
        ("<Ann@EXAMPLE.org>", "<Ann@example.org>"),
        (#"<"ann lee"@example.org>"#, #"<"ann lee"@example.org>"#),
        (#"<"ann"@example.org>"#, "<ann@example.org>"),
        (#"<"a>b"@example.org>"#, #"<"a>b"@example.org>"#),
        ("<ann@[192.0.2.1]>", "<ann@[192.0.2.1]>"),
        ("<ann@[IPv6:2001:db8::1]>", "<ann@[IPv6:2001:db8::1]>"),
        ("<ann@[tag:content]>", "<ann@[tag:content]>"),
        ("<grüße@bücher.example>", "<grüße@bücher.example>"),
        ("<@relay.example:ann@example.org>", "<ann@example.org>"),
        ("<@a.example,@b.example:ann@example.org>", "<ann@example.org>"),
        ("<@[192.0.2.1]:ann@example.org>", "<ann@example.org>"),
    ])
    func `a reverse path is a mailbox or nothing; its source route is forgotten`(text: String, path: String) throws {
        for line in ["MAIL FROM:\(text)", "mail from:\(text)", "MAIL From:\(text)", "SAML FROM:\(text)"] {
            guard case .mail(let command) = try CommandParser.parse(Array(line.utf8)) else { throw NotThisCommand() }
            #expect(command.reversePath.description == path)
        }
    }

    @Test(arguments: [
        ("<ann@example.org>", "<ann@example.org>"), ("<Postmaster>", "<Postmaster>"), ("<POSTMASTER>", "<Postmaster>"),
        ("<postmaster@example.org>", "<postmaster@example.org>"), (" <ann@example.org>", "<ann@example.org>"),
        ("<@a.example,@b.example:ann@example.org>", "<ann@example.org>"),
    ])
    func `a forward path is a mailbox or the postmaster`(text: String, path: String) throws {
        let line = "rCpT tO:\(text)"
        guard case .recipient(let command) = try CommandParser.parse(Array(line.utf8)) else { throw NotThisCommand() }
        #expect(command.forwardPath.description == path)
    }

    @Test(arguments: [
        "MAIL", "MAIL ", "MAIL FROM", "MAIL FROM <ann@example.org>", "MAIL TO:<ann@example.org>", "MAIL FROM:",
        "MAIL FROM:ann@example.org", "MAIL FROM:<ann@example.org", "MAIL FROM:<ann@example.org>x", "MAIL FROM:<<>>",
        "MAIL FROM:<ann@example.org>>", "MAIL FROM:< ann@example.org>", "MAIL FROM:<ann@example.org >",
        "MAIL FROM:<ann@@example.org>", "MAIL FROM:<a@b@c>", "MAIL FROM:<ann lee@example.org>",
        "MAIL FROM:<.ann@example.org>", "MAIL FROM:<ann@example.org.>", "MAIL FROM:<ann@[192.0.2.1>",
        "MAIL FROM:<@a.example ann@example.org>", "MAIL FROM:<@a.example,b.example:ann@example.org>",
        "MAIL FROM:<@a.example>", "MAIL FROM:<@:ann@example.org>", "MAIL FROM:<\"ann@example.org>",
        "MAIL FROM:<ann@exa_mple.org>", "MAIL FROM:<a(b)@example.org>", "MAIL FROM:<ann@example.org> <b@example.org>",
        "RCPT", "RCPT TO:", "RCPT TO:<>", "RCPT FROM:<ann@example.org>", "RCPT TO:ann@example.org",
        "RCPT TO:<ann@example.org", "RCPT TO:<ann@example.org>x", "RCPT TO:<Postmaster", "SEND FROM:", "SOML",
        "SAML <>",
    ])
    func `a path that cannot be read is a bad argument`(line: String) {
        #expect(replyCode(line) == 501)
    }

    @Test(arguments: ["MAIL FROM:<ann>", "RCPT TO:<ann>", "RCPT TO:<\"ann\">", "RCPT TO:<Postmasters>"])
    func `an address without a domain is no mailbox name (553)`(line: String) {
        #expect(replyCode(line) == 553)
    }

    @Test func `where users submit, an address without a domain has theirs`() throws {
        let domain = try Domain("example.org")
        func parse(_ line: String) throws -> SMTPCommand {
            try CommandParser.parse(Array(line.utf8), defaultDomain: domain)
        }
        let ann = try EmailAddress("ann@example.org")
        guard case .mail(let mail) = try parse("MAIL FROM:<ann> SIZE=5"),
            case .recipient(let recipient) = try parse(#"RCPT TO:<"ann">"#)
        else { throw NotThisCommand() }
        #expect(mail.reversePath == .mailbox(ann) && mail.parameters.size == 5)
        #expect(recipient.forwardPath == .mailbox(ann))
        #expect(throws: CommandSyntaxError.self) { try parse("MAIL FROM:<ann@>") }
        #expect(throws: CommandSyntaxError.self) { try parse("MAIL FROM:<ann>x") }
    }

    @Test func `the bounds of a path are those of its parts`() {
        let local = String(repeating: "a", count: 64)
        #expect(replyCode("MAIL FROM:<\(local)@example.org>") == nil)
        #expect(replyCode("MAIL FROM:<\(local)a@example.org>") == 501)
        let route = (0..<60).map { "@host\($0).example" }.joined(separator: ",")
        #expect(replyCode("RCPT TO:<\(route):ann@example.org>") == nil)
    }
}

struct NotThisCommand: Error {}
