import MailCore
import MailDirectory
import Testing

struct AddressResolutionTests {
    @Test("A user's mail goes into the mailbox, that of a discarding domain nowhere")
    func ends() throws {
        let directory = try exampleDirectory()
        guard case .mailbox(let mailbox) = directory.resolve(try address("bob+x@example.org")) else {
            Issue.record("bob has a mailbox")
            return
        }
        #expect(mailbox.delivery == .maildir(folder: "/mail/example.org/bob"))
        #expect(directory.resolve(try address("bin@void.example")) == .discard)
        #expect(directory.resolve(try address("zed@example.org")) == .unknown)
        #expect(directory.resolve(try address("zed@example.com")) == .notLocal)
    }

    @Test("Catch-all and postmaster reach a local mailbox in one step")
    func shortWay() throws {
        let directory = try exampleDirectory()
        guard case .mailbox(let mailbox) = directory.resolve(try address("zed@example.net")) else {
            Issue.record("the catch-all has a mailbox")
            return
        }
        #expect(mailbox.address == (try address("ann@example.net")))
        #expect(try expansion(of: "postmaster@example.org", in: directory) == ["Ann@example.org"])
    }

    @Test("Aliases are followed to their ends; an end that nobody has stays, so that it is reported by its own name")
    func transitive() throws {
        let directory = try exampleDirectory(aliases: [
            "all@example.org": ["sales@example.org", "bob@example.org"],
            "sales@example.org": ["ann+sales@example.org", "zoe@example.com", "nobody@example.org"],
        ])
        #expect(
            try expansion(of: "all@example.org", in: directory)
                == ["bob@example.org", "ann+sales@example.org", "zoe@example.com", "nobody@example.org"])
    }

    @Test("Whoever is named twice gets one copy; only local names are the same in any case")
    func duplicates() throws {
        let directory = try exampleDirectory(aliases: [
            "all@example.org": [
                "ann@example.org", "ANN@example.org", "x@example.com", "X@example.com", "x@EXAMPLE.com",
            ]
        ])
        #expect(
            try expansion(of: "all@example.org", in: directory)
                == ["ann@example.org", "x@example.com", "X@example.com"])
    }

    @Test("A circle is followed once, and is an error only if it leads nowhere")
    func circles() throws {
        let directory = try exampleDirectory(aliases: [
            "a@example.org": ["b@example.org"], "b@example.org": ["A@example.org"],
            "c@example.org": ["d@example.org"], "d@example.org": ["c@example.org", "bob@example.org"],
        ])
        #expect(directory.resolve(try address("a@example.org")) == .tooManyExpansions)
        #expect(try expansion(of: "c@example.org", in: directory) == ["bob@example.org"])
    }

    @Test("A list's members get its owner as reverse path, and so does an alias among them; the innermost list counts")
    func lists() throws {
        let inner = MailingList(
            try address("desk@example.org"), members: [try address("zoe@example.com")],
            owner: try address("boss@example.com"))
        let outer = MailingList(
            try address("staff@example.org"),
            members: try ["bob@example.org", "desk@example.org", "sales@example.org"].map(address))
        let directory = try exampleDirectory(
            aliases: ["sales@example.org": ["ann@example.org"]], lists: [inner, outer])
        let owner = ReversePath.mailbox(try address("staff-owner@example.org"))
        #expect(
            directory.resolve(try address("staff@example.org"))
                == .expand([
                    ExpandedRecipient(try address("bob@example.org"), reversePath: owner),
                    ExpandedRecipient(
                        try address("zoe@example.com"), reversePath: .mailbox(try address("boss@example.com"))),
                    ExpandedRecipient(try address("ann@example.org"), reversePath: owner),
                ]))
    }

    @Test("A list's owner address exists: it leads to the owner, or to the postmaster")
    func listOwner() throws {
        let list = MailingList(try address("staff@example.org"), members: [try address("bob@example.org")])
        let directory = try exampleDirectory(lists: [list])
        #expect(try expansion(of: "staff-owner@example.org", in: directory) == ["Ann@example.org"])
    }

    /// Ten thousand million ways lead there: whoever went them all would not come to an end.
    @Test("Of ten aliases of ten, ten deep, every name is followed once")
    func explosion() throws {
        var aliases: [String: [String]] = [:]
        for level in 0..<10 {
            let below = (0..<10).map { level == 9 ? "end\($0)@example.com" : "a\(level + 1)x\($0)@example.org" }
            for index in 0..<10 { aliases["a\(level)x\(index)@example.org"] = below }
        }
        let directory = try exampleDirectory(aliases: aliases)
        let ends = try expansion(of: "a0x0@example.org", in: directory)
        #expect(ends == (0..<10).map { "end\($0)@example.com" })
    }

    @Test("A chain of twenty aliases is followed, a longer one is refused")
    func depth() throws {
        func chain(of length: Int) throws -> AddressDirectory {
            var aliases: [String: [String]] = [:]
            for index in 0..<length { aliases["a\(index)@example.org"] = ["a\(index + 1)@example.org"] }
            return try exampleDirectory(aliases: aliases)
        }
        #expect(try expansion(of: "a0@example.org", in: chain(of: 20)) == ["a20@example.org"])
        #expect(try chain(of: 21).resolve(try address("a0@example.org")) == .tooManyExpansions)
    }

    @Test("A thousand aliases are opened for one recipient, no more")
    func width() throws {
        func fan(of width: Int) throws -> AddressDirectory {
            var aliases = ["all@example.org": (0..<width).map { "a\($0)@example.org" }]
            for index in 0..<width { aliases["a\(index)@example.org"] = ["bob@example.org"] }
            return try exampleDirectory(aliases: aliases)
        }
        #expect(try expansion(of: "all@example.org", in: fan(of: 999)) == ["bob@example.org"])
        #expect(try fan(of: 1_000).resolve(try address("all@example.org")) == .tooManyExpansions)
    }
}
