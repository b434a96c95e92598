import MailCore
import Testing

struct EmailAddressTests {
    @Test(arguments: [
        ("ann@example.org", "ann@example.org"),
        ("Ann@EXAMPLE.org", "Ann@example.org"),
        ("ann+news@a-b.example.org", "ann+news@a-b.example.org"),
        ("!#$%&'*+-/=?^_`{|}~@example.org", "!#$%&'*+-/=?^_`{|}~@example.org"),
        (#""ann"@example.org"#, "ann@example.org"),
        (#""ann lee"@example.org"#, #""ann lee"@example.org"#),
        (#""a\"b\\c"@example.org"#, #""a\"b\\c"@example.org"#),
        (#""a@b"@example.org"#, #""a@b"@example.org"#),
        (#""a..b"@example.org"#, #""a..b"@example.org"#),
        (#""\a"@example.org"#, "a@example.org"),
        ("grüße@Ünicode.example", "grüße@ünicode.example"),
        ("ann@[192.0.2.1]", "ann@[192.0.2.1]"),
        ("ann@[IPv6:2001:DB8::1]", "ann@[IPv6:2001:db8::1]"),
        ("ann@[ipv6:::1]", "ann@[IPv6:::1]"),
        ("ann@[x-tag:any;thing]", "ann@[x-tag:any;thing]"),
        ("ann@1.example", "ann@1.example"),
    ])
    func `an address is written in one way, however it was given`(text: String, written: String) throws {
        let address = try EmailAddress(text)
        #expect(address.description == written)
        #expect(try EmailAddress(written) == address)
    }

    @Test(arguments: [
        "", "ann", "@example.org", "ann@", "ann@@example.org", "a@b@c", "ann@example.org ", " ann@example.org",
        ".ann@example.org", "ann.@example.org", "a..b@example.org", "ann lee@example.org", "a(b)@example.org",
        "ann@example..org", "ann@.org", "ann@example.org.", "ann@-a.org", "ann@a-.org", "ann@a_b.org", "ann@exa mple",
        #""ann@example.org"#, #""ann"x@example.org"#, #"""@example.org"#, #""a\"#, "\"a\u{0}\"@example.org",
        "\"a\r\n\"@example.org", "ann\u{7F}@example.org", "ann@[192.0.2.256]", "ann@[192.0.2]", "ann@[IPv6:1::2::3]",
        "ann@[::1]", "ann@[192.0.2.1", "ann@[]", "ann@[tag:]", "ann@[-:x]", "ann@[192.0.2.1]x", "ann@[a b:c]",
        "ann\u{85}lee@example.org", "ann@example\u{2028}.org", "ann\u{2029}@example.org",
    ])
    func `what is no address is refused`(text: String) {
        #expect(throws: AddressError.self) { try EmailAddress(text) }
    }

    @Test func `lengths count octets`() throws {
        let local = String(repeating: "a", count: 64)
        let label = String(repeating: "b", count: 63)
        let domain = [label, label, label, String(repeating: "c", count: 63)].joined(separator: ".")
        #expect(domain.utf8.count == 255)
        #expect(try EmailAddress("\(local)@\(domain)").description.utf8.count == 320)
        #expect(throws: AddressError.self) { try EmailAddress("\(local)a@\(domain)") }
        #expect(throws: AddressError.self) { try EmailAddress("a@\(domain)c") }
        #expect(throws: AddressError.self) { try EmailAddress("a@\(label)b.org") }
        #expect(throws: AddressError.self) { try LocalPart(String(repeating: "ü", count: 33)) }
        // U+023A takes two octets, and three in lower case.
        #expect(try Domain(String(repeating: "Ⱥ", count: 21)).description.utf8.count == 63)
        #expect(throws: AddressError.self) { try Domain(String(repeating: "Ⱥ", count: 22)) }
        let literal = "[x:\(String(repeating: "d", count: 251))]"
        #expect(literal.utf8.count == 255)
        #expect(try EmailAddress("a@\(literal)").description == "a@\(literal)")
        #expect(throws: AddressError.self) { try EmailAddress("a@[d\(literal.dropFirst())") }
    }

    @Test func `a local part keeps its case, and folds it to find the user`() throws {
        let address = try EmailAddress("Ann.LEE@Example.ORG")
        #expect(address.localPart.text == "Ann.LEE")
        #expect(address.localPart.folded == "ann.lee")
        #expect(try LocalPart("GRÜSSE").folded == "grüsse")
    }

    @Test func `only UTF-8 addresses need SMTPUTF8`() throws {
        #expect(try EmailAddress("ann@example.org").isASCII)
        #expect(try EmailAddress("ann@[192.0.2.1]").isASCII)
        #expect(try !EmailAddress("änn@example.org").isASCII)
        #expect(try !EmailAddress("ann@bücher.example").isASCII)
    }

    @Test func `a literal has no domain`() throws {
        #expect(try EmailAddress("ann@[192.0.2.1]").domain == nil)
        #expect(try EmailAddress("ann@example.org").domain == Domain("EXAMPLE.org"))
    }

    @Test func `a reverse path is a mailbox or nothing, in angle brackets`() throws {
        #expect(ReversePath.null.description == "<>")
        #expect(ReversePath.null.mailbox == nil)
        let path = ReversePath.mailbox(try EmailAddress("ann@example.org"))
        #expect(path.description == "<ann@example.org>")
    }
}
