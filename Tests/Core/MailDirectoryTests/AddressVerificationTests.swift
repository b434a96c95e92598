import MailCore
import MailDirectory
import Testing

struct AddressVerificationTests {
    private func directory() throws -> AddressDirectory {
        try exampleDirectory(
            aliases: ["sales@example.org": ["bob@example.org"]],
            lists: [
                MailingList(
                    try address("staff@example.org"), members: try ["bob@example.org", "zoe@example.com"].map(address))
            ])
    }

    @Test("A name alone is looked for in every local domain; a single hit gives the full mailbox")
    func nameAlone() throws {
        #expect(try directory().verify("BOB") == .known(try address("bob@example.org")))
        #expect(try directory().verify("staff") == .known(try address("staff@example.org")))
        #expect(
            try directory().verify("sales")
                == .alias(try address("sales@example.org"), to: [try address("bob@example.org")]))
    }

    @Test("A name that several domains have is ambiguous")
    func ambiguous() throws {
        #expect(
            try directory().verify("ann")
                == .ambiguous([try address("ann@example.org"), try address("ann@example.net")]))
    }

    @Test("A catch-all makes no name known, but mail for it would be tried")
    func catchAll() throws {
        #expect(try directory().verify("zed") == .unknown)
        #expect(try directory().verify("zed@example.net") == .wouldBeTried(try address("zed@example.net")))
    }

    @Test("An address is answered for itself, with or without brackets")
    func addresses() throws {
        #expect(try directory().verify("<ann+x@example.org>") == .known(try address("Ann@example.org")))
        #expect(try directory().verify("zed@example.org") == .unknown)
        #expect(try directory().verify("zed@example.com") == .notLocal(try address("zed@example.com")))
        #expect(
            try directory().verify("postmaster")
                == .alias(try address("postmaster@example.org"), to: [try address("Ann@example.org")]))
    }

    @Test(
        "What is neither name nor address is malformed", arguments: ["", "ann smith", "ann@", "@example.org", "a..b"])
    func malformed(argument: String) throws {
        guard case .malformed = try directory().verify(argument) else {
            Issue.record("\(argument) was taken")
            return
        }
        guard case .malformed = try directory().verifyList(argument) else {
            Issue.record("\(argument) was taken")
            return
        }
    }

    @Test("EXPN gives a list's members in their order, and knows lists only")
    func lists() throws {
        let members = ListVerification.members(
            of: try address("staff@example.org"), try ["bob@example.org", "zoe@example.com"].map(address))
        #expect(try directory().verifyList("Staff") == members)
        #expect(try directory().verifyList("staff@example.org") == members)
        #expect(try directory().verifyList("bob") == .unknown)
        #expect(try directory().verifyList("sales@example.org") == .unknown)
    }
}
