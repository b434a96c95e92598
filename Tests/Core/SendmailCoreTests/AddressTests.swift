import MailCore
import SendmailCore
import Testing

struct AddressTests {
    @Test(
        arguments: [
            ("ann@x.example", ["ann@x.example"]),
            ("ann, bob@x.example", ["ann", "bob@x.example"]),
            ("Ann <ann@x.example>, \"B, ob\" <bob@x.example>", ["ann@x.example", "bob@x.example"]),
            ("ann@x.example (Ann, the (first))", ["ann@x.example"]),
            ("friends: ann, bob@x.example;, eve", ["ann", "bob@x.example", "eve"]),
            ("\"a,b\"@x.example", ["\"a,b\"@x.example"]),
            ("<@relay.example,@two.example:ann@x.example>", ["ann@x.example"]),
            ("ann@[IPv6:::1]", ["ann@[IPv6:::1]"]),
            ("undisclosed-recipients:;", []),
            ("<>", []), ("", []), (" ,, ", []),
        ] as [(String, [String])])
    func `a list of addresses as people write it`(_ text: String, _ addresses: [String]) {
        #expect(AddressList.addresses(in: text.utf8) == addresses)
    }

    @Test(arguments: [
        (" ann", " ann@x.example"),
        (" ann, Bob <bob>,\r\n eve@y.example", " ann@x.example, Bob <bob@x.example>,\r\n eve@y.example"),
        (" ann (the first) , bob", " ann@x.example (the first) , bob@x.example"),
        (" friends: ann, bob;, <eve>", " friends: ann@x.example, bob@x.example;, <eve@x.example>"),
        (" \"a b\", \"c@d\"", " \"a b\"@x.example, \"c@d\""), (" <>", " <>"), (" Ann Lee", " Ann Lee"),
        (" undisclosed-recipients:;", " undisclosed-recipients:;"), ("", ""),
    ])
    func `names alone get a domain, and nothing else changes`(text: String, completed: String) throws {
        var header = try #require(
            MessageHeader.read(Array("Subject: ann\r\nReply-To:\(text)\r\n\r\n".utf8), isWhole: true)
        ).header
        header.completeAddresses(domain: try Domain("x.example"))
        #expect(String(decoding: header.octets, as: UTF8.self) == "Subject: ann\r\nReply-To:\(completed)\r\n")
    }

    @Test func `a name alone is in the server's domain`() throws {
        let completion = AddressCompletion(domain: try Domain("example.org"))
        #expect(try completion.address("ann") == EmailAddress("ann@example.org"))
        #expect(try completion.address("ann@x.example") == EmailAddress("ann@x.example"))
        #expect(throws: AddressError.self) { try completion.address("ann@") }
        #expect(try completion.reversePath("") == .null)
        #expect(try completion.reversePath("<>") == .null)
        #expect(try completion.reversePath("<ann>") == .mailbox(EmailAddress("ann@example.org")))
    }

    @Test func `the sender's name comes from the system, or from the caller`() throws {
        let address = try EmailAddress("ann@example.org")
        #expect(
            LocalSender(login: "ann", gecos: "Ann Author,Room 1,,").author(address, name: nil)
                == "Ann Author <\(address)>")
        #expect(LocalSender(login: "ann", gecos: "& Author").fullName == "Ann Author")
        #expect(LocalSender(login: "ann", gecos: "").author(address, name: nil) == "ann@example.org")
        #expect(LocalSender(login: "ann", gecos: "").author(address, name: "Dr. A") == "\"Dr. A\" <\(address)>")
        let injected = LocalSender(login: "ann", gecos: "").author(address, name: "x\r\nBcc: eve")
        #expect(!injected.contains("\n"))
    }
}
