import MailCore
import MailDirectory
import Testing

struct AddressLookupTests {
    private func mailbox(_ text: String, in directory: AddressDirectory) throws -> Mailbox? {
        if case .mailbox(let mailbox) = directory.lookup(try address(text)) { mailbox } else { nil }
    }

    @Test(
        "A user is found in any case and however quoted, and keeps the configured name",
        arguments: ["ann@example.org", "ANN@EXAMPLE.ORG", "\"Ann\"@example.org"])
    func users(text: String) throws {
        let mailbox = try #require(try mailbox(text, in: exampleDirectory()))
        #expect(mailbox.user.text == "Ann")
        #expect(mailbox.address == (try address("Ann@example.org")))
        #expect(mailbox.detail == nil)
    }

    @Test(
        "What follows the first + is the detail; a user whose own name has a + is found first",
        arguments: [
            ("ann+news@example.org", "Ann", "news"), ("ann+News+x@example.org", "Ann", "News+x"),
            ("ann+@example.org", "Ann", ""), ("c++@example.org", "c++", nil),
        ])
    func subaddresses(text: String, user: String, detail: String?) throws {
        let mailbox = try #require(try mailbox(text, in: exampleDirectory()))
        #expect(mailbox.user.text == user)
        #expect(mailbox.detail == detail)
    }

    @Test(
        "Relaying tricks are unknown users like any other",
        arguments: [
            "nobody@example.org", "ann%example.com@example.org", "example.com!ann@example.org",
            "\"ann@example.com\"@example.org", "+ann@example.org", "\"\\\"ann\\\"\"@example.org",
        ])
    func unknown(text: String) throws {
        #expect(try exampleDirectory().lookup(try address(text)) == .unknownUser)
    }

    @Test(
        "Other domains, subdomains and address literals are not local",
        arguments: ["ann@example.com", "ann@mail.example.org", "ann@[127.0.0.1]", "ann@[IPv6:::1]"])
    func notLocal(text: String) throws {
        #expect(try exampleDirectory().lookup(try address(text)) == .notLocal)
    }

    @Test("A catch-all takes unknown names of its own domain only")
    func catchAll() throws {
        let directory = try exampleDirectory()
        #expect(directory.lookup(try address("zed@example.net")) == .catchAll(try address("ann@example.net")))
        #expect(directory.lookup(try address("zed@example.org")) == .unknownUser)
    }

    @Test("Aliases say their targets, whether they may be told, or where the user moved; details are allowed")
    func aliases() throws {
        let target = try address("ann@example.com")
        let directory = AddressDirectory(
            domains: [LocalDomain(try Domain("example.org"), users: [], delivery: .discard)],
            aliases: [
                AddressAlias(try address("Sales@example.org"), .forward(to: [target], tell: true)),
                AddressAlias(try address("old@example.org"), .moved(to: target)),
            ])
        #expect(directory.lookup(try address("sales+q3@example.org")) == .alias(to: [target], tell: true))
        #expect(directory.lookup(try address("old@example.org")) == .moved(to: target))
    }

    @Test("Postmaster exists in every domain: its own, the configured one, the first user, or a mailbox of that name")
    func postmaster() throws {
        let postmaster = try address("Postmaster@example.org")
        let first = try exampleDirectory()
        #expect(first.lookup(postmaster) == .alias(to: [try address("Ann@example.org")], tell: false))
        let configured = try exampleDirectory(postmaster: "admin@example.com")
        #expect(configured.lookup(postmaster) == .alias(to: [try address("admin@example.com")], tell: false))
        let own = try exampleDirectory(
            aliases: ["postmaster@example.org": ["bob@example.org"]], postmaster: "admin@example.com")
        #expect(own.lookup(postmaster) == .alias(to: [try address("bob@example.org")], tell: false))
        let empty = AddressDirectory(domains: [
            LocalDomain(try Domain("example.org"), users: [], delivery: .maildir(root: "/mail"))
        ])
        #expect(try mailbox("postmaster@example.org", in: empty)?.user.text == "postmaster")
    }

    @Test("Postmaster without a domain is the configured address, else that of the first domain")
    func barePostmaster() throws {
        #expect(try exampleDirectory().postmaster == (try address("postmaster@example.org")))
        #expect(try exampleDirectory(postmaster: "a@example.com").postmaster == (try address("a@example.com")))
        #expect(AddressDirectory(domains: []).postmaster == nil)
    }
}
